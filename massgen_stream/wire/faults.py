"""Fields that carry text, arguments or media and cannot be used: the event that holds one is malformed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..errors import MalformedEvent

DELTA: Final = "choices[].delta"
_LIST: Final = "[]"
_SAMPLES: Final[Mapping[str, Any]] = {"int": 0, "float": 0.5, "bool": True, "str": "?", "list": [], "dict": {}}
_PART_TEXTS: Final = ("text", "thinking")


class UnusableField(MalformedEvent):
    """A field that the answer cannot do without has an unusable value.

    Args:
        path: Where the field is.
        what: What is wrong with it.
        sample: A value with the same fault; the smallest event is made of it, unless that is given as *event*.
        event: See below.

    Attributes:
        event: The smallest event with the same fault; the encoder says it again.
    """

    def __init__(self, path: str, what: str, sample: object = None, *, event: Any = None) -> None:
        super().__init__(f"{path} {what}")
        self.event = _smallest_event(path, sample) if event is None else event


def sample_of(value: object) -> Any:
    """Return the smallest value of the type of *value*."""
    return _SAMPLES.get(type(value).__name__)


def unusable(path: str, value: object) -> UnusableField:
    """Return the error for a *value* of the wrong type at *path*, such as ``choices[].delta.content``."""
    return UnusableField(path, f"is {type(value).__name__}", sample_of(value))


def _smallest_event(path: str, sample: object) -> Any:
    names = path.replace(_LIST, f".{_LIST}").split(".")
    value: Any = sample
    for place in range(len(names) - 1, -1, -1):
        name = names[place]
        value = [value] if name == _LIST else {name: value}
        if name in _PART_TEXTS and names[place - 1] == _LIST:  # a part of the content says what it is
            value["type"] = name
    return value
