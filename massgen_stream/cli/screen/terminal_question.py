"""Asks the terminal, without disturbing who types there.

It is asked only in the foreground, and only if nothing waits to be read: what was typed ahead belongs to the next
program. What is typed while the answer comes is put back where the system allows it. An answer that comes late is taken
away at the end.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from time import monotonic
from typing import IO, Final

from .own_terminal import own_terminal
from .terminal_answer import END, typed_in

_PATIENCE: Final = 1.0
"""Seconds; that is a slow line: a terminal at hand answers in a few milliseconds."""
_LONG_PATIENCE: Final = 2.0
"""Seconds after which nothing is waited for any more, even at the end: a silent terminal may stay silent."""
_PIECE_BYTES: Final = 4096


class Questions:
    """Asks the terminal behind an output, and takes what it answers out of what is typed.

    Args:
        file: What is written to the terminal.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._owed = 0
        self._last = 0.0

    def asked(self, questions: bytes) -> bytes:
        """Return what the terminal answers; nothing if it is none, is not ours, or is silent.

        Args:
            questions: The last one is for device attributes, which says that all has been answered.
        """
        return self._at_terminal(partial(self._exchange, questions))

    def close(self) -> None:
        """Take away what is answered late: the next program would take it for typing."""
        if self._owed:
            self._at_terminal(partial(self._heard, self._last + _LONG_PATIENCE))
            self._owed = 0

    def _at_terminal(self, action: Callable[[int], bytes]) -> bytes:
        if sys.platform == "win32":
            return b""
        import termios  # noqa: PLC0415 - Windows has none

        try:
            with own_terminal(self._file) as terminal, _raw(terminal):
                return action(terminal)
        except (OSError, ValueError, termios.error):  # a closed file, one without a number, one that went away
            return b""

    def _exchange(self, questions: bytes, terminal: int) -> bytes:
        if not self._owed and _waits(terminal, 0):
            return b""
        os.write(terminal, questions)
        self._owed, self._last = self._owed + 1, monotonic()
        return self._heard(self._last + _PATIENCE, terminal)

    def _heard(self, end: float, terminal: int) -> bytes:
        """Return all that comes up to the end of the answers, at the latest until *end*."""
        heard = b""
        try:
            while len(END.findall(heard)) < self._owed and _waits(terminal, end - monotonic()):
                piece = os.read(terminal, _PIECE_BYTES)
                if not piece:
                    break
                heard += piece
        finally:
            self._owed -= len(END.findall(heard))
            _put_back(terminal, typed_in(heard))
        return heard


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
