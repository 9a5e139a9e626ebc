"""A picture as a terminal shows it."""

from __future__ import annotations

from typing import NamedTuple

from rich.segment import Segment


class Picture(NamedTuple):
    """Rows of a terminal that show a picture.

    Attributes:
        columns: Width, in cells.
        rows: Height, in cells.
        segments: What is written at the start of a line, and leaves the cursor at the start of the line below.
        removal: What is written, wherever the cursor is, to take it off where overwriting does not.
    """

    columns: int
    rows: int
    segments: list[Segment]
    removal: str = ""


def painted(data: str, columns: int, rows: int, removal: str = "") -> Picture:
    """Return a picture that a graphics protocol draws at the cursor.

    The lines are made first, so that nothing scrolls while it is drawn: terminals do not agree where the cursor stands
    afterwards, which is why it is put back.
    """
    room, back, down = "\n" * rows, f"\x1b[{rows}A", f"\x1b[{rows}B"
    return Picture(columns, rows, [Segment(f"{room}{back}\x1b7{data}\x1b8{down}")], removal)
