"""Foreign text made safe for a terminal: nothing in it can move the cursor, set a title or paint over what was written.

A model, a tool or a vendor decides what the text is, so every control character but newline and tab is shown as a
picture (U+2400 …) instead of being obeyed; see https://www.unicode.org/charts/PDF/U2400.pdf.
"""

from __future__ import annotations

import re
from typing import Final

_REPLACEMENT: Final = 0xFFFD
_PICTURES: Final = (
    {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}
    | {0x7F: 0x2421}
    | dict.fromkeys(range(0x80, 0xA0), _REPLACEMENT)  # C1: 8-bit forms of escape sequences
)
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_WHITE_SPACE: Final = re.compile(r"\s+")


def neutral(text: str) -> str:
    """Return *text* with control characters as pictures, and surrogates joined to their character or replaced."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.translate(_PICTURES) if _CONTROL.search(text) else text


def one_line(text: str, limit: int | None = None) -> str:
    """Return *text* neutral and on one line, of at most *limit* characters (see `shortened`)."""
    return shortened(neutral(_WHITE_SPACE.sub(" ", text)).strip(), limit)


def shortened(text: str, limit: int | None) -> str:
    """Return *text*, or its beginning and ``…`` if it is longer than *limit* characters."""
    return text if limit is None or len(text) <= limit else text[: limit - 1] + "…"


class TextCleaner:
    """Neutralises text that arrives in pieces: a CRLF or a surrogate pair may be cut between two of them."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """Return what can be shown now."""
        text = self._held + piece
        self._held = text[-1:] if text and _waits(text[-1]) else ""
        return neutral(text[: len(text) - len(self._held)].replace("\r\n", "\n"))

    def close(self) -> str:
        """Return what was held back; the next piece starts afresh."""
        held, self._held = self._held, ""
        return neutral(held)


def _waits(character: str) -> bool:
    return character == "\r" or "\ud800" <= character <= "\udbff"
