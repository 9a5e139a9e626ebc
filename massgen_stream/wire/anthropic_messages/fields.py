"""Fields of an event that the answer cannot do without: one that cannot be used makes the event malformed."""

from __future__ import annotations

from typing import Any

from ..faults import UnusableField, sample_of

Data = dict[str, Any]


def unusable_delta(kind: str, field: str, value: object, what: str = "") -> UnusableField:
    """Return the error for *value* in a delta of that *kind*."""
    event = {"type": "content_block_delta", "delta": {"type": kind, field: _sample(value, what)}}
    return UnusableField(f"delta.{field}", what or f"is {type(value).__name__}", event=event)


def unusable_block(kind: str, field: str, value: object, what: str = "") -> UnusableField:
    """Return the error for *value* in the start of a block of that *kind*."""
    event = {"type": "content_block_start", "content_block": {"type": kind, field: _sample(value, what)}}
    return UnusableField(f"content_block.{field}", what or f"is {type(value).__name__}", event=event)


def unusable_object(event_type: str, field: str, value: object) -> UnusableField:
    """Return the error for *value* where an object should be."""
    event = {"type": event_type, field: _sample(value, "")}
    return UnusableField(field, f"is {type(value).__name__}", event=event)


def _sample(value: object, what: str) -> Any:
    if what:
        return value
    return {"?": 0} if isinstance(value, dict) else sample_of(value)


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
