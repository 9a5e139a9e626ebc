"""Parts of an answer that come in pieces, each with an index: which part a piece belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..stream_chunk.base import BaseStreamChunk
from .minting import Minting

Data = dict[str, Any]
Chunks = list[BaseStreamChunk]


class Part:
    """One part of an answer while it arrives. It may still be given pieces after its stop."""

    def stop(self, out: Chunks) -> None:
        """Add what the vendor's end of the part completes."""

    def cut(self, out: Chunks) -> None:
        """Add what has come of the part when the stream breaks off."""


_Kind = TypeVar("_Kind", bound=Part)


class IndexedParts:
    """Opens parts and ends them. A piece without a part of its kind opens one: servers leave starts out.

    Args:
        minting: Makes ids.
    """

    def __init__(self, minting: Minting) -> None:
        self._minting = minting
        self._parts: dict[int, Part] = {}
        self._latest = -1
        self._free = 0
        self._ids: set[str] = set()

    def stop_all(self, out: Chunks) -> None:
        """The answer, or this part of it, has ended: stop what is open."""
        for index in sorted(self._parts):
            self._parts[index].stop(out)

    def cut_all(self, out: Chunks) -> None:
        """The answer broke off: tell what has come of the parts that are open."""
        for index in sorted(self._parts):
            self._parts[index].cut(out)

    def _at(self, index: int | None) -> Part | None:
        """Return the part at *index*; what has none belongs to the latest."""
        return self._parts.get(self._latest if index is None else index)

    def _of_kind(self, index: int | None, kind: type[_Kind], make: Callable[[], _Kind], out: Chunks) -> _Kind:
        part = self._at(index)
        return part if isinstance(part, kind) else self._open(index, make, out)

    def _open(self, index: int | None, make: Callable[[], _Kind], out: Chunks) -> _Kind:
        index = self._place(index, out)
        part = self._parts[index] = make()
        return part

    def _place(self, index: int | None, out: Chunks) -> int:
        """Return where a part begins: at *index*, where the part that was there is over, or after all others."""
        self._latest = self._free if index is None else index
        self._free = max(self._free, self._latest + 1)
        if self._latest in self._parts:
            self._parts[self._latest].stop(out)
        return self._latest

    def _unique(self, call_id: str) -> str:
        """Return the id of a call; a made-up one where it has none, or one that another call has."""
        while not call_id or call_id in self._ids:
            call_id = self._minting.another("call")
        self._ids.add(call_id)
        return call_id
