"""Calls of the client's tools while their pieces arrive. The output index tells them apart: ids change, or are late."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.call_arguments import settled_call
from ...stream_chunk.final_texts import continuation
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from .events import CALL_CONTRADICTION, CALL_EVENTS, CALL_ITEMS, PROTOCOL
from .faults import Origin
from .metadata import word_at
from .texts import contradiction

Data = dict[str, Any]
Chunks = list[BaseStreamChunk]
_OWN: Final = frozenset(("type", "call_id", "name", "arguments", "input", "status"))
"""What a call says of itself in our form; the rest of its item goes back as it came."""


class CallItem:
    """One call: what is known of it so far.

    Args:
        kind: ``function`` or ``custom``.
        name_id: Makes the id of the call, given that of the vendor.

    Attributes:
        id: Its id, once it has been announced.
        called: Whether it is complete and valid.
    """

    __slots__ = ("_contradicted", "_ended", "_kind", "_name", "_name_id", "_pieces", "_vendor_id", "called", "id")

    def __init__(self, kind: str, name_id: Callable[[str | None], str]) -> None:
        self._kind, self._name_id = kind, name_id
        self.id = self._name = ""
        self._vendor_id: str | None = None
        self._pieces: list[str] = []
        self._ended = self._contradicted = self.called = False

    def begin(self, item: Data, origin: Origin, out: Chunks) -> None:
        """Take kind, id and name; the call is announced when it has a name."""
        name = origin.text(item, "name")
        self._kind = CALL_ITEMS.get(str(item.get("type")), self._kind)
        self._vendor_id = self._vendor_id or word_at(item, "call_id") or word_at(item, "id")
        if name and not self.id and not self._ended:
            self._announce(name, out)

    def add(self, piece: str, out: Chunks) -> None:
        """Take a piece of the arguments."""
        if self._ended or not piece:
            return
        self._pieces.append(piece)
        if self.id:
            out.append(self._delta(piece))

    def settle(self, doc: Data, origin: Origin, out: Chunks) -> None:
        """Take the whole arguments: add what they add, or tell that they contradict the pieces."""
        arguments = doc.get(CALL_EVENTS[self._kind].field)
        if isinstance(arguments, dict):
            arguments = json.dumps(arguments, ensure_ascii=False, separators=(",", ":"))
        elif arguments is not None and not isinstance(arguments, str):
            raise origin.unusable(CALL_EVENTS[self._kind].field, arguments)
        if not arguments or self._ended or self._contradicted:
            return
        rest = continuation(self._arguments(), arguments)
        if rest is None and self.id:
            self._contradicted = True
            out.append(contradiction(CALL_CONTRADICTION, self.id))
        else:
            self.add(rest or "", out)

    def finish(self, item: Data, origin: Origin, out: Chunks) -> None:
        """Take the whole item."""
        if self._ended:
            return
        self.begin(item, origin, out)
        self.settle(item, origin, out)
        rest = {name: value for name, value in item.items() if name not in _OWN}
        self._end(out, whole=item.get("status") != "incomplete", rest=rest)

    def end(self, out: Chunks, *, whole: bool) -> None:
        """The stream has ended; *whole* tells that it ended well."""
        if not self._ended:
            self._end(out, whole=whole, rest={})

    def _end(self, out: Chunks, *, whole: bool, rest: Data) -> None:
        if not self.id:
            self._announce("", out)
        call: Data = {"id": self.id, "name": self._name, "arguments": self._arguments(), "kind": self._kind}
        call = settled_call(call, whole=whole)
        if rest:
            call["provider_data"] = {PROTOCOL: {"item": rest}}
        self._ended, self._pieces, self.called = True, [], "invalid" not in call
        out.append(TextStreamChunk(type=ChunkType.TOOL_CALLS, tool_calls=[call]))

    def _announce(self, name: str, out: Chunks) -> None:
        self.id, self._name = self._name_id(self._vendor_id), name
        out.append(self._delta("", name or None))
        if self._pieces:
            out.append(self._delta(self._arguments()))

    def _arguments(self) -> str:
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def _delta(self, piece: str, name: str | None = None) -> TextStreamChunk:
        return TextStreamChunk(
            type=ChunkType.TOOL_CALL_DELTA, tool_call_id=self.id, arguments_delta=piece, tool_name=name
        )
