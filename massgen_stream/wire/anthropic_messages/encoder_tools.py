"""Calls and results on the wire."""

from __future__ import annotations

from typing import Any

from ...stream_chunk.text import TextStreamChunk
from ..part_writer import Key
from .block import PROTOCOL
from .encoder_blocks import BlockWriter
from .encoder_losses import UNSAID
from .fields import Data
from .tool_results import RESULTS


def own_of(holder: Any) -> Data:
    """Return this protocol's part of some `provider_data`."""
    own = holder.get(PROTOCOL) if isinstance(holder, dict) else None
    return own if isinstance(own, dict) else {}


class ToolEncoder:
    """Says calls of both kinds and results of the vendor's tools.

    Args:
        writer: The blocks of the message.
        losses: Gets a line for each thing that cannot be said.

    Attributes:
        odd_id: Whether the next call has an id of an unusable type.
    """

    def __init__(self, writer: BlockWriter, losses: list[str]) -> None:
        self._writer, self._losses = writer, losses
        self._stopped: set[Key] = set()
        self.odd_id = False

    def piece(self, chunk: TextStreamChunk) -> list[Data]:
        """Return the events for a `tool_call_delta`."""
        key = ("call", chunk.tool_call_id)
        events = [] if self._writer.has(key) else self._start(chunk.tool_call_id or "", chunk.tool_name or "", {})
        return [*events, *self._arguments(key, chunk.arguments_delta)]

    def rest(self, chunk: TextStreamChunk) -> list[Data]:
        """Return what a `tool_calls` chunk adds to the deltas: calls without any, and who called.

        Who called belongs to the start of a block, which a stream has sent long before: it comes with a stop.
        """
        return [event for call in chunk.tool_calls or () for event in self._rest_of(call)]

    def server_call(self, chunk: TextStreamChunk) -> list[Data]:
        """Return the events for a `server_tool_call`; that its result has come, a reader sees from the result."""
        key, events = ("server", chunk.tool_call_id), list[Data]()
        if not self._writer.has(key):
            made: Data = {"type": "server_tool_use", "id": chunk.tool_call_id, "name": chunk.tool_name, "input": {}}
            events = self._writer.start(key, own_of(chunk.provider_data).get("block", made), stays_open=True)
        if chunk.arguments is not None and key not in self._stopped:
            events += self._arguments(key, chunk.arguments)
            if chunk.status != "incomplete":
                self._stopped.add(key)
                events.append(self._writer.stop(key))
        return events

    def result(self, chunk: TextStreamChunk) -> list[Data] | None:
        """Return the events for a `tool_result`; None if it is not one of the vendor's tools."""
        block = own_of(chunk.provider_data).get("block")
        if not isinstance(block, dict) or block.get("type") not in RESULTS:
            if not self._writer.has(("server", chunk.tool_call_id)):
                return None
            content = [{"type": "text", "text": chunk.content or ""}]
            block = {"type": "mcp_tool_result", "tool_use_id": chunk.tool_call_id, "content": content}
            block["is_error"] = bool(chunk.is_error)
        return self._writer.whole(("result", chunk.tool_call_id), block)

    def _start(self, call_id: str, name: str, more: Data) -> list[Data]:
        said, self.odd_id = (False if self.odd_id else call_id), False
        block = {"type": "tool_use", "id": said, "name": name, "input": {}, **more}
        return self._writer.start(("call", call_id), block)

    def _rest_of(self, call: Data) -> list[Data]:
        key, more = ("call", call["id"]), own_of(call.get("provider_data"))
        if call.get("kind") == "custom":
            self._losses.append(f"tool_calls.kind custom: {UNSAID}")
        if not self._writer.has(key):
            return [*self._start(call["id"], call["name"], more), *self._arguments(key, call["arguments"])]
        block = {"type": "tool_use", "id": call["id"], "name": call["name"], "input": {}, **more}
        return [self._writer.stop(key, content_block=block)] if more else []

    def _arguments(self, key: Key, piece: str | None) -> list[Data]:
        return [self._writer.delta(key, "input_json_delta", partial_json=piece)] if piece else []
