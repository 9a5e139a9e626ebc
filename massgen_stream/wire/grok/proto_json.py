"""A protobuf message as its JSON form with the field names of the ``.proto`` file, read without importing protobuf.

https://protobuf.dev/programming-guides/json/: bytes are base64, enum values names (numbers where unknown), NaN and
infinity words, timestamps text. 64-bit integers stay numbers. Fields that are not set are left out.
"""

from __future__ import annotations

import math
from base64 import b64encode
from typing import Any, Final

Data = dict[str, Any]
_TIMESTAMP: Final = "google.protobuf.Timestamp"


def plain(message: Any) -> Data:
    """Return the fields of *message* that are set.

    Raises:
        AttributeError: It is no protobuf message.
        ValueError: A timestamp is out of range.
    """
    return {field.name: _plain(field, value) for field, value in message.ListFields()}


def _plain(field: Any, value: Any) -> Any:
    if isinstance(value, str | bytes | int | float):
        return _scalar(field, value)
    if field.message_type is not None and hasattr(value, "ListFields"):
        return value.ToJsonString() if field.message_type.full_name == _TIMESTAMP else plain(value)
    return [_plain(field, item) for item in value]


def _scalar(field: Any, value: str | float | bytes) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, float):
        return _number(value)
    if field.enum_type is None:
        return value
    known = field.enum_type.values_by_number.get(value)
    return value if known is None else known.name


def _number(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
