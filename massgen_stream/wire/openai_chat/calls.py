"""Calls of the client's tools while their pieces arrive.

Servers disagree on what tells calls apart, so identity is decided here and only here: the id; else the index, where a
new id on a used index is a new call (Ollama sends index 0 for every parallel call); else the call before. Peers that
merge by index alone join parallel calls, the most reported bug of the field.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from ...stream_chunk.call_arguments import is_json, settled_call
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.message_parts import merged_data
from ...stream_chunk.text import TextStreamChunk
from .events import Function, ToolCall

Data = dict[str, Any]
_LEGACY: Final = -1
"""The place of the deprecated `function_call`, of which there is one per choice; no index is negative."""


class Call:
    """One call: what is known of it so far."""

    __slots__ = ("data", "id", "kind", "name", "pieces", "vendor_id")

    def __init__(self, call_id: str, vendor_id: str | None) -> None:
        self.id, self.vendor_id = call_id, vendor_id
        self.name, self.kind = "", "function"
        self.pieces: list[str] = []
        self.data: list[Data] = []

    def arguments(self) -> str:
        """Return the arguments so far."""
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0] if self.pieces else ""

    def final(self, *, whole: bool) -> Data:
        """Return the complete call; *whole* tells that the vendor finished it."""
        call: Data = {"id": self.id, "name": self.name, "arguments": self.arguments(), "kind": self.kind}
        call = settled_call(call, whole=whole)
        data = merged_data({"openai.chat": piece} for piece in self.data)
        return call | {"provider_data": data} if data else call


class Calls:
    """The calls of one choice."""

    def __init__(self, choice_index: int | None, mint: Callable[[], str]) -> None:
        self._choice_index, self._mint = choice_index, mint
        self._calls: list[Call] = []
        self._by_id: dict[str, Call] = {}
        self._by_index: dict[int, Call] = {}

    def feed(self, piece: ToolCall) -> TextStreamChunk | None:
        """Take a piece of a call; return its delta, None when it adds nothing."""
        name, arguments = _said(piece)
        custom = piece.type == "custom" or piece.custom is not None
        vendor_id = _vendor_id(piece)
        if not (name or arguments or vendor_id or custom or piece.extra_content):
            return None
        return self._take(self._find(piece.index, vendor_id, name, arguments), piece, name, arguments, custom)

    def feed_legacy(self, function: Function) -> TextStreamChunk | None:
        """Take a piece of the deprecated `function_call`."""
        return self.feed(ToolCall(index=_LEGACY, function=function))

    def finals(self, *, whole: bool) -> list[Data]:
        """Return every call, complete; *whole* tells that the vendor finished the turn."""
        return [call.final(whole=whole) for call in self._calls]

    def _take(
        self, found: Call | None, piece: ToolCall, name: str, arguments: str, custom: bool
    ) -> TextStreamChunk | None:
        call = found or self._open(_vendor_id(piece))
        if piece.index is not None:
            self._by_index[piece.index] = call
        if custom:
            call.kind = "custom"
        if piece.extra_content:
            call.data.append({"extra_content": piece.extra_content})
        if arguments:
            call.pieces.append(arguments)
        named = bool(name) and not call.name  # a few servers repeat the name with every piece
        call.name = call.name or name
        if found is not None and not arguments and not named:
            return None
        return TextStreamChunk(
            type=ChunkType.TOOL_CALL_DELTA,
            tool_call_id=call.id,
            arguments_delta=arguments,
            tool_name=name if named else None,
            choice_index=self._choice_index,
        )

    def _find(self, index: int | None, vendor_id: str | None, name: str, arguments: str) -> Call | None:
        if vendor_id is not None and vendor_id in self._by_id:
            return self._by_id[vendor_id]
        last = self._calls[-1] if self._calls else None
        call = last if index is None else self._by_index.get(index)
        if call is None or _is_another(call, name, arguments):
            return None
        return call if vendor_id is None else self._adopt(call, vendor_id)

    def _adopt(self, call: Call, vendor_id: str) -> Call | None:
        """A new id on a known place is a new call, unless the call there waits for its id."""
        if call.vendor_id is not None:
            return None
        call.vendor_id = vendor_id
        self._by_id[vendor_id] = call
        return call

    def _open(self, vendor_id: str | None) -> Call:
        call_id = vendor_id or self._mint()
        while call_id in self._by_id:
            call_id = self._mint()
        call = self._by_id[call_id] = Call(call_id, vendor_id)
        self._calls.append(call)
        return call


def _vendor_id(piece: ToolCall) -> str | None:
    """The id, where there is one; Mistral has sent the word null."""
    return piece.id if piece.id and piece.id != "null" else None


def _said(piece: ToolCall) -> tuple[str, str]:
    if piece.custom is not None:
        return piece.custom.name or "", piece.custom.input or ""
    if piece.function is None:
        return "", ""
    arguments = piece.function.arguments
    if isinstance(arguments, dict):
        arguments = json.dumps(arguments, ensure_ascii=False, separators=(",", ":"))
    return piece.function.name or "", arguments or ""


def _is_another(call: Call, name: str, arguments: str) -> bool:
    """Whether a piece without a known id starts a call of its own: another name, or a name after complete arguments."""
    if not name or not call.name:
        return False
    return name != call.name or (arguments.startswith("{") and _is_object(call))


def _is_object(call: Call) -> bool:
    # looking at the last character first keeps the work linear where every piece repeats the name
    return bool(call.pieces) and call.pieces[-1].endswith("}") and is_json(call.arguments())
