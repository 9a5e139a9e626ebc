"""Ctrl-C that asks a stream to end, instead of tearing it down."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupt:
    """Whether Ctrl-C was pressed.

    Attributes:
        happened: True from the first time on.
    """

    def __init__(self) -> None:
        self.happened = False


@contextmanager
def on_interrupt(action: Callable[[], None]) -> Iterator[Interrupt]:
    """Run *action* in the event loop at the first Ctrl-C; the next one does what it did before.

    Outside the main thread, where Python delivers no signals, nothing changes.
    """
    interrupt = Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGINT)

    def interrupted(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - what a handler is given
        interrupt.happened = True
        signal.signal(signal.SIGINT, before if callable(before) else signal.default_int_handler)
        loop.call_soon_threadsafe(action)  # a signal comes between any two instructions

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
