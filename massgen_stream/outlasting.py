"""Clean-ups that wait: they reach their end although whoever waits for them is cancelled, even again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


async def ended(*futures: asyncio.Future[Any], until: float | None = None) -> None:
    """Wait until *futures* have ended, or the loop's time is *until*, however often the wait is cancelled.

    A cancellation is raised behind it. A scope of anyio that is cancelled would cancel the wait at every turn of the
    loop (https://anyio.readthedocs.io/en/stable/cancellation.html), so it is held off.
    """
    loop, cancelled = asyncio.get_running_loop(), None
    left = [one for one in futures if not one.done()]
    if not left:
        return
    import anyio  # noqa: PLC0415 - it takes longer to load than all of ours, and most streams end without a wait

    with anyio.CancelScope(shield=True):
        while left:
            try:
                await asyncio.wait(left, timeout=None if until is None else max(until - loop.time(), 0.0))
            except asyncio.CancelledError as error:
                cancelled = error
            left = [one for one in left if not one.done()] if until is None or loop.time() < until else []
    if cancelled is not None:
        raise cancelled


async def to_its_end(work: Coroutine[Any, Any, Result]) -> Result:
    """Return what *work* returns, or raise it; it runs in a task of its own, which no cancellation reaches."""
    task = asyncio.ensure_future(work)
    try:
        await ended(task)
    except asyncio.CancelledError:
        if not task.cancelled():
            task.exception()  # seen, lest asyncio complain: the cancellation is what is raised
        raise
    return task.result()
