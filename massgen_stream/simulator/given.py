"""What a simulator has given out under ids that clients may name again, each for its time.

A vendor refuses an id that it never gave, and one whose time is over. So does the simulator: what it gives is noted in
one `Given` for each simulator, and what a request names is looked up there. `Simulator(lifetime=…, clock=…)` lets
everything expire sooner, without waiting; ``knows`` are ids of elsewhere that count as given where a request refers to
them, such as those in requests that were recorded at a vendor.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final, Generic, TypeVar

import msgspec

MOST: Final = 10_000
"""Ids of one kind that are remembered."""
Thing = TypeVar("Thing")


class Given:
    """The ids that one simulator has given, by kind.

    Args:
        lifetime: Seconds after which each expires; None: when the vendor documents, else never.
        knows: Ids of elsewhere that requests may refer to; ``*`` and ``?`` stand for characters, as in file names.
        clock: Unix seconds.
    """

    def __init__(
        self,
        *,
        lifetime: float | None = None,
        knows: Sequence[str] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.clock = clock
        self._lifetime, self._knows = lifetime, tuple(knows)
        self._kinds: dict[str, Ids[Any]] = {}

    def ids(self, kind: str) -> Ids[Any]:
        """Return the ids of a kind, which several APIs of a vendor may share."""
        return self._kinds.setdefault(kind, Ids(self))

    def is_from_elsewhere(self, given_id: str) -> bool:
        """Return whether an id counts as given although nobody here gave it."""
        return any(fnmatchcase(given_id, pattern) for pattern in self._knows)

    def end(self, seconds: float | None, since: float | None = None) -> float | None:
        """Return when that expires which is given; None: never.

        Args:
            seconds: How long the vendor keeps it, as documented; None: it says nothing.
            since: When it is given, in Unix seconds; None: now.
        """
        lasts = seconds if self._lifetime is None else self._lifetime
        return None if lasts is None else (self.clock() if since is None else since) + lasts


class _Entry(msgspec.Struct, Generic[Thing]):
    """Something that was given, and when it expires."""

    thing: Thing
    ends: float | None


class Ids(Generic[Thing]):
    """The latest ids of one kind, and what each stands for.

    Args:
        given: Says what time it is.
        most: How many are remembered.
    """

    def __init__(self, given: Given, most: int = MOST) -> None:
        self._given, self._most = given, most
        self._entries: OrderedDict[str, _Entry[Thing]] = OrderedDict()

    def give(
        self, given_id: str, thing: Thing, seconds: float | None = None, *, since: float | None = None
    ) -> float | None:
        """Give something out under an id; return when it expires, in Unix seconds.

        Args:
            given_id: The id.
            thing: What it stands for.
            seconds: See `Given.end`.
            since: See there.
        """
        ends = self._given.end(seconds, since)
        self._entries[given_id] = _Entry(thing, ends)
        while len(self._entries) > self._most:
            self._entries.popitem(last=False)
        return ends

    def find(self, given_id: str) -> Thing | None:
        """Return what an id stands for; None: nobody gave it, or its time is over."""
        entry = self._entries.get(given_id)
        return None if entry is None or self._is_over(entry) else entry.thing

    def knows(self, given_id: str) -> bool:
        """Return whether a request may refer to an id."""
        return self.find(given_id) is not None or self.is_from_elsewhere(given_id)

    def is_from_elsewhere(self, given_id: str) -> bool:
        """Return whether an id counts as given although nobody here gave it."""
        return given_id not in self._entries and self._given.is_from_elsewhere(given_id)

    def expired(self, given_id: str) -> Thing | None:
        """Return what an id stood for whose time is over; None for others, and once it is forgotten."""
        entry = self._entries.get(given_id)
        return entry.thing if entry is not None and self._is_over(entry) else None

    def forget(self, given_id: str) -> None:
        """Delete an id, as far as it is there."""
        self._entries.pop(given_id, None)

    def now(self) -> float:
        """Return what time it is, in Unix seconds."""
        return self._given.clock()

    def __iter__(self) -> Iterator[Thing]:
        return (entry.thing for entry in self._entries.values() if not self._is_over(entry))

    def _is_over(self, entry: _Entry[Thing]) -> bool:
        return entry.ends is not None and self.now() >= entry.ends
