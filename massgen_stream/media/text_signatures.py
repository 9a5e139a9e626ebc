"""What a text is, by its beginning: a page, a picture in XML, data, or plain text."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from typing import Final

_HTML: Final = re.compile(
    r"<(?:!doctype\s+html|html|head|body|script|title|meta|style|table|div|iframe|h1|p|a|br)[\s>/]|<!doctype html$",
    re.IGNORECASE,
)
"""Tags that a page begins with (https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type)."""
_PROLOGUE: Final = re.compile(
    r"(?:\s+|<!--.*?-->|<\?xml.*?\?>|<!doctype(?!\s+html)[^>\[]*(?:\[.*?\])?>)*", re.DOTALL | re.IGNORECASE
)
_SVG: Final = re.compile(r"<(?:\w+:)?svg[\s>/]", re.IGNORECASE)
_JSON: Final = re.compile(r'\{\s*["}]|\[\s*[\[{"]')
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
"""What text does not hold, but for tab, line ends, form feed and escape (the WHATWG's binary data bytes)."""
_LONGEST: Final = 4096


def type_of_text(head: bytes) -> str | None:
    """Return the MIME type of a text by its beginning; None when it is no text."""
    text = _text(head[:_LONGEST])
    if text is None:
        return None
    stripped = text.lstrip()
    start = _PROLOGUE.match(stripped)
    body = stripped[start.end() :] if start else stripped
    if _SVG.match(body):
        return "image/svg+xml"
    if _HTML.match(body):
        return "text/html"
    if stripped.startswith("<?xml"):
        return "application/xml"
    if stripped.startswith("#EXTM3U"):
        return "application/vnd.apple.mpegurl"
    return "application/json" if _JSON.match(body) else "text/plain"


def _text(head: bytes) -> str | None:
    """Return *head* as text, cut between characters; None when it is none."""
    encoding = "utf-16" if head.startswith((BOM_UTF16_BE, BOM_UTF16_LE)) else "utf-8"
    try:
        text = getincrementaldecoder(encoding)().decode(head.removeprefix(BOM_UTF8))
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text
