"""Events with a field of an unusable type: a reader of the encoded stream drops it too, and says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .events import CREATED, STATUS_UPDATE, STEP_DELTA, STEP_START, STEP_STOP
from .fields import NO_STEP, Data
from .usage import COUNTS

ODD_ID: Final = "step.id"
"""Told by the start of a call itself: an event of its own would begin a call."""

_INTERACTION: Final = ("id", "model", "agent", "status", "continuation_token", "usage")
_UPDATE: Final = ("interaction_id", "status", "continuation_token", "event_id", "usage", "metadata")
_MEDIUM: Final = ("mime_type", "resolution", "rate", "sample_rate", "channels")


def _delta(**delta: Any) -> Data:
    return {"event_type": STEP_DELTA, "index": NO_STEP, "delta": delta}


def _step(**step: Any) -> Data:
    return {"event_type": STEP_START, "index": NO_STEP, "step": step}


def _update(**fields: Any) -> Data:
    return {"event_type": STATUS_UPDATE, **fields}


def _events() -> Iterator[tuple[str, Data]]:
    """Yield each path with its event; no field has the type bool, so false is unusable everywhere."""
    yield "index", {**_delta(type="text", text=""), "index": str(NO_STEP)}
    yield "step", {"event_type": STEP_STOP, "index": NO_STEP, "step": False}
    yield "interaction", {"event_type": CREATED, "interaction": False}
    yield from ((f"interaction.{name}", {"event_type": CREATED, "interaction": {name: False}}) for name in _INTERACTION)
    yield from ((name, _update(**{name: False})) for name in _UPDATE)
    yield from ((f"metadata.{name}", _update(metadata={name: False})) for name in ("total_usage", "usage"))
    yield from ((f"usage.{name}", _update(usage={name: False})) for name in COUNTS)
    yield "step.error", _step(type="model_output", error=False)
    yield "step.signature", _step(type="thought", signature=False)
    yield "delta.signature", _delta(type="thought_signature", signature=False)
    yield "delta.annotations", _delta(type="text_annotation_delta", annotations=False)
    yield "content.annotations", _step(type="model_output", content=[{"type": "text", "annotations": False}])
    for name in _MEDIUM:
        odd = {"type": "image", name: False}
        yield f"delta.{name}", _delta(**odd)
        yield f"delta.content.{name}", _delta(type="thought_summary", content=odd)
        yield f"content.{name}", _step(type="model_output", content=[odd])
        yield f"summary.{name}", _step(type="thought", summary=[odd])


_EVENTS: Final[Mapping[str, Data]] = dict(_events())


def dropped_event(path: str) -> Data | None:
    """Return an event whose field at *path* is dropped; None if there is no such field."""
    return _EVENTS.get(path)
