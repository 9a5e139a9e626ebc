"""JSON as vendors write it: NaN and infinity occur, and lone surrogates."""

from __future__ import annotations

import json
import math
from typing import Any, Final

import msgspec

from ..errors import MalformedEvent
from ..stream_chunk.jsonform import text_form

_BOM: Final = b"\xef\xbb\xbf"
_DECODE: Final = msgspec.json.Decoder().decode


def parse(payload: bytes) -> Any:
    """Return the JSON value of *payload*; numbers may be NaN or infinite, strings may hold lone surrogates.

    Raises:
        MalformedEvent: It is not JSON, or nested more deeply than Python can read.
    """
    try:
        return _plain(json.loads(payload.removeprefix(_BOM).decode("utf-8", "surrogatepass")))
    except (ValueError, RecursionError):
        raise MalformedEvent("not JSON", payload) from None


def parse_fast(payload: bytes) -> Any:
    """Return what `parse` returns; large documents without oddities take a fraction of the time.

    Raises:
        MalformedEvent: It is not JSON.
    """
    try:
        return _DECODE(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return parse(payload)


def finite(value: Any) -> Any:
    """Return *value* itself if JSON can hold it, else a copy with null for each number that is NaN or infinite."""
    if is_finite(value):
        return value
    if isinstance(value, dict):
        return {name: finite(item) for name, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, list) else None


def is_finite(value: Any) -> bool:
    """Return whether no number in *value* is NaN or infinite."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(map(is_finite, value.values()))
    return not isinstance(value, list) or all(map(is_finite, value))


def _plain(value: Any) -> Any:
    """Join pairs of surrogates, which a server that encodes each half alone leaves apart."""
    if isinstance(value, str):
        return text_form(value)
    if isinstance(value, dict):
        return {text_form(name): _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
