"""Blocking work on media: in threads or processes, so many at once, and stopped when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Condition, Event
from typing import Any, Concatenate, Final, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import anyio
import anyio.to_process

from ..errors import BrokenMedia, MissingExtra
from .worker_thread import in_own_thread, in_thread, result_of, seen, settled

Result = TypeVar("Result")
Params = ParamSpec("Params")

MOST_BYTES_AHEAD: Final = 2**20
"""What a worker may have written that nobody has read yet."""
_LEAST_STREAMS: Final = 8


class Stopped(Exception):
    """Nobody waits for the work any more; it never leaves this layer."""


class Stop:
    """Tells running work whether to go on. Long work calls `check` between frames and pages."""

    def __init__(self) -> None:
        self._event = Event()

    def set(self) -> None:
        """Ask the work to end."""
        self._event.set()

    def check(self) -> None:
        """Go on, or not.

        Raises:
            Stopped: The work is to end now.
        """
        if self._event.is_set():
            raise Stopped


class Output:
    """Takes the bytes that a worker writes; the worker waits while a slow reader has too much of them ahead."""

    def __init__(self, wake: Callable[[], object]) -> None:
        self._wake = wake
        self._pieces: list[bytes] = []
        self._size = 0
        self._closed = False
        self._changed = Condition()

    def write(self, data: bytes) -> int:
        """Hand on the next bytes; called in the worker.

        Raises:
            Stopped: Nobody reads any more.
        """
        with self._changed:
            while self._size > MOST_BYTES_AHEAD and not self._closed:
                self._changed.wait()
            if self._closed:
                raise Stopped
            self._pieces.append(bytes(data))
            self._size += len(data)
        self._wake()
        return len(data)

    def take(self) -> bytes:
        """Return what was written since the last call."""
        with self._changed:
            taken, self._pieces, self._size = b"".join(self._pieces), [], 0
            self._changed.notify()
        return taken

    def close(self) -> None:
        """Let a worker that waits for its reader end."""
        with self._changed:
            self._closed = True
            self._changed.notify()


class Workers:
    """Where blocking work is done.

    Threads share the memory of this process and cost nothing to start. Processes cost about a tenth of a second for the
    first, keep a crash of a native decoder away from this process, and are killed at once when the work is cancelled;
    work in threads ends at the next frame or page, and cancelling waits for that.

    Args:
        at_most: Pieces of work at the same time in one event loop; by default one for each processor.
        processes: Whether to use processes.
    """

    def __init__(self, at_most: int | None = None, *, processes: bool = False) -> None:
        self._at_most = at_most or os.cpu_count() or 1
        self._processes = processes
        self._limits: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()
        self._stream_limits: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()

    async def run(
        self, work: Callable[Concatenate[Stop, Params], Result], /, *args: Params.args, **kwargs: Params.kwargs
    ) -> Result:
        """Return what ``work(stop, *args)`` returns; in a process, all of it must be picklable.

        Raises:
            BrokenMedia: The process died of the medium.
        """
        async with _limit(self._limits, self._at_most):
            if self._processes and not kwargs:
                return await self._in_process(work, args)
            stop = Stop()
            running = in_thread(work, stop, *args, **kwargs)
            try:
                return await result_of(running)
            finally:
                stop.set()
                await settled(running)

    async def stream(
        self, work: Callable[Concatenate[Stop, Output, Params], object], /, *args: Params.args, **kwargs: Params.kwargs
    ) -> AsyncGenerator[bytes, None]:
        """Yield what ``work(stop, output, *args)`` writes while it runs, in a thread of its own.

        Streams are counted apart from other work, and more of them are let run: one that waits for its reader must not
        keep the reader's own work waiting.
        """
        loop, ready, stop = asyncio.get_running_loop(), asyncio.Event(), Stop()
        output = Output(lambda: loop.call_soon_threadsafe(ready.set))
        limit = _limit(self._stream_limits, max(_LEAST_STREAMS, self._at_most * 4))
        await limit.acquire()
        running = in_own_thread(lambda: work(stop, output, *args, **kwargs), name="massgen-stream-media")
        running.add_done_callback(seen)
        running.add_done_callback(lambda _: ready.set())
        try:
            while not running.done():
                await ready.wait()
                ready.clear()
                if data := output.take():
                    yield data
            if data := output.take():
                yield data
            running.result()
        finally:
            stop.set()
            output.close()
            try:
                await settled(running)
            finally:
                limit.release()

    async def _in_process(self, work: Callable[..., Result], args: Sequence[Any]) -> Result:
        try:
            return await anyio.to_process.run_sync(_in_child, work, args, cancellable=True, limiter=_unlimited())
        except anyio.BrokenWorkerProcess as error:
            raise BrokenMedia("the decoder crashed on it; it is damaged, or made to harm its reader") from error


def _limit(limits: WeakKeyDictionary[asyncio.AbstractEventLoop, Any], at_most: int) -> asyncio.Semaphore:
    """Return the semaphore of the running loop."""
    loop = asyncio.get_running_loop()
    found = limits.get(loop)
    if found is None:
        found = limits[loop] = asyncio.Semaphore(at_most)
    assert isinstance(found, asyncio.Semaphore)
    return found


def _in_child(work: Callable[..., Result], args: Sequence[Any]) -> Result:
    return work(Stop(), *args)


def _unlimited() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(1)  # ours has let it pass already


THREADS: Final = Workers()
"""Used where no other workers are named."""


@contextmanager
def library_for(feature: str) -> Iterator[None]:
    """Import optional libraries inside; *feature* is what they are for.

    Raises:
        MissingExtra: One is not installed.
    """
    try:
        yield
    except ImportError as error:
        raise MissingExtra(feature, "media") from error
