"""Fields of an event: those that the answer cannot do without, and those that are dropped when they are unusable."""

from __future__ import annotations

from typing import Any, Final

from ...errors import MalformedEvent
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..faults import UnusableField as ChatUnusableField
from ..json_value import finite

Data = dict[str, Any]
_SAMPLES: Final[dict[str, Any]] = {"int": 0, "float": 0.5, "bool": True, "str": "?", "list": [], "dict": {"?": 0}}
_INDEX_DIGITS: Final = 10


class UnusableField(ChatUnusableField):
    """A field that carries text, arguments or media has an unusable value: the event is malformed.

    Attributes:
        event: The smallest event with the same fault; the encoder says it again.
    """

    def __init__(self, path: str, what: str, event: Data) -> None:
        MalformedEvent.__init__(self, f"{path} {what}")
        self.event = event


def unusable_delta(kind: str, field: str, value: object, what: str = "") -> UnusableField:
    """Return the error for *value* in a delta of that *kind*."""
    event = {"type": "content_block_delta", "delta": {"type": kind, field: _sample(value, what)}}
    return UnusableField(f"delta.{field}", what or f"is {type(value).__name__}", event)


def unusable_block(kind: str, field: str, value: object, what: str = "") -> UnusableField:
    """Return the error for *value* in the start of a block of that *kind*."""
    event = {"type": "content_block_start", "content_block": {"type": kind, field: _sample(value, what)}}
    return UnusableField(f"content_block.{field}", what or f"is {type(value).__name__}", event)


def unusable_object(event_type: str, field: str, value: object) -> UnusableField:
    """Return the error for *value* where an object should be."""
    return UnusableField(field, f"is {type(value).__name__}", {"type": event_type, field: _sample(value, "")})


def _sample(value: object, what: str) -> Any:
    return value if what else _SAMPLES.get(type(value).__name__)


def delta_text(delta: Data, kind: str, field: str) -> str:
    """Return the text of a delta; empty when there is none.

    Raises:
        UnusableField: It is no text.
    """
    value = delta.get(field)
    if value is not None and not isinstance(value, str):
        raise unusable_delta(kind, field, value)
    return value or ""


def block_text(block: Data, kind: str, field: str) -> str:
    """Return a text of a block's start; empty when there is none.

    Raises:
        UnusableField: It is no text.
    """
    value = block.get(field)
    if value is not None and not isinstance(value, str):
        raise unusable_block(kind, field, value)
    return value or ""


def is_whole_number(value: object) -> bool:
    """Return whether *value* is a number of things: an index, tokens."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


class Metadata:
    """Reads fields that an answer can do without; what is unusable is dropped and told, each path once.

    Args:
        out: Gets the chunks that tell it.
        told: The paths that have been told.
    """

    def __init__(self, out: list[BaseStreamChunk], told: set[str]) -> None:
        self._out, self._told = out, told

    def drop(self, path: str) -> None:
        """Tell that the field at *path* was unusable, or a part of it."""
        if path not in self._told:
            self._told.add(path)
            status = TextStreamChunk(type=ChunkType.BACKEND_STATUS, status="ignored_field", detail=path)
            self._out.append(status)

    def index(self, doc: Data) -> int | None:
        """Return the block's index; one of the wrong type is told, but still counts where it can."""
        value = doc.get("index")
        if value is None or is_whole_number(value):
            return value
        self.drop("index")
        digits = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < _INDEX_DIGITS
        return int(value) if digits or (isinstance(value, float) and value.is_integer() and value >= 0) else None

    def text(self, doc: Data, name: str, path: str) -> str:
        """Return a text; empty when there is none."""
        value = doc.get(name)
        if value is not None and not isinstance(value, str):
            self.drop(f"{path}.{name}")
            return ""
        return value or ""

    def data(self, doc: Data, name: str, path: str = "") -> Data:
        """Return an object; empty when there is none."""
        value = doc.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.drop(path + name)
            return {}
        known: Data = finite(value)
        return known
