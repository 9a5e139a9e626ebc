"""What a tool does, in a task of its own: who waits for it can stop waiting, whatever it does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from typing import Final

from ..backend.merging import End
from ..backend.patience import Interrupted
from ..outlasting import ended
from ..stream_chunk.base import BaseStreamChunk
from .tools import ToolOutput

Yielded = BaseStreamChunk | ToolOutput

_LOG: Final = logging.getLogger(__name__)
GRACE_SECONDS: Final = 6.0
"""How long a cancelled tool may take to end: a little more than the job of a vendor may take to be cancelled."""
_UNENDED: Final[set[asyncio.Task[None]]] = set()
"""Cancelled tools, until they end: a loop refers to its tasks weakly."""


class ToolTask:
    """Reads the generator of one call.

    Laws:
        1. The generator is read, and closed, by one task, at most one item ahead of its reader; two if cancelled.
        2. Cancelled, it gets a `CancelledError` where it stands, be it at a ``yield``.
        3. What it yields is told in order, also after `cancel`, until it ends or `GRACE_SECONDS` have passed.
        4. A tool that does not end then is left running: it is logged, and referred to until it ends.

    Args:
        begin: Returns what the tool yields, or raises why it does not begin.
        name: Its name, for the log.
    """

    def __init__(self, begin: Callable[[], AsyncGenerator[Yielded, None]], name: str) -> None:
        self._name = name
        self._came: asyncio.Queue[Yielded | End] = asyncio.Queue()
        self._room = asyncio.Semaphore(1)
        self._deadline: float | None = None
        self._is_unread = self._is_left = False
        self._task = asyncio.create_task(self._read(begin), name=f"massgen_stream tool {name}")

    async def next(self) -> Yielded | None:
        """Return what the tool yields next; None when it has ended.

        Raises:
            Interrupted: It was cancelled, and did not end in order.
            BaseException: What it raised.
        """
        try:
            async with asyncio.timeout_at(self._deadline):
                one = await self._came.get()
        except TimeoutError:
            raise Interrupted from None
        if not isinstance(one, End):
            self._room.release()
            return one
        if isinstance(one.problem, asyncio.CancelledError) and self._deadline is not None:
            raise Interrupted
        one.check()
        return None

    def cancel(self) -> None:
        """Ask the tool to end; what it still tells can be read."""
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + GRACE_SECONDS
            _UNENDED.add(self._task)
            self._task.add_done_callback(_UNENDED.discard)
            self._task.cancel()

    async def close(self) -> None:
        """End the tool; one that does not end in time goes on without anybody who waits."""
        if self._task.done():
            return
        self.cancel()
        self._is_unread = True
        self._room.release()
        try:
            await ended(self._task, until=self._deadline)
        finally:
            if not self._task.done():
                _LOG.warning("the tool %s was cancelled and does not end; it is left running", self._name)
                self._task.add_done_callback(self._log_end)
                self._is_left = True

    async def _read(self, begin: Callable[[], AsyncGenerator[Yielded, None]]) -> None:
        problem: BaseException | None = None
        try:
            async with aclosing(begin()) as items:
                with suppress(StopAsyncIteration):  # that is its end
                    one = await anext(items)
                    while not self._is_left:
                        one = await self._after(one, items)
        except BaseException as error:  # noqa: BLE001 - handed to the reader
            problem = error
        self._came.put_nowait(End(problem))

    async def _after(self, one: Yielded, items: AsyncGenerator[Yielded, None]) -> Yielded:
        """Hand on what came as soon as there is room, and return what comes next."""
        is_cancelled = False
        try:
            await (asyncio.sleep(0) if self._is_unread else self._room.acquire())
        except asyncio.CancelledError:
            is_cancelled = True
        if not self._is_unread:
            self._came.put_nowait(one)
        return await (items.athrow(asyncio.CancelledError()) if is_cancelled else anext(items))

    def _log_end(self, _: asyncio.Task[None]) -> None:
        _LOG.info("the tool %s, which was left running, has ended", self._name)
