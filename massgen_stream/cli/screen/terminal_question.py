"""Asks the terminal, without disturbing who types there.

It is asked only in the foreground, and only if nothing waits to be read: what was typed ahead belongs to the next
program. What is typed while the answer comes is put back where the system allows it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import IO, Final

from .own_terminal import own_terminal
from .terminal_answer import END, typed_in

_PATIENCE: Final = 1.0
"""Seconds; that is a slow line: a terminal at hand answers in a few milliseconds."""
_PIECE_BYTES: Final = 4096


def asked(file: IO[str], questions: bytes) -> bytes:
    """Return what the terminal behind *file* answers; nothing if it is none, is not ours, or is silent."""
    if sys.platform == "win32":
        return b""
    import termios  # noqa: PLC0415 - Windows has none

    try:
        with own_terminal(file) as terminal, _raw(terminal):
            return _exchange(terminal, questions)
    except (OSError, ValueError, termios.error):  # a closed file, one without a number, one that went away
        return b""


@contextmanager
def _raw(terminal: int) -> Iterator[None]:
    """Let keys come as they are pressed, and unseen; Ctrl-C stays what it is."""
    import termios  # noqa: PLC0415

    before = termios.tcgetattr(terminal)
    settings = [*before]
    settings[3] &= ~(termios.ICANON | termios.ECHO)
    try:
        termios.tcsetattr(terminal, termios.TCSANOW, settings)
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)


def _exchange(terminal: int, questions: bytes) -> bytes:
    """Return all that came up to the end of the answer."""
    if _waits(terminal, 0):
        return b""
    os.write(terminal, questions)
    heard, end = b"", monotonic() + _PATIENCE
    while END.search(heard) is None and _waits(terminal, end - monotonic()):
        piece = os.read(terminal, _PIECE_BYTES)
        if not piece:
            break
        heard += piece
    _put_back(terminal, typed_in(heard))
    return heard


def _waits(terminal: int, seconds: float) -> bool:
    """Return whether there is something to read, at the latest after so many *seconds*."""
    import select  # noqa: PLC0415 - for terminals only

    return bool(select.select([terminal], [], [], max(seconds, 0))[0])


def _put_back(terminal: int, typed: bytes) -> None:
    """Type it again; Linux may be told to refuse (``dev.tty.legacy_tiocsti``)."""
    import fcntl  # noqa: PLC0415
    import termios  # noqa: PLC0415

    with suppress(OSError):
        for code in typed:
            fcntl.ioctl(terminal, termios.TIOCSTI, bytes([code]))
