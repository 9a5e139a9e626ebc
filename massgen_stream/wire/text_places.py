"""Places in a text: Google counts bytes of UTF-8, we count code points."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from typing import Final

_WIDE: Final = re.compile(r"[^\x00-\x7f]")
_MOST_WIDE: Final = 2**16
"""Characters beyond ASCII that are remembered; after more of them places are unknown, so that memory is bounded."""


class TextPlaces:
    """Translates places in a text that is not kept: only where its characters beyond ASCII stand."""

    __slots__ = ("_extra", "_places", "_size")

    def __init__(self) -> None:
        self._size = 0  # bytes so far
        self._places, self._extra = array("Q"), array("Q")
        # where each wide character begins, in bytes, and how many bytes more than characters there are after it

    def add(self, text: str) -> None:
        """Take the next piece of the text."""
        if text.isascii():
            self._size += len(text)
        elif len(self._places) <= _MOST_WIDE:
            self._add_wide(text)

    def code_points(self, place: int) -> int | None:
        """Return how many code points are before byte *place*; None when that is not known."""
        if len(self._places) > _MOST_WIDE:
            return None
        before = bisect_left(self._places, place)
        return place - (self._extra[before - 1] if before else 0)

    def _add_wide(self, text: str) -> None:
        extra = self._extra[-1] if self._extra else 0
        begin = self._size - extra  # of this piece, in code points
        for found in _WIDE.finditer(text):
            self._places.append(begin + found.start() + extra)
            extra += 1 if found[0] < "\u0800" else 2 if found[0] < "\U00010000" else 3
            self._extra.append(extra)
        self._size = begin + len(text) + extra
