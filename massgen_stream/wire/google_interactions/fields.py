"""Fields of an event: those that the answer cannot do without, and those that are dropped when they are unusable."""

from __future__ import annotations

from typing import Any, Final

from ...errors import MalformedEvent
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..faults import UnusableField as AnyUnusableField
from ..json_value import finite
from .events import STEP_DELTA, STEP_START

Data = dict[str, Any]
_SAMPLES: Final[dict[str, Any]] = {"int": 0, "float": 0.5, "bool": True, "str": "?", "list": [], "dict": {"?": 0}}
_INDEX_DIGITS: Final = 10
BAD_BASE64: Final = "????"
NO_STEP: Final = 10**9 - 1
"""Index of a step that nobody opens."""


class UnusableField(AnyUnusableField):
    """A field that carries text, arguments or media has an unusable value: the event is malformed.

    Attributes:
        event: The smallest event with the same fault; the encoder says it again.
    """

    def __init__(self, path: str, what: str, event: Data) -> None:
        MalformedEvent.__init__(self, f"{path} {what}")
        self.event = event


class Place:
    """Where a document stands: a delta, a step, or one of the contents of a step.

    Args:
        path: Its name, for what is said of its fields.
        kind: Its type.
        beside: What must stand beside a field for the fault to be found again.
    """

    __slots__ = ("beside", "kind", "path")

    def __init__(self, path: str, kind: str, **beside: Any) -> None:
        self.path, self.kind, self.beside = path, kind, beside

    def text(self, doc: Data, name: str) -> str:
        """Return text; empty if there is none.

        Raises:
            UnusableField: It is no text.
        """
        value = doc.get(name)
        if value is not None and not isinstance(value, str):
            raise self.unusable(name, value)
        return value or ""

    def contents(self, doc: Data, name: str) -> list[Data]:
        """Return a list of contents; empty if there is none.

        Raises:
            UnusableField: It is no list, or holds something else.
        """
        value = doc.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.unusable(name, value)
        odd = next((item for item in value if not isinstance(item, dict)), None)
        if odd is not None or None in value:
            raise self.fault(name, f"has {type(odd).__name__}", [odd if odd is None else _sample(odd)])
        return value

    def unusable(self, name: str, value: object) -> UnusableField:
        """Return the error for a *value* of the wrong type."""
        return self.fault(name, f"is {type(value).__name__}", _sample(value))

    def fault(self, name: str, what: str, sample: object) -> UnusableField:
        """Return the error for the field *name*, with a *sample* that has the same fault."""
        doc = {"type": self.kind, **self.beside, name: sample}
        return UnusableField(f"{self.path}.{name}", what, _event_with(self.path, doc))


def _event_with(path: str, doc: Data) -> Data:
    """Return the smallest event with *doc* at *path*."""
    if path == "delta":
        return {"event_type": STEP_DELTA, "index": NO_STEP, "delta": doc}
    if path == "delta.content":
        return {"event_type": STEP_DELTA, "index": NO_STEP, "delta": {"type": "thought_summary", "content": doc}}
    if path == "content":
        return {"event_type": STEP_START, "step": {"type": "model_output", "content": [doc]}}
    if path == "summary":
        return {"event_type": STEP_START, "step": {"type": "thought", "summary": [doc]}}
    return {"event_type": STEP_START, "step": doc}


def unusable_object(event_type: str, field: str, value: object) -> UnusableField:
    """Return the error for *value* where an object should be."""
    return UnusableField(field, f"is {type(value).__name__}", {"event_type": event_type, field: _sample(value)})


def _sample(value: object) -> Any:
    return _SAMPLES.get(type(value).__name__)


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
        """Return the step's index; one of the wrong type is told, but still counts where it can."""
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
            self.drop(f"{path}.{name}" if path else name)
            return ""
        return value or ""

    def number(self, doc: Data, name: str, path: str) -> int | None:
        """Return a number of things; None when there is none."""
        value = doc.get(name)
        if value is not None and not is_whole_number(value):
            self.drop(f"{path}.{name}")
            return None
        return value

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

    def documents(self, doc: Data, name: str, path: str) -> list[Data]:
        """Return the objects of a list; empty when there is none."""
        value = doc.get(name)
        items = value if isinstance(value, list) else []
        usable = [finite(item) for item in items if isinstance(item, dict)]
        if value is not None and (not isinstance(value, list) or len(usable) < len(items)):
            self.drop(f"{path}.{name}")
        return usable
