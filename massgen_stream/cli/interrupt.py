"""Ctrl-C, or a request to end, that asks a stream to end, instead of tearing it down."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

_BY_SIGNAL: Final = 128
"""Added to the signal's number, as shells say it."""
_ASKING: Final = (signal.SIGINT, signal.SIGTERM)


class Interrupt:
    """Whether the program was asked to end.

    Attributes:
        happened: True from the first time on.
        code: The exit code that tells of it.
    """

    def __init__(self) -> None:
        self.happened = False
        self.code = 0


@contextmanager
def on_interrupt(action: Callable[[], None]) -> Iterator[Interrupt]:
    """Run *action* in the event loop at the first Ctrl-C or SIGTERM; the next one does what it did before.

    Outside the main thread, where Python delivers no signals, nothing changes.
    """
    interrupt = Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return
    loop, before = asyncio.get_running_loop(), {one: signal.getsignal(one) for one in _ASKING}

    def interrupted(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - what a handler is given
        interrupt.happened, interrupt.code = True, _BY_SIGNAL + number
        _restore(before)
        loop.call_soon_threadsafe(action)  # a signal comes between any two instructions

    for one in _ASKING:
        signal.signal(one, interrupted)
    try:
        yield interrupt
    finally:
        _restore(before)


def _restore(before: Mapping[signal.Signals, Any]) -> None:
    """Give signals back to who had them; one that was set outside of Python does what Python would."""
    usual: dict[signal.Signals, Any] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    for one, handler in before.items():
        signal.signal(one, usual[one] if handler is None else handler)
