"""A body of which nobody has told the format: events and JSON show what they are, anything else is the text itself."""

from __future__ import annotations

import re
from typing import Final

from .subtitles import cues_of

_SKIPPED: Final = b" \t\r\n\xef\xbb\xbf"
"""Blank space and the bytes of a byte order mark."""
_OTHER: Final = b"{[<"
_FIELDS: Final = (b"data", b"event", b"id", b"retry")
_FIELD: Final = re.compile(rb"^(?:\xef\xbb\xbf)?[a-z]*:|[\r\n](?:data|event|id|retry)?:")
_LINE_END: Final = re.compile(rb"[\r\n]")


class UntoldBody:
    """Takes a body until it is known what it is.

    Laws:
        1. The answer depends on the bytes, not on where they are cut.
        2. A body with a field or a comment of an event stream at the beginning of a line is one, as is one that begins
           with any field, and one that a cut may have left within the name of a field.
    """

    __slots__ = ("_begun", "_kept", "_line")

    def __init__(self) -> None:
        self._kept = bytearray()
        self._line = 0  # where the last line begins
        self._begun = False  # something that is not blank has come

    def feed(self, data: bytes) -> bytes:
        """Take the next piece; return all pieces so far once they are known to be no text, until then nothing."""
        self._kept += data
        first = b"" if self._begun else data.lstrip(_SKIPPED)[:1]
        self._begun = self._begun or bool(first)
        if (first and first in _OTHER) or _FIELD.search(self._kept, max(self._line - 1, 0)):
            return bytes(self._kept)
        ends = [found.end() for found in _LINE_END.finditer(self._kept, self._line)]
        self._line = ends[-1] if ends else self._line
        return b""

    @property
    def size_bytes(self) -> int:
        """How much is kept."""
        return len(self._kept)

    def close(self) -> tuple[bytes, bool]:
        """Return what was kept, and whether it is text."""
        line = bytes(self._kept[self._line :])
        cut = bool(line) and any(name.startswith(line) for name in _FIELDS)
        return bytes(self._kept), self._begun and not cut


def format_of(text: str) -> str:
    """Return which of the formats that are no JSON a text is in."""
    if text.startswith("WEBVTT"):
        return "vtt"
    return "srt" if cues_of(text) else "text"
