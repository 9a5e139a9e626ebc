"""How many pixels a cell of a terminal has."""

from __future__ import annotations

import struct
import sys
from typing import IO, Final, NamedTuple


class Cell(NamedTuple):
    """Size in pixels."""

    width: int
    height: int


USUAL: Final = Cell(8, 16)
"""Where nothing is known: rather too small, so that no picture runs into the text below it."""


def cell_of(file: IO[str]) -> Cell | None:
    """Return what the terminal behind *file* has told the system; None where it has not, as many do not."""
    if sys.platform == "win32":
        return None
    import fcntl  # noqa: PLC0415 - Windows has none
    import termios  # noqa: PLC0415

    try:
        told = fcntl.ioctl(file.fileno(), termios.TIOCGWINSZ, bytes(8))
    except (OSError, ValueError):  # no terminal, no number, closed
        return None
    rows, columns, width, height = struct.unpack("HHHH", told)
    if not rows or not columns or width < columns or height < rows:
        return None
    return Cell(width // columns, height // rows)
