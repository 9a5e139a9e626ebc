"""Text that has been said, remembered without keeping it: enough to tell what a final adds."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

_PIECES: Final = 64
"""Pieces are joined in groups of this many: a digest for each would cost as much as decoding its event."""
_LONG: Final = 4096


class TextMark:
    """The text of one part so far.

    Attributes:
        characters: Code points so far.
        settled: Whether a final has come since the last piece.
    """

    __slots__ = ("_digest", "_pieces", "_units", "characters", "settled")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._digest = sha256()
        self._units = self.characters = 0
        self.settled = False

    def add(self, piece: str) -> None:
        """Append *piece*."""
        self.settled = False
        self._pieces.append(piece)
        if len(self._pieces) >= _PIECES or len(piece) > _LONG:
            self._join()

    def length(self) -> int:
        """Return the number of code points so far."""
        self._join()
        return self.characters

    def rest_of(self, final: str) -> str | None:
        """Return what *final* adds to the text, None if it contradicts it."""
        self._join()
        units = _units(final)
        if sha256(units[: self._units]).digest() != self._digest.digest():
            return None
        return units[self._units :].decode("utf-16-le", "surrogatepass")

    def _join(self) -> None:
        if self._pieces:
            text = "".join(self._pieces)
            self._pieces = []
            units = _units(text)
            self._units += len(units)
            self.characters += len(text)
            self._digest.update(units)


def _units(text: str) -> bytes:
    # UTF-16, since a pair of surrogates and its character are one and the same to JSON
    return text.encode("utf-16-le", "surrogatepass")
