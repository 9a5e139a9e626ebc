"""Fields of an event that the answer cannot do without: one that cannot be used makes the event malformed."""

from __future__ import annotations

from typing import Any, Final

from ..faults import UnusableField, sample_of
from .events import STEP_DELTA, STEP_START

Data = dict[str, Any]
BAD_BASE64: Final = "????"
NO_STEP: Final = 10**9 - 1
"""Index of a step that nobody opens."""


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
        return UnusableField(f"{self.path}.{name}", what, event=_event_with(self.path, doc))


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
    event = {"event_type": event_type, field: _sample(value)}
    return UnusableField(field, f"is {type(value).__name__}", event=event)


def _sample(value: object) -> Any:
    return {"?": 0} if isinstance(value, dict) else sample_of(value)
