"""Parts of an answer on the wire: which index a part has, and when it stops."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from .minting import Minting

Data = dict[str, Any]
Key = tuple[str, str | None]
"""Kind of a part and the id in its chunks; without an id each run of its chunks is a part."""


class PartWriter(ABC):
    """The parts of one answer. A part stops when another begins, unless it stays open.

    Args:
        losses: Gets a line for each id that a reader makes up otherwise.

    Attributes:
        minting: Makes the ids that a reader makes.
    """

    UNSAID: ClassVar[str] = ""
    """Why something is lost."""

    MINTED: ClassVar[frozenset[str]] = frozenset()
    """Kinds whose ids a reader makes up."""

    def __init__(self, losses: list[str]) -> None:
        self.minting = Minting("")
        self._losses = losses
        self._places: dict[Key, int] = {}
        self._count = 0
        self._current: Key | None = None

    def has(self, key: Key) -> bool:
        """Return whether a part can be continued."""
        return key in self._places and (key[1] is not None or key == self._current)

    def mint(self, key: Key) -> None:
        """Use up the id that a reader makes up for something of that kind."""
        if key[0] in self.MINTED and self.minting.another(key[0]) != key[1] is not None:
            self._losses.append(f"{key[0]} id {key[1]}: {self.UNSAID}")

    def start(self, key: Key, part: Data, *, stays_open: bool = False) -> list[Data]:
        """Return the events that begin a part, the stop of the one before it included."""
        stops = self.stop_current()
        self.mint(key)
        self._places[key] = self._count
        self._count += 1
        self._current = None if stays_open else key
        return [*stops, self._start_event(self._places[key], part)]

    def stop(self, key: Key, **more: object) -> Data:
        """Return the stop of a part that has begun."""
        if key == self._current:
            self._current = None
        return {**self._stop_event(self._places[key]), **more}

    def stop_current(self) -> list[Data]:
        """Return the stop of the part that the next one, or the end of the answer, would stop."""
        return [] if self._current is None else [self.stop(self._current)]

    @abstractmethod
    def _start_event(self, index: int, part: Data) -> Data:
        """Return the event that begins *part*."""

    @abstractmethod
    def _stop_event(self, index: int) -> Data:
        """Return the event that stops a part."""
