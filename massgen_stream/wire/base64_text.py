"""Base64 inside text, where a server sends it so; other fields of it are decoded with their event."""

from __future__ import annotations

from binascii import a2b_base64
from io import BytesIO
from typing import Final

from msgspec import ValidationError, convert

from .faults import UnusableField

_STANDARD: Final = frozenset("+/")
_URL_SAFE: Final = str.maketrans("-_", "+/")
_BLOCK: Final = 2**16
"""Characters decoded at once: a large medium is copied once, and in pieces that the processor's cache holds."""


def base64_bytes(text: str, path: str, sample: str = "?", *, start: int = 0) -> bytes:
    """Return the bytes of base64; missing padding is added, white space left out, the URL-safe alphabet read too.

    Google's JSON may have either alphabet, with padding or without (https://protobuf.dev/programming-guides/json).

    Args:
        text: What should be base64, from *start* on.
        path: Where it was found.
        sample: A value at *path* that is not base64 either.
        start: Where it begins.

    Raises:
        UnusableField: It is not base64.
    """
    try:
        return _in_blocks(text, start)
    except (ValidationError, UnicodeEncodeError):
        joined = "".join(text[start:].split())
    if not _STANDARD & set(joined):
        joined = joined.translate(_URL_SAFE)
    try:
        return a2b_base64(joined + "=" * (-len(joined) % 4), strict_mode=True)
    except ValueError:
        raise UnusableField(path, "is not base64", sample) from None


def _in_blocks(text: str, start: int) -> bytes:
    if len(text) - start <= _BLOCK:
        return convert(text[start:], bytes)  # faster than binascii
    whole = BytesIO()
    for place in range(start, len(text), _BLOCK):
        block = convert(text[place : place + _BLOCK], bytes)
        if len(block) * 4 != _BLOCK * 3 and place + _BLOCK < len(text):
            raise ValidationError("padding before the end")
        whole.write(block)
    return whole.getvalue()
