"""Things that a backend makes at its first use, once, however many streams start together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from ..outlasting import ended

Made = TypeVar("Made")


class OncePerLoop(Generic[Made]):
    """Makes a value at the first `get` and keeps it for the running event loop.

    Laws:
        1. Concurrent calls of `get` share one making; cancelling one of them does not disturb the others.
        2. A making that failed is forgotten: the next `get` tries again.
        3. Another event loop gets a value of its own: connections belong to the loop that opened them.
    """

    def __init__(self, make: Callable[[], Awaitable[Made]]) -> None:
        self._make = make
        self._task: asyncio.Task[Made] | None = None

    async def get(self) -> Made:
        """Return the value; raises what making it raises."""
        task = self._current()
        if task is None:
            task = self._task = asyncio.ensure_future(self._made())
            task.add_done_callback(self._settled)
        if not task.done():
            await asyncio.wait([task])  # `shield` reports what fails after a cancellation (since Python 3.14)
        return task.result()

    async def take(self) -> Made | None:
        """Return the value and keep it no more, so that the caller can close it; None when there is none."""
        task = self._current()
        self._task = None
        if task is None:
            return None
        await ended(task)
        return None if task.cancelled() or task.exception() is not None else task.result()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing for the running event loop, and nothing is being made."""
        return self._current() is None

    def _current(self) -> asyncio.Task[Made] | None:
        task = self._task
        return task if task is not None and task.get_loop() is asyncio.get_running_loop() else None

    async def _made(self) -> Made:
        return await self._make()

    def _settled(self, task: asyncio.Task[Made]) -> None:
        failed = task.cancelled() or task.exception() is not None  # asking also marks the exception as seen
        if failed and self._task is task:
            self._task = None
