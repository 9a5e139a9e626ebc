"""Standard output and standard error as consoles."""

from __future__ import annotations

import errno
import os
from typing import Final, NoReturn

from rich.console import Console

_SIZES: Final = ("COLUMNS", "LINES")


class StandardConsole(Console):
    """A console that leaves it to the program what a reader that went away means; rich itself would exit.

    A size of 0 in the environment is one that is not known: rich would show nothing in it.
    """

    def __init__(self, *, stderr: bool = False, force_terminal: bool | None = None) -> None:
        unknown = [name for name in _SIZES if not os.environ.get(name, "").strip("0")]
        environ = {name: value for name, value in os.environ.items() if name not in unknown}
        super().__init__(stderr=stderr, force_terminal=force_terminal, _environ=environ)

    def on_broken_pipe(self) -> NoReturn:
        """Pass the news on.

        Raises:
            BrokenPipeError: Always.
        """
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
