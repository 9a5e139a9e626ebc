"""JSON forms as JSON text, and back: all that JSON has (lone surrogates, integers of any size), and no NaN."""

from __future__ import annotations

import json
import math
from typing import Any, Final, NoReturn

import msgspec

from ..errors import MalformedChunk, excerpt

_ENCODE: Final = msgspec.json.Encoder().encode


def text_of_form(form: Any) -> bytes:
    """Return *form*, made by `to_form`, as UTF-8."""
    try:
        return _ENCODE(form)
    except UnicodeEncodeError:  # a lone surrogate: only an escape can hold it
        return json.dumps(form, separators=(",", ":")).encode("ascii")


def form_of_text(data: bytes) -> Any:
    """Return what the JSON text *data* holds. Like `json.loads`, it takes surrogates in UTF-8 for what they are.

    Raises:
        MalformedChunk: *data* is not JSON.
    """
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"), parse_constant=_refuse, parse_float=_finite)
    except ValueError as problem:
        raise MalformedChunk(excerpt(problem), data) from None
    except RecursionError:
        raise MalformedChunk("nested too deeply", data) from None


def _refuse(name: str) -> NoReturn:
    raise MalformedChunk(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise MalformedChunk("a number too large for a float", digits)
    return number
