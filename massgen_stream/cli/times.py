"""The times that the closing line tells."""

from __future__ import annotations

from typing import NamedTuple


class Times(NamedTuple):
    """Seconds since the request, where they are known."""

    first_chunk: float | None = None
    total: float | None = None


def times_of(stream: object) -> Times | None:
    """Return what the `timing` of *stream* tells, if it has one."""
    timing = getattr(stream, "timing", None)
    return None if timing is None else Times(timing.time_to_first_chunk, timing.total)
