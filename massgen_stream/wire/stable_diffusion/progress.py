"""What the server answers to ``progress``: how far it is with whatever it makes now."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from ...errors import MalformedEvent
from ..json_value import parse_fast
from .answer import picture_bytes

Data = dict[str, Any]
_HUNDRED: Final = 100.0


class Progress(NamedTuple):
    """How far the server is.

    Attributes:
        is_busy: Whether it makes anything.
        began: When it began that, in the server's words: tells one job from another.
        number: Which picture is made, from 1.
        percentage: How far that picture is, 0 to 100.
        eta_seconds: Until all of them are there; None: it does not know.
        preview: The picture as it is now; None: there is none.
    """

    is_busy: bool
    began: str
    number: int = 1
    percentage: float = 0.0
    eta_seconds: float | None = None
    preview: bytes | None = None


def progress_of(body: bytes, pictures: int) -> Progress:
    """Return what a look at the progress of so many *pictures* tells.

    Each of them may take several passes, such as the one that makes it larger; the server counts passes.

    Raises:
        MalformedEvent: It is none, or its image is not base64.
    """
    doc = parse_fast(body)
    if not isinstance(doc, dict) or not isinstance(doc.get("state"), dict):
        raise MalformedEvent("no progress", body)
    state = doc["state"]
    count = _number(state, "job_count")
    began = str(state.get("job_timestamp", ""))
    if count < 1:
        return Progress(is_busy=False, began=began)
    passes = max(1, int(count) // pictures)
    place, steps = int(_number(state, "job_no")), _number(state, "sampling_steps")
    within = min(1.0, _number(state, "sampling_step") / steps) if steps > 0 else 0.0
    eta, image = _number(doc, "eta_relative"), doc.get("current_image")
    return Progress(
        is_busy=True,
        began=began,
        number=min(place // passes, pictures - 1) + 1,
        percentage=_HUNDRED if place >= count else _HUNDRED * (place % passes + within) / passes,
        eta_seconds=eta if eta > 0 else None,
        preview=picture_bytes(image) if isinstance(image, str) and image else None,
    )


def _number(doc: Data, name: str) -> float:
    """Return a number that is not negative; 0 where there is none."""
    value = doc.get(name)
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")
    return float(value) if usable and value is not None else 0.0
