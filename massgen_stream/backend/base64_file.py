"""Base64 that is read like a file: only the places that are asked for are decoded."""

from __future__ import annotations

from base64 import b64decode
from typing import Final

_CHARACTERS: Final = 4
_BYTES: Final = 3
"""So many of one are so many of the other (https://www.rfc-editor.org/rfc/rfc4648#section-4)."""


class Base64File:
    """Reads the bytes that base64 stands for.

    Args:
        text: Base64 without white space.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0

    def seek(self, place: int, /) -> None:
        """Go to a place, counted in bytes from the beginning."""
        self._place = place

    def read(self, count: int, /) -> bytes:
        """Return the next bytes, fewer only at the end.

        Raises:
            ValueError: What stands there is not base64.
        """
        start, skipped = divmod(self._place, _BYTES)
        end = -(-(self._place + count) // _BYTES)
        found = b64decode(self._text[start * _CHARACTERS : end * _CHARACTERS])[skipped : skipped + count]
        self._place += len(found)
        return found
