"""Steps on the wire: which index a step has, and when it stops.

A step of text, thinking or a call stops when another begins, as Google sends them; a reader makes no chunk of that
stop. Sound and video in segments stay open until the chunk for their end comes.
"""

from __future__ import annotations

from typing import Any

from ..part_writer import Key, PartWriter
from .encoder_losses import UNSAID
from .events import STEP_DELTA, STEP_START, STEP_STOP
from .fields import Data
from .step import PROTOCOL


class StepWriter(PartWriter):
    """The steps of one answer.

    Args:
        losses: Gets a line for each id that a reader makes up otherwise.
    """

    UNSAID = UNSAID
    MINTED = frozenset(("text", "thought", "step", "image", "audio", "video", "document"))

    def whole(self, key: Key, step: Data, *deltas: Data) -> list[Data]:
        """Return the events of a step that comes at once."""
        return [*self.start(key, step), *(self.delta(key, delta) for delta in deltas), self.stop(key)]

    def delta(self, key: Key, delta: Data) -> Data:
        """Return a delta of a step that has begun."""
        return {"event_type": STEP_DELTA, "index": self._places[key], "delta": delta}

    def _start_event(self, index: int, part: Data) -> Data:
        return {"event_type": STEP_START, "index": index, "step": part}

    def _stop_event(self, index: int) -> Data:
        return {"event_type": STEP_STOP, "index": index}


def own_of(holder: Any) -> Data:
    """Return this protocol's part of some `provider_data`."""
    own = holder.get(PROTOCOL) if isinstance(holder, dict) else None
    return own if isinstance(own, dict) else {}
