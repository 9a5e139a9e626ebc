"""Reads values that may be anything: a chunk's constructor checks names only, and a verifier must not stumble."""

from __future__ import annotations

from math import inf
from typing import Any, Final

from ..errors import excerpt

Item = str | int | None
"""What names an item, a call, a medium or a source."""
_PLAIN_INTEGER_BITS: Final = 64


def text_of(value: object) -> str:
    """Return *value* if it is text, else nothing."""
    return value if isinstance(value, str) else ""


def key_of(value: object) -> Item:
    """Return *value* if it can name an item, else None."""
    return value if isinstance(value, str | int) else None


def number_of(value: object) -> float | None:
    """Return *value* if it is a finite number, else None."""
    return value if isinstance(value, int | float) and -inf < value < inf else None


def dicts_in(value: object) -> list[dict[str, Any]]:
    """Return the dictionaries of *value* if it is a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list | tuple) else []


def shown(value: object) -> str:
    """Return *value* for a message: short, on one line, whatever it is."""
    if isinstance(value, str):
        return repr(excerpt(value))
    if isinstance(value, int) and value.bit_length() > _PLAIN_INTEGER_BITS:  # str() refuses the largest ones
        return "a huge integer"
    return str(value) if value is None or isinstance(value, int | float) else type(value).__name__
