"""Standard output and standard error as consoles."""

from __future__ import annotations

import errno
import os
from typing import NoReturn

from rich.console import Console


class StandardConsole(Console):
    """A console that leaves it to the program what a reader that went away means; rich itself would exit."""

    def on_broken_pipe(self) -> NoReturn:
        """Pass the news on.

        Raises:
            BrokenPipeError: Always.
        """
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
