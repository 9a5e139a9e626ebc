"""What a tool does, in a task of its own: who waits for it can stop waiting, whatever it does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final, NamedTuple

from ..backend.patience import Interrupted
from ..stream_chunk.base import BaseStreamChunk
from .tools import ToolOutput

Yielded = BaseStreamChunk | ToolOutput

_LOG: Final = logging.getLogger(__name__)
GRACE_SECONDS: Final = 6.0
"""How long a cancelled tool may take to end: a little more than the job of a vendor may take to be cancelled."""
_UNENDED: Final[set[asyncio.Task[None]]] = set()
"""Cancelled tools, until they end: a loop refers to its tasks weakly."""


class _End(NamedTuple):
    """The tool has ended.

    Attributes:
        problem: What it raised; None: nothing.
    """

    problem: BaseException | None


class ToolTask:
    """Reads the generator of one call.

    Laws:
        1. The generator is read, and closed, by one task, and at most one item ahead of its reader.
        2. What it yields is told in order, also after `cancel`, until it ends or `GRACE_SECONDS` have passed.
        3. A tool that does not end then is left running: it is logged, and referred to until it ends.

    Args:
        stream: What the tool yields.
        name: Its name, for the log.
    """

    def __init__(self, stream: AsyncGenerator[Yielded, None], name: str) -> None:
        self._name = name
        self._came: asyncio.Queue[Yielded | _End] = asyncio.Queue()
        self._room = asyncio.Semaphore(1)
        self._deadline: float | None = None
        self._is_left = False
        self._task = asyncio.create_task(self._read(stream), name=f"massgen_stream tool {name}")

    async def next(self) -> Yielded | None:
        """Return what the tool yields next; None when it has ended.

        Raises:
            Interrupted: It was cancelled, and did not end in order.
            Exception: What it raised.
        """
        try:
            async with asyncio.timeout_at(self._deadline):
                one = await self._came.get()
        except TimeoutError:
            raise Interrupted from None
        if not isinstance(one, _End):
            self._room.release()
            return one
        if isinstance(one.problem, asyncio.CancelledError) and self._deadline is not None:
            raise Interrupted
        if one.problem is not None:
            raise one.problem
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
        left = (self._deadline or 0.0) - asyncio.get_running_loop().time()
        try:
            await asyncio.wait((self._task,), timeout=max(left, 0.0))
        finally:
            if not self._task.done():
                _LOG.warning("the tool %s was cancelled and does not end; it is left running", self._name)
                self._task.add_done_callback(self._log_end)
                self._is_left = True
                self._room.release()

    async def _read(self, stream: AsyncGenerator[Yielded, None]) -> None:
        problem: BaseException | None = None
        try:
            async with aclosing(stream) as items:
                async for one in items:
                    await self._room.acquire()
                    if self._is_left:
                        break
                    self._came.put_nowait(one)
        except (Exception, SystemExit, asyncio.CancelledError) as error:  # noqa: BLE001 - handed to the reader
            problem = error
        self._came.put_nowait(_End(problem))

    def _log_end(self, _: asyncio.Task[None]) -> None:
        _LOG.info("the tool %s, which was left running, has ended", self._name)
