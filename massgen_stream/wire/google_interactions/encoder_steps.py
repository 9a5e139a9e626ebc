"""Steps on the wire: which index a step has, and when it stops.

A step of text, thinking or a call stops when another begins, as Google sends them; a reader makes no chunk of that
stop. Sound and video in segments stay open until the chunk for their end comes.
"""

from __future__ import annotations

from typing import Any, Final

from ..minting import Minting
from .encoder_losses import UNSAID
from .events import STEP_DELTA, STEP_START, STEP_STOP
from .fields import Data
from .step import PROTOCOL

Key = tuple[str, str | None]
"""Kind of a step and the id in its chunks; without an id each run of its chunks is a step."""

_MINTED: Final = frozenset(("text", "thought", "step", "image", "audio", "video", "document"))
"""Kinds whose ids a reader makes up."""


class StepWriter:
    """The steps of one answer.

    Args:
        losses: Gets a line for each id that a reader makes up otherwise.
    """

    def __init__(self, losses: list[str]) -> None:
        self.minting = Minting("")
        self._losses = losses
        self._places: dict[Key, int] = {}
        self._count = 0
        self._current: Key | None = None

    def has(self, key: Key) -> bool:
        """Return whether a step can be continued."""
        return key in self._places and (key[1] is not None or key == self._current)

    def start(self, key: Key, step: Data, *, stays_open: bool = False) -> list[Data]:
        """Return the events that begin a step, the stop of the one before it included."""
        events = [] if self._current is None else [self.stop(self._current)]
        self.mint(key)
        self._places[key] = self._count
        self._count += 1
        self._current = None if stays_open else key
        return [*events, {"event_type": STEP_START, "index": self._places[key], "step": step}]

    def mint(self, key: Key) -> None:
        """Use up the id that a reader makes up for something of that kind."""
        if key[0] in _MINTED and self.minting.another(key[0]) != key[1] is not None:
            self._losses.append(f"{key[0]} id {key[1]}: {UNSAID}")

    def whole(self, key: Key, step: Data, *deltas: Data) -> list[Data]:
        """Return the events of a step that comes at once."""
        return [*self.start(key, step), *(self.delta(key, delta) for delta in deltas), self.stop(key)]

    def delta(self, key: Key, delta: Data) -> Data:
        """Return a delta of a step that has begun."""
        return {"event_type": STEP_DELTA, "index": self._places[key], "delta": delta}

    def stop(self, key: Key, **more: object) -> Data:
        """Return the stop of a step that has begun."""
        if key == self._current:
            self._current = None
        return {"event_type": STEP_STOP, "index": self._places[key], **more}

    def stop_current(self) -> list[Data]:
        """Return the stop of the step that the end of the answer would stop."""
        return [] if self._current is None else [self.stop(self._current)]


def own_of(holder: Any) -> Data:
    """Return this protocol's part of some `provider_data`."""
    own = holder.get(PROTOCOL) if isinstance(holder, dict) else None
    return own if isinstance(own, dict) else {}
