"""Hosts that run inside this process, such as the simulator."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

Launch = Callable[[], AbstractAsyncContextManager[str]]


class LaunchedHost:
    """A host under way, in a task of its own: whoever stops it may be another task than the one that started it.

    Attributes:
        base_url: Where it listens.
    """

    def __init__(self, base_url: str, task: asyncio.Task[None], stop: asyncio.Event) -> None:
        self.base_url, self._task, self._stop = base_url, task, stop

    @classmethod
    async def start(cls, launch: Launch) -> LaunchedHost:
        """Start the host; raises what *launch* raises."""
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        stop = asyncio.Event()
        task = asyncio.ensure_future(_host(launch, ready, stop))
        both: list[asyncio.Future[Any]] = [task, ready]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            await task  # it ended before it was ready, so it raises
        return cls(ready.result(), task, stop)

    async def aclose(self) -> None:
        """Stop the host and wait until it has stopped; raises what stopping it raises."""
        self._stop.set()
        await self._task


async def _host(launch: Launch, ready: asyncio.Future[str], stop: asyncio.Event) -> None:
    async with launch() as base_url:
        ready.set_result(base_url)
        await stop.wait()
