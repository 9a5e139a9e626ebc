"""Several async generators as one: as many at a time as wanted, and nothing left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from typing import Final, Generic, NamedTuple, TypeVar

from ..outlasting import ended

Item = TypeVar("Item")

_WAITING: Final = 16
"""Items that wait for the reader, of all together: who is ahead of the reader waits."""


class End(NamedTuple):
    """A generator that another task reads has ended.

    Attributes:
        problem: What it raised; None: nothing.
    """

    problem: BaseException | None

    def check(self) -> None:
        """Raise what it raised, as an exception of its own: ``GeneratorExit`` would close whoever reads on."""
        if isinstance(self.problem, GeneratorExit):
            raise RuntimeError("a generator that nobody closed raised GeneratorExit") from self.problem  # noqa: TRY004
        if self.problem is not None:
            raise self.problem


async def merged(
    sources: Iterable[Callable[[], AsyncGenerator[Item, None]]], *, most: int
) -> AsyncGenerator[tuple[int, Item], None]:
    """Yield the number of a source, from 0, and an item of it, as items come.

    Args:
        sources: Each makes its generator when its turn has come; those of the first *most* run at once.
        most: How many run at a time.

    Raises:
        BaseException: What a source raises; the others are closed.
    """
    merger: _Merger[Item] = _Merger(sources, most)
    try:
        while merger.start_more():
            number, item = await merger.next()
            if isinstance(item, End):
                item.check()
            else:
                yield number, item
    finally:
        await merger.stop()


class _Merger(Generic[Item]):
    """The sources under way, and what they have brought."""

    def __init__(self, sources: Iterable[Callable[[], AsyncGenerator[Item, None]]], most: int) -> None:
        self._left = iter(enumerate(sources))
        self._most = most
        self._running: dict[int, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(_WAITING)
        self._came: asyncio.Queue[tuple[int, Item | End]] = asyncio.Queue()

    def start_more(self) -> bool:
        """Start what may run; return whether anything does."""
        while len(self._running) < self._most and (following := next(self._left, None)) is not None:
            number, source = following
            self._running[number] = asyncio.create_task(self._read(number, source), name="massgen_stream merged stream")
        return bool(self._running)

    async def next(self) -> tuple[int, Item | End]:
        """Return what comes next; a source that has ended runs no more."""
        number, item = await self._came.get()
        if isinstance(item, End):
            del self._running[number]
        else:
            self._room.release()
        return number, item

    async def stop(self) -> None:
        """Cancel what runs, once, and wait until all of it is closed."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await ended(*tasks)

    async def _read(self, number: int, source: Callable[[], AsyncGenerator[Item, None]]) -> None:
        problem: BaseException | None = None
        try:
            async with aclosing(source()) as items:
                async for item in items:
                    await self._room.acquire()
                    self._came.put_nowait((number, item))
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            problem = RuntimeError("what a source waited for was cancelled")  # not the reader, nor by the reader
            problem.__cause__ = error
        except BaseException as error:  # noqa: BLE001 - handed to the reader, who raises it
            problem = error
        self._came.put_nowait((number, End(problem)))
