"""Text that is compared with its deltas without being kept: length and digest of what has come so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from hashlib import sha256


class RunningText:
    """The concatenation of pieces of text.

    Attributes:
        length: UTF-16 units so far.
    """

    __slots__ = ("_digest", "length")

    def __init__(self) -> None:
        self._digest = sha256()
        self.length = 0

    def add(self, text: str) -> None:
        """Append *text*."""
        units = _units(text)
        self.length += len(units) // 2
        self._digest.update(units)

    def equals(self, texts: Iterable[str]) -> bool:
        """Return whether *texts* concatenate to the pieces."""
        other = RunningText()
        for text in texts:
            other.add(text)
        return self.length == other.length and self._digest.digest() == other._digest.digest()


class ItemTexts:
    """The pieces of text of one turn: as a whole, and apart for each item."""

    __slots__ = ("_items", "whole")

    def __init__(self) -> None:
        self.whole = RunningText()
        self._items: defaultdict[Hashable, RunningText] = defaultdict(RunningText)

    def add(self, item: Hashable, text: str) -> None:
        """Append *text* of *item*."""
        self.whole.add(text)
        self._items[item].add(text)

    def item(self, item: Hashable) -> RunningText:
        """Return the text of *item*."""
        return self._items[item]

    def equals(self, parts: Iterable[tuple[Hashable, str]]) -> bool:
        """Return whether *parts*, each an item and its text, hold the pieces: in one order, or item by item."""
        by_item: dict[Hashable, list[str]] = {}
        texts: list[str] = []
        for item, text in parts:
            texts.append(text)
            by_item.setdefault(item, []).append(text)
        if self.whole.equals(texts):
            return True
        filled = {item for item, text in self._items.items() if text.length}
        return filled <= by_item.keys() and all(self.item(item).equals(pieces) for item, pieces in by_item.items())


def _units(text: str) -> bytes:
    # UTF-16, since a pair of surrogates and its character are one and the same to JSON
    return text.encode("utf-16-le", "surrogatepass")
