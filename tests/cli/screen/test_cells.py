"""The size of a cell."""

from __future__ import annotations

import fcntl
import io
import os
import struct
import termios

import pytest

from massgen_stream.cli.screen.cells import Cell, cell_of


@pytest.mark.parametrize(
    ("told", "cell"),
    [
        ((40, 100, 800, 640), Cell(8, 16)),
        ((40, 100, 1199, 959), Cell(11, 23)),
        ((24, 80, 0, 0), None),
        ((0, 0, 0, 0), None),
        ((24, 80, 24, 80), None),
    ],
)
def test_what_the_system_knows(told: tuple[int, int, int, int], cell: Cell | None) -> None:
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *told))
    with os.fdopen(slave, "w") as file:
        assert cell_of(file) == cell
    os.close(master)


def test_what_is_no_terminal_has_no_cells() -> None:
    assert cell_of(io.StringIO()) is None
