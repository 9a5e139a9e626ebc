"""Times of single calls, for authors of backends who take them by hand, as in the origin."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class CallTiming(msgspec.Struct, kw_only=True):
    """One call of a vendor's API.

    Attributes:
        model: The model that was called.
        started: Unix seconds.
        time_to_first_token: Seconds until `CallTimer.first_token`; None before.
        duration: Seconds until `CallTimer.end`; None before.
        success: Whether it ended well; None before its end.
        error: What went wrong.
    """

    model: str
    started: float
    time_to_first_token: float | None = None
    duration: float | None = None
    success: bool | None = None
    error: str | None = None


class CallTimer:
    """Takes the times of calls, one after the other; a call that begins ends the one before it.

    Args:
        clock: Seconds that never go back.
        wall_clock: Unix seconds.

    Attributes:
        calls: The calls that have ended, oldest first; the latest `MOST` of them.
    """

    MOST = 1000

    def __init__(self, clock: Callable[[], float], wall_clock: Callable[[], float]) -> None:
        self._clock, self._wall_clock = clock, wall_clock
        self._current: CallTiming | None = None
        self._began = 0.0
        self.calls: list[CallTiming] = []

    def start(self, model: str) -> None:
        """Begin a call."""
        if self._current is not None:
            self.end(success=False, error="another call began")
        self._began = self._clock()
        self._current = CallTiming(model=model, started=self._wall_clock())

    def first_token(self) -> None:
        """Take the time of the first token; later tokens of the call, and tokens of none, change nothing."""
        if self._current is not None and self._current.time_to_first_token is None:
            self._current.time_to_first_token = self._clock() - self._began

    def end(self, *, success: bool, error: str | None = None) -> CallTiming | None:
        """End the call and return it; None when none is under way."""
        call, self._current = self._current, None
        if call is not None:
            call.duration, call.success, call.error = self._clock() - self._began, success, error
            self.calls.append(call)
            del self.calls[: -self.MOST]
        return call
