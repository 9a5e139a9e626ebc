"""Runs a simulator in a thread, for callers in other event loops or in none."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any

Running = tuple[asyncio.AbstractEventLoop, asyncio.Event]


@contextmanager
def running_in_thread(context: AbstractAsyncContextManager[Any]) -> Generator[None]:
    """Enter *context* in an event loop in a new thread, and leave it there at the end of the block."""
    started: Future[Running] = Future()
    live = _live(context, started)
    thread = threading.Thread(target=asyncio.run, args=(live,), name="massgen_stream simulator", daemon=True)
    thread.start()
    try:
        loop, leave = started.result()
    except BaseException:
        if started.done():  # else the wait was interrupted, and so would be this one
            thread.join()
        raise
    try:
        yield
    finally:
        loop.call_soon_threadsafe(leave.set)
        thread.join()


async def _live(context: AbstractAsyncContextManager[Any], started: Future[Running]) -> None:
    leave = asyncio.Event()
    try:
        async with context:
            started.set_result((asyncio.get_running_loop(), leave))
            await leave.wait()
    except BaseException as problem:
        if started.done():
            raise
        started.set_exception(problem)  # for the thread that waits, which raises it
