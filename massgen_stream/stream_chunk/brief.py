"""Short texts for `repr`: no defaults, no media, nothing long, no query string that may hold a signature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from ..errors import EXCERPT_CHARACTERS, excerpt

_SHOWN_ITEMS = 8
_SHOWN_LEVELS = 6
_INTEGER_BITS = 256
"""Of the largest integer that is worth showing; Python refuses to print those of more than 4,300 digits."""


def brief_fields(chunk_type: object, fields: Mapping[str, Any]) -> str:
    """Return ``type='content', content='Hello'`` for the fields that are set."""
    shown = [f"type={str(chunk_type)!r}"]
    for name, value in fields.items():
        shown.append(f"{name}={_media(value, fields) if name == 'media_data' else brief(value)}")
    return ", ".join(shown)


def _media(data: Any, fields: Mapping[str, Any]) -> str:
    if isinstance(data, bytes | bytearray | memoryview):
        return f"<{len(data)} bytes>"
    if fields.get("media_encoding") in ("file_id", "file_path"):
        return repr(excerpt(data))
    if fields.get("media_encoding") == "url" and not str(data).startswith("data:"):
        return repr(excerpt(str(data).partition("?")[0]))
    return f"<{len(data)} characters>" if isinstance(data, str) else f"<{type(data).__name__}>"


def brief(value: Any, levels: int = _SHOWN_LEVELS) -> str:
    """Return a short text of *value*, without bytes, without long strings, and of *levels* of containers at most."""
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    if isinstance(value, str):
        text = str(value)
        return repr(text) if len(text) <= EXCERPT_CHARACTERS else f"{text[:EXCERPT_CHARACTERS]!r}…"
    if isinstance(value, dict):
        return "{" + ", ".join(_items(_pairs(value, levels - 1), len(value), levels)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_items((brief(item, levels - 1) for item in value), len(value), levels)) + "]"
    if isinstance(value, int) and value.bit_length() > _INTEGER_BITS:
        return "<huge integer>"
    return excerpt(repr(value))


def _pairs(value: dict[Any, Any], levels: int) -> Iterator[str]:
    return (f"{brief(key, levels)}: {brief(item, levels)}" for key, item in value.items())


def _items(texts: Iterator[str], length: int, levels: int) -> list[str]:
    shown = _SHOWN_ITEMS if levels > 0 else 0
    return list(islice(texts, shown)) + ["…"] * (length > shown)
