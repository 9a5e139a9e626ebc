"""Where a server paints: one thing at a time, and everybody may look how far it is.

A picture is sharper with each look, and there after the fifth. Who never looks does not wait for it.
"""

from __future__ import annotations

from base64 import b64encode
from collections import OrderedDict, deque
from typing import Any, Final

from ...answers.picture import png
from .drawing_ask import DrawingAsk

LOOKS: Final = 4
_MOST_SERVERS: Final = 100
_SHARPNESS: Final = (2, 4, 8, 20)


class Work:
    """One request that is worked on.

    Attributes:
        ask: The request.
        looks: How often somebody has seen it.
        is_interrupted: Whether it is to end as it is.
        began: When it began, in the words of the server.
    """

    def __init__(self, ask: DrawingAsk, serial: int) -> None:
        self.ask, self.looks, self.is_interrupted = ask, 0, False
        self.began = f"20260101{serial:06d}"

    @property
    def is_done(self) -> bool:
        """Whether it has been looked at often enough."""
        return self.is_interrupted or self.looks > LOOKS * self.ask.choices


class Easel:
    """What one server works on, and what waits for it."""

    def __init__(self) -> None:
        self._works: deque[Work] = deque()
        self._serial = 0

    def add(self, ask: DrawingAsk) -> Work:
        """Return the work for a request; it waits until the others are done."""
        self._serial += 1
        work = Work(ask, self._serial)
        self._works.append(work)
        return work

    def is_on(self, work: Work) -> bool:
        """Return whether it is what the server works on."""
        return bool(self._works) and self._works[0] is work

    def leave(self, work: Work) -> None:
        """Take a work away: it is done, or nobody waits for it."""
        if work in self._works:
            self._works.remove(work)

    def interrupt(self) -> None:
        """End what the server works on, as it is."""
        if self._works:
            self._works[0].is_interrupted = True

    def look(self, *, with_picture: bool) -> dict[str, Any]:
        """Return how far the server is, and go on."""
        work = self._works[0] if self._works else None
        if work is None:
            return {"progress": 0.0, "eta_relative": 0.0, "state": _state(None, 0, 0), "current_image": None}
        seen = min(work.looks, LOOKS * work.ask.choices - 1)
        work.looks += 1
        number, quarter = divmod(seen, LOOKS)
        progress = 0.01 + seen / (LOOKS * work.ask.choices)
        picture = (
            b64encode(png(*work.ask.size, sharpness=_SHARPNESS[quarter])).decode() if quarter and with_picture else None
        )
        return {
            "progress": min(progress, 1.0),
            "eta_relative": float(LOOKS * work.ask.choices - seen),
            "state": _state(work, number, quarter),
            "current_image": picture,
            "textinfo": None,
        }


class Easels:
    """Those of the servers, by address."""

    def __init__(self) -> None:
        self._easels: OrderedDict[str, Easel] = OrderedDict()

    def at(self, host: str) -> Easel:
        """Return the one of a server."""
        easel = self._easels.setdefault(host, Easel())
        self._easels.move_to_end(host)
        while len(self._easels) > _MOST_SERVERS:
            self._easels.popitem(last=False)
        return easel


def _state(work: Work | None, number: int, quarter: int) -> dict[str, Any]:
    steps = work.ask.steps if work is not None else 0
    return {
        "skipped": False,
        "interrupted": work.is_interrupted if work is not None else False,
        "job": f"Batch {number + 1} out of {work.ask.choices}" if work is not None else "",
        "job_count": work.ask.choices if work is not None else 0,
        "job_timestamp": work.began if work is not None else "0",
        "job_no": number,
        "sampling_step": steps * quarter // LOOKS,
        "sampling_steps": steps,
    }
