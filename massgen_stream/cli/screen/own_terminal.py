"""The terminal behind an output, as long as it is ours: a program in the background leaves it alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO


@contextmanager
def own_terminal(file: IO[str]) -> Iterator[int]:
    """Open the terminal for reading and writing, and yield its descriptor.

    Raises:
        OSError: It is none, or another program has it.
        ValueError: *file* is closed.
    """
    if sys.platform == "win32":
        raise OSError("no such terminals here")
    terminal = os.open(os.ttyname(file.fileno()), os.O_RDWR | os.O_NOCTTY)
    try:
        if os.tcgetpgrp(terminal) != os.getpgrp():
            raise OSError("in the background")
        yield terminal
    finally:
        os.close(terminal)
