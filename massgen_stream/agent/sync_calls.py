"""Plain functions that are called for an event loop: in threads of their own, which end with them."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from threading import Event
from typing import Final, TypeVar

from ..media.worker_thread import in_own_thread

Result = TypeVar("Result")

_LEFT: Final[contextvars.ContextVar[Event | None]] = contextvars.ContextVar("massgen_stream_tool_left", default=None)


async def called_in_thread(call: Callable[[], Result]) -> Result:
    """Return what *call* returns.

    A function cannot be stopped from outside. When the wait for it is cancelled, it goes on without anybody who waits,
    unless it asks `is_cancelled` from time to time; its thread ends with it.
    """
    left = Event()
    context = contextvars.copy_context()
    context.run(_LEFT.set, left)
    try:
        return await in_own_thread(lambda: context.run(call), name="massgen-stream-tool")
    finally:
        left.set()


def is_cancelled() -> bool:
    """Return, inside of a plain function that is a tool, whether nobody waits for it any more."""
    left = _LEFT.get()
    return left is not None and left.is_set()
