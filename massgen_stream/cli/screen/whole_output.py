"""Pictures that reach the terminal whole, whatever is typed meanwhile.

What is typed is shown by the system in the middle of what is written, and Ctrl-C throws away what the terminal has not
read yet (``ECHO`` and ``NOFLSH`` in termios(3)). Either tears a picture, whose rest would stand there as text.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from .own_terminal import own_terminal


class WholeOutput:
    """Lets a terminal keep at Ctrl-C what it was sent.

    Args:
        file: What is written to the terminal.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._held = False

    def hold(self) -> None:
        """Keep it, from now on."""
        self._held = self._held or _switched(self._file, "NOFLSH", on=True)

    def release(self) -> None:
        """Let the terminal do as before."""
        if self._held:
            self._held = False
            _switched(self._file, "NOFLSH", on=False)


@contextmanager
def unechoed(file: IO[str]) -> Iterator[None]:
    """Let nothing that is typed be shown between what is written in the block."""
    switched = _switched(file, "ECHO", on=False)
    try:
        yield
    finally:
        if switched:
            _switched(file, "ECHO", on=True)


def _switched(file: IO[str], name: str, *, on: bool) -> bool:
    """Switch a local mode of the terminal, and return whether it was the other way before."""
    if sys.platform == "win32":
        return False
    import termios  # noqa: PLC0415 - Windows has none

    try:
        with own_terminal(file) as terminal:
            settings, mode = termios.tcgetattr(terminal), getattr(termios, name)
            was_on = bool(settings[3] & mode)
            settings[3] = settings[3] | mode if on else settings[3] & ~mode
            termios.tcsetattr(terminal, termios.TCSANOW, settings)
    except (OSError, ValueError, termios.error):  # no terminal, or not ours
        return False
    return was_on is not on
