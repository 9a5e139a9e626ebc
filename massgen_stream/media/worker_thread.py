"""Blocking calls in worker threads, and digests that are taken there while the event loop goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from hashlib import sha256
from threading import Thread
from typing import Any, Final, ParamSpec, TypeVar

from ..outlasting import ended

Result = TypeVar("Result")
Params = ParamSpec("Params")

WORTH_A_THREAD: Final = 64 * 1024
"""Bytes from which handing them to a thread costs less than hashing them here (some 30 microseconds either way)."""


def in_thread(call: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs) -> asyncio.Future[Result]:
    """Start *call* in a worker thread at once; the future can be awaited later."""
    return asyncio.get_running_loop().run_in_executor(None, lambda: call(*args, **kwargs))


def in_own_thread(call: Callable[[], Result], *, name: str) -> asyncio.Future[Result]:
    """Start *call* at once in a thread of its own: one that waits for somebody would starve a pool.

    A future that is cancelled lets the thread end by itself, and nobody hears what came of it.
    """
    done: Future[Result] = Future()
    done.set_running_or_notify_cancel()  # from now on nobody can take it away from the thread

    def work() -> None:
        try:
            result = call()
        except StopIteration as error:  # which no future takes
            done.set_exception(RuntimeError(f"StopIteration: {error}"))
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits, who raises it
            done.set_exception(error)
        else:
            done.set_result(result)

    Thread(target=work, name=name, daemon=True).start()
    return asyncio.wrap_future(done)


async def result_of(future: asyncio.Future[Result]) -> Result:
    """Return what *future* brings, or raise it; cancelling this lets *future* end by itself, and unheard.

    Since Python 3.14 `asyncio.shield` hands a failure that comes after that to the event loop's exception handler.
    """
    if not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError:
            future.add_done_callback(seen)
            raise
    return future.result()


def seen(future: asyncio.Future[Any]) -> None:
    """Look at how it ended, lest asyncio complain where nobody can any more."""
    if not future.cancelled():
        future.exception()


async def settled(future: asyncio.Future[Result] | None) -> None:
    """Wait until the thread behind *future* has ended, whatever came of it, so that what it uses can be closed.

    It has ended even where the wait is cancelled, which is raised behind it.
    """
    if future is not None:
        try:
            await ended(future)
        finally:
            future.add_done_callback(seen)


async def opened_in_thread(opening: Callable[[], Result], close: Callable[[Result], object]) -> Result:
    """Return what *opening* returns; when the caller is cancelled meanwhile, it is closed once it is there."""
    future = in_thread(opening)
    try:
        return await result_of(future)
    except asyncio.CancelledError:
        try:
            await settled(future)
        finally:
            if not future.cancelled() and future.exception() is None:
                close(future.result())
        raise


class RunningDigest:
    """SHA-256 and size of pieces that pass by.

    Attributes:
        size: Bytes so far.
    """

    def __init__(self) -> None:
        self.size = 0
        self._digest = sha256()
        self._busy: asyncio.Future[None] | None = None

    async def update(self, piece: bytes) -> None:
        """Take the next piece; a large one is hashed while the caller goes on, at most one at a time."""
        await self._idle()
        self.size += len(piece)
        if len(piece) < WORTH_A_THREAD:
            self._digest.update(piece)
        else:
            self._busy = in_thread(self._digest.update, piece)

    async def checksum(self) -> str:
        """Return ``sha256:<hex>`` of everything so far."""
        await self._idle()
        return f"sha256:{self._digest.hexdigest()}"

    async def _idle(self) -> None:
        busy, self._busy = self._busy, None
        if busy is not None:
            await result_of(busy)  # cancelled or not, the digest must not be used by two threads
