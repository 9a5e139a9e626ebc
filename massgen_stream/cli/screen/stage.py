"""The place of one picture at a time, above what moves below it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from rich.console import Console, ConsoleDimensions
from rich.segment import Segment, Segments

from .picture import Picture
from .whole_output import unechoed

_HOLD: Final = "\x1b[?2026h"
_RELEASE: Final = "\x1b[?2026l"
"""Synchronised output: https://github.com/contour-terminal/vt-extensions/blob/master/synchronized-output.md."""
_ERASE: Final = "\x1b[J"
_END: Final = "\x1b\\"
"""Ends a picture that was cut short; without it the terminal would take what follows for its data."""


class Stage:
    """Shows a picture, and another one in its place.

    Args:
        console: The terminal. Whenever the stage is used, the cursor stands at the start of the line below the picture.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: Picture | None = None
        self._size = ConsoleDimensions(0, 0)

    def show(self, picture: Picture) -> None:
        """Show *picture*."""
        before, start = self._shown, self._way_up()
        is_as_large = before is not None and before[:2] == picture[:2]
        start += _ERASE if start and not is_as_large else ""
        removal = Segment("" if before is None else before.removal)
        self._shown, self._size = picture, self._console.size
        paint(self._console, [Segment(start), *picture.segments, removal])

    def clear(self) -> None:
        """Take the picture away."""
        if self._shown is not None:
            up = self._way_up()
            text = self._shown.removal + (up + _ERASE if up else "")
            self._shown = None
            write(self._console, [Segment(text)])

    def _way_up(self) -> str:
        """Return what leads to the picture's first line, or to the top of the screen if that has scrolled off.

        In a window that has another size by now, nobody knows where it is.
        """
        if self._shown is None or self._size != self._console.size:
            return ""
        return f"\x1b[{self._shown.rows}A"


def paint(console: Console, segments: list[Segment]) -> None:
    """Write a picture, undisturbed by what is typed.

    Raises:
        OSError: The console cannot be written.
    """
    with unechoed(console.file):
        write(console, segments)


def write(console: Console, segments: list[Segment]) -> None:
    """Write *segments* as they are.

    Raises:
        OSError: The console cannot be written.
    """
    try:
        console.print(Segments(segments), end="", crop=False)
        console.file.flush()
    except BaseException:  # a second Ctrl-C in the middle of a picture
        if console.is_terminal:
            with suppress(OSError, ValueError):
                console.file.write(_END)
        raise


@contextmanager
def at_once(console: Console) -> Iterator[None]:
    """Let the terminal show what is written in the block in one go, where it knows how to."""
    write(console, [Segment(_HOLD)])
    try:
        yield
    finally:
        write(console, [Segment(_RELEASE)])
