"""Texts that come in deltas and then once more as a whole: what has come, and whether a final agrees with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .message_parts import Pieces

Item = str | None
Index = int | None


class Settled(NamedTuple):
    """What a final comes to.

    Attributes:
        text: Its text, which the deltas concatenate to.
        delta: What it adds to them; empty if nothing.
        contradicts: Whether it said something else: the deltas stand.
    """

    text: str
    delta: str = ""
    contradicts: bool = False


class _ItemText:
    """The text of one item, as a whole and by part."""

    __slots__ = ("open", "parts", "whole")

    def __init__(self) -> None:
        self.whole = Pieces()
        self.parts: dict[Index, Pieces] = {}
        self.open: dict[Index, Pieces] = {}

    def add(self, index: Index, text: str) -> None:
        self.whole.append(text)
        self.parts.setdefault(index, Pieces()).append(text)
        self.open.setdefault(index, Pieces()).append(text)

    def since(self, index: Index) -> str:
        """Return what has come since the last final of that part; without *index* of all parts."""
        if index is None:
            return "".join(pieces.join() for pieces in self.open.values())
        found = self.open.get(index) or self.open.get(None)
        return found.join() if found else ""

    def close(self, index: Index) -> None:
        if index is None:
            self.open.clear()
        else:
            self.open.pop(index if index in self.open else None, None)


class FinalTexts:
    """The deltas of one kind of text in one turn, by item and part of it."""

    def __init__(self) -> None:
        self._items: dict[Item, _ItemText] = {}

    def add(self, item: Item, index: Index, text: str) -> None:
        """Take a delta."""
        known = self._items.get(item)
        if known is None:
            known = self._items[item] = _ItemText()
        known.add(index, text)

    def settle(self, item: Item, index: Index, text: str) -> Settled:
        """Return what a final with *text* comes to: see `Settled`.

        It may be the text since the last final, the whole text of the item, or go on from either. Text without an item
        may also be new after a final.
        """
        known = self._items.get(item) or _ItemText()
        since = known.since(index)
        whole = (known.whole if index is None else known.parts.get(index, Pieces())).join()
        if text in (since, whole) or not (since or whole):
            return Settled(text, "" if since or whole else text)
        for start in (since, whole) if item is None else (whole, since):
            rest = continuation(start, text) if start else None
            if rest is not None:
                return Settled(text, rest)
        if item is None and not since:
            return Settled(text, text)
        return Settled(since or whole, contradicts=True)

    def close(self, item: Item, index: Index) -> None:
        """A final has come."""
        known = self._items.get(item)
        if known is not None:
            known.close(index)

    def open(self) -> Iterator[tuple[Item, Index, str]]:
        """Return item, part and text of everything that has no final yet."""
        for item, known in self._items.items():
            for index, pieces in known.open.items():
                if pieces.join():
                    yield item, index, pieces.join()


def continuation(start: str, text: str) -> str | None:
    """Return what *text* adds to *start*, None if it does not begin with it."""
    before, after = _units(start), _units(text)
    return after[len(before) :].decode("utf-16-le", "surrogatepass") if after.startswith(before) else None


def same(first: str, second: str) -> bool:
    """Return whether two texts are the same to JSON, which joins a pair of surrogates."""
    return first == second or _units(first) == _units(second)


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
