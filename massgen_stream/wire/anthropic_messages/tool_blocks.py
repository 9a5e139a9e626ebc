"""Calls: of the client's tools, and of tools that the vendor runs itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from ...errors import MalformedEvent
from ...stream_chunk.call_arguments import settled_call
from ...stream_chunk.jsonform import text_form
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..json_value import finite, parse
from .block import Block, Chunks, own_data
from .fields import Data, block_text, unusable_block

_OWN: Final = frozenset(("type", "id", "name", "input"))


def arguments_text(value: Any) -> str:
    """Return what a block's `input` holds, as text; empty for what stands there until the deltas come."""
    if value is None or value == {}:
        return ""
    return value if isinstance(value, str) else json.dumps(finite(value), ensure_ascii=False, separators=(",", ":"))


def call_input(block: Data) -> str:
    """Return the arguments in the start of a client's call.

    Raises:
        UnusableField: `input` is neither an object nor text.
    """
    value = block.get("input")
    if value is not None and not isinstance(value, dict | str):
        raise unusable_block("tool_use", "input", value)
    return arguments_text(value)


class CallBlock(Block):
    """A call of one of the client's tools.

    Args:
        identify: Returns its id, unique in the response; called once the block is known to be usable.
        block: The start of the block.
        out: Gets the chunk that announces the call.

    Raises:
        UnusableField: Name or arguments cannot be used.
    """

    def __init__(self, identify: Callable[[], str], block: Data, out: Chunks) -> None:
        self._name, self._given = block_text(block, "tool_use", "name"), call_input(block)
        self.call_id = identify()
        self._pieces: list[str] = []
        self._data: Data = {}
        self.keep(block)
        out.append(self._delta("", name=self._name or None))

    def keep(self, block: Data) -> None:
        """Keep what else the vendor says of the call, such as who called it."""
        known = {name: finite(value) for name, value in block.items() if name not in _OWN}
        self._data |= {name: value for name, value in known.items() if value is not None}

    def add(self, piece: str, out: Chunks) -> None:
        """Add a piece of the arguments."""
        if piece:
            self._pieces.append(piece)
            out.append(self._delta(piece))

    def stop(self, out: Chunks) -> None:
        """Take the arguments of the start, if no others came."""
        if self._given and not self._pieces:
            self.add(self._given, out)

    def final(self, *, whole: bool) -> Data:
        """Return the complete call; *whole* tells that the vendor finished it."""
        call: Data = {
            "id": self.call_id, "name": self._name, "arguments": "".join(self._pieces), "kind": "function",
        }  # fmt: skip
        call = settled_call(call, whole=whole)
        return call | {"provider_data": own_data(**self._data)} if self._data else call

    def _delta(self, piece: str, name: str | None = None) -> TextStreamChunk:
        return TextStreamChunk(
            type=ChunkType.TOOL_CALL_DELTA, tool_call_id=self.call_id, arguments_delta=piece, tool_name=name
        )


class ServerCallBlock(Block):
    """A call that the vendor runs: its chunks have the whole block as it must go back.

    Args:
        block: The start of the block, with usable `id` and `name`.
        out: Gets the chunk that announces the call.
    """

    def __init__(self, block: Data, out: Chunks) -> None:
        self._block: Data = finite(block)
        self.call_id, self.name = str(block["id"]), str(block["name"])
        self._pieces: list[str] = []
        self._stopped = False
        out.append(self._chunk(status="in_progress", provider_data=own_data(block=self._block)))

    def add(self, piece: str) -> None:
        """Add a piece of the arguments; after the end of the block it comes too late."""
        if not self._stopped:
            self._pieces.append(piece)

    def stop(self, out: Chunks) -> None:
        """Tell the arguments."""
        if self._stopped:
            return
        self._stopped = True
        arguments = self._joined() or arguments_text(self._block.get("input")) or "{}"
        self._pieces.clear()
        block = self._block | _parsed(arguments)
        out.append(self._chunk(arguments=arguments, status="in_progress", provider_data=own_data(block=block)))

    def cut(self, out: Chunks) -> None:
        """Tell the arguments so far."""
        arguments = self._joined()
        if arguments and not self._stopped:
            out.append(self._chunk(arguments=arguments, status="incomplete"))

    def ended(self, *, failed: bool, out: Chunks) -> None:
        """Tell that the result has come."""
        self.stop(out)
        out.append(self._chunk(status="failed" if failed else "completed"))

    def _joined(self) -> str:
        return text_form("".join(self._pieces))

    def _chunk(self, **fields: Any) -> TextStreamChunk:
        return TextStreamChunk(
            type=ChunkType.SERVER_TOOL_CALL, tool_call_id=self.call_id, tool_name=self.name, **fields
        )


def _parsed(arguments: str) -> Data:
    """The `input` for the next request; what is no object leaves the one of the start in place."""
    try:
        value = finite(parse(arguments.encode("utf-8", "surrogatepass")))
    except MalformedEvent:
        return {}
    return {"input": value} if isinstance(value, dict) else {}
