"""Ends a wait for the vendor: when a time limit passes, or when somebody cancels the stream.

A scope or a timeout around each read costs more than decoding what was read, so there is one loop timer per stream.
It fires into the task only while that task waits in one of our reads; the read then takes the cancellation back
(`asyncio.Task.uncancel`), as `asyncio.timeout` does. A cancellation from outside is never taken back.
"""

from __future__ import annotations

import asyncio
from asyncio import current_task
from collections.abc import Awaitable
from typing import Final, TypeVar

Result = TypeVar("Result")

CANCELLED: Final = "cancelled"
FIRST_CHUNK: Final = "first_chunk_timeout"
TOTAL: Final = "total_timeout"
DRAIN: Final = "drain"


class Interrupted(Exception):
    """The wait ended before what was waited for came; `Patience.reason` says why."""


class Patience:
    """The limits of one stream, and the only thing that ends a wait of it.

    It refers to neither the generator nor the `ChunkStream`, so that a dropped stream is closed at once.

    Laws:
        1. Only a task that waits between `enter` and `leave` is ever interrupted.
        2. Time between `leave` and the next `enter` belongs to the reader and counts for no limit.
        3. `struck` is True at most once per interruption, and only when nobody else cancelled the task as well.

    Attributes:
        reason: Why waiting is over: the name of a limit or `CANCELLED`; None while it is not.
    """

    __slots__ = (
        "_alert",
        "_before",
        "_deadlines",
        "_left",
        "_loop",
        "_struck",
        "_task",
        "_timer",
        "_watchers",
        "reason",
    )

    def __init__(self) -> None:
        self.reason: str | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[object] | None = None
        self._before = 0
        self._alert = False  # whether entering and leaving have anything to do; spares plain streams most of it
        self._struck = False
        self._deadlines: dict[str, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._left: float | None = None
        self._watchers: list[asyncio.Future[None]] = []

    def begin(self) -> None:
        """Take the running loop; the first thing that a stream does."""
        self._loop = asyncio.get_running_loop()

    def limit(self, name: str, seconds: float | None) -> None:
        """End waits as *name* once *seconds* of waiting have passed from now; None takes the limit away."""
        self._deadlines.pop(name, None)
        if seconds is not None and self._loop is not None:
            now = self._loop.time()
            self._left = now if self._task is None else None
            self._deadlines[name] = now + seconds
            self._alert = True
            self._arm()

    def forgive(self) -> None:
        """Forget a passed limit, so that another attempt can be made."""
        if self.reason != CANCELLED:
            self.reason = None

    def cancel(self) -> None:
        """End the wait under way, or the next one. Call it from the loop's own thread."""
        if self.reason is None or self.reason == DRAIN:
            self.reason = CANCELLED
            self._alert = True
            self._strike()

    def enter(self) -> None:
        """Begin a wait in the current task."""
        task = current_task(self._loop)
        if task is not None:
            self._before = task.cancelling()
            self._task = task
        if self._alert:
            self._resume()

    def leave(self) -> None:
        """End a wait, however it ended."""
        if self._alert:
            self._pause()
        self._task = None

    def struck(self) -> bool:
        """After a `CancelledError` within a wait: whether it was ours alone; then the task is no longer cancelled."""
        task, ours = self._task, self._struck
        self._struck = False
        return ours and task is not None and task.uncancel() <= self._before

    async def wait(self, waiting: Awaitable[Result]) -> Result:
        """Return what *waiting* gives.

        Raises:
            Interrupted: A limit passed, or the stream was cancelled.
        """
        self.enter()
        try:
            return await waiting
        except asyncio.CancelledError:
            if self.struck():
                raise Interrupted from None
            raise
        finally:
            self.leave()

    def end(self) -> None:
        """The stream is over: stop the timer."""
        self._deadlines.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.release()

    def released(self) -> asyncio.Future[None]:
        """Return what is done when the task that reads has let go of the stream; for whoever closes it from another."""
        watcher: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watchers.append(watcher)
        return watcher

    def release(self) -> None:
        """Tell those who wait in `released`."""
        for watcher in self._watchers:
            if not watcher.done():
                watcher.set_result(None)
        self._watchers.clear()

    def _resume(self) -> None:
        loop = self._loop
        if loop is None:
            return
        if self._deadlines:
            paused = loop.time() - self._left if self._left is not None else 0.0
            for name in self._deadlines:
                self._deadlines[name] += paused
            self._left = None
            if self._timer is None:
                self._arm()
        if self.reason is not None:  # what is there already may still be read
            loop.call_soon(self._strike)

    def _pause(self) -> None:
        if self._struck:  # what we interrupted swallowed the cancellation, or came just before it
            self.struck()
        self._alert = bool(self._deadlines) or self.reason is not None
        if self._deadlines and self._loop is not None:
            self._left = self._loop.time()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._loop is not None:
            self._timer = self._loop.call_at(min(self._deadlines.values()), self._expire)

    def _expire(self) -> None:
        self._timer = None
        if self._task is None or not self._deadlines or self._loop is None:
            return  # the reader has the stream; the next wait arms the timer again
        name, deadline = min(self._deadlines.items(), key=lambda item: item[1])
        if deadline > self._loop.time():
            self._arm()
            return
        del self._deadlines[name]
        if self.reason is None:
            self.reason = name
            self._strike()

    def _strike(self) -> None:
        if self._task is not None and not self._struck:
            self._struck = self._alert = True
            self._task.cancel()
