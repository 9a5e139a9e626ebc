"""Calls and results on the wire."""

from __future__ import annotations

import json
from typing import Any

from ...stream_chunk.text import TextStreamChunk
from ..client_call import arguments_text
from .encoder_losses import UNSAID
from .encoder_steps import StepWriter, own_of
from .fields import Data
from .tool_names import CALLS, MCP, RESULTS, call_type, result_type


class ToolEncoder:
    """Says calls of both kinds and results of Google's tools.

    Args:
        writer: The steps of the answer.
        losses: Gets a line for each thing that cannot be said.

    Attributes:
        odd_id: Whether the next call has an id of an unusable type.
    """

    def __init__(self, writer: StepWriter, losses: list[str]) -> None:
        self._writer, self._losses = writer, losses
        self.odd_id = False

    def piece(self, chunk: TextStreamChunk) -> list[Data]:
        """Return the events for a `tool_call_delta`."""
        key = ("call", chunk.tool_call_id)
        events = [] if self._writer.has(key) else self._start(chunk.tool_call_id or "", chunk.tool_name or "")
        return [*events, *self._arguments(key, chunk.arguments_delta)]

    def rest(self, chunk: TextStreamChunk) -> list[Data]:
        """Return what a `tool_calls` chunk adds to the deltas: calls without any, and what else is known of a call.

        That belongs to the start of a step, which a stream has sent long before: it comes with a stop.
        """
        return [event for call in chunk.tool_calls or () for event in self._rest_of(call)]

    def server_call(self, chunk: TextStreamChunk) -> list[Data]:
        """Return the events for a `server_tool_call`; that its result has come, a reader sees from the result."""
        key = ("server", chunk.tool_call_id)
        step = _own_step(chunk, "id")
        if not self._writer.has(key):
            return self._writer.start(key, step or _made_call(chunk))
        if step and (arguments_text(step.get("arguments")) or None) == chunk.arguments:
            said = {name: value for name, value in step.items() if name != "id" and (name, value) != ("signature", "")}
            return [self._writer.delta(key, said)]
        events = self._arguments(key, chunk.arguments)
        return events if not events or chunk.status == "incomplete" else [*events, self._writer.stop(key)]

    def result(self, chunk: TextStreamChunk) -> list[Data] | None:
        """Return the events for a `tool_result`; None if it is not one of Google's tools."""
        step: Any = _own_step(chunk, "call_id")
        if step is None:
            if not self._writer.has(("server", chunk.tool_call_id)):
                return None
            step = _made_result(chunk)
        start = {name: value for name, value in step.items() if name != "result"}
        deltas = [{"type": step["type"], "result": step["result"]}] if "result" in step else []
        return self._writer.whole(("result", chunk.tool_call_id), start, *deltas)

    def _start(self, call_id: str, name: str) -> list[Data]:
        said, self.odd_id = (False if self.odd_id else call_id), False
        step: Data = {"type": "function_call", "id": said, "name": name, "arguments": {}}
        return self._writer.start(("call", call_id), step)

    def _rest_of(self, call: Data) -> list[Data]:
        key, more = ("call", call["id"]), own_of(call.get("provider_data"))
        if call.get("kind") == "custom":
            self._losses.append(f"tool_calls.kind custom: {UNSAID}")
        events: list[Data] = []
        if not self._writer.has(key):
            events = [*self._start(call["id"], call["name"]), *self._arguments(key, call["arguments"])]
        return [*events, self._writer.stop(key, step=more)] if more else events

    def _arguments(self, key: tuple[str, str | None], piece: str | None) -> list[Data]:
        return [self._writer.delta(key, {"type": "arguments_delta", "arguments": piece})] if piece else []


def _own_step(chunk: TextStreamChunk, id_name: str) -> Data | None:
    """Return the step that a reader of it makes the chunk of; None where it is not known."""
    step, types = own_of(chunk.provider_data).get("step"), CALLS if id_name == "id" else RESULTS
    known = isinstance(step, dict) and step.get("type") in types and step.get(id_name) == chunk.tool_call_id
    return step if known else None


def _made_call(chunk: TextStreamChunk) -> Data:
    """Return the step of a call of which Google's own is not known."""
    name = chunk.tool_name or "tool"
    step: Data = {"type": call_type(name), "id": chunk.tool_call_id, "arguments": _object(chunk.arguments)}
    return {**step, "name": name, "server_name": "server"} if step["type"].startswith(MCP) else step


def _made_result(chunk: TextStreamChunk) -> Data:
    """Return the step of a result of which Google's own is not known."""
    name = chunk.tool_name or "tool"
    step: Data = {"type": result_type(name), "call_id": chunk.tool_call_id, "result": chunk.content or ""}
    step |= {"name": name, "server_name": "server"} if step["type"].startswith(MCP) else {}
    return {**step, "is_error": True} if chunk.is_error else step


def _object(arguments: str | None) -> Any:
    try:
        value = json.loads(arguments or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
