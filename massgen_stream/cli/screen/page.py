"""Where text goes on a terminal or into a file: sections that flow, whole lines, and the blank lines between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from rich.console import Console
from rich.segment import Segment
from rich.style import Style

from ..plain_text import TextCleaner, neutral
from .picture import Picture
from .stage import paint, write

Span = tuple[str, str]
"""A text and the name of its style in `STYLES`."""
Line = list[Span]

STYLES: Final = {
    "": Style.null(),
    "quiet": Style(dim=True),
    "reasoning": Style(dim=True, italic=True),
    "strong": Style(bold=True),
    "tool": Style(color="cyan"),
    "media": Style(color="magenta"),
    "good": Style(color="green"),
    "warning": Style(color="yellow"),
    "refusal": Style(color="yellow"),
    "error": Style(color="red", bold=True),
}


class Page:
    """One console. Text that flows keeps its section; another section starts on a fresh line after a blank one.

    Nothing is wrapped, cropped, parsed as markup or highlighted; control characters never reach the console.

    Attributes:
        console: Where it is written.
        before_writing: Called before anything is written, so that progress bars can step aside.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.before_writing: Callable[[], None] = lambda: None
        self._cleaner = TextCleaner()
        self._section: str | None = None
        self._style = ""
        self._at_line_start = True

    def flow(self, text: str, section: str, style: str = "") -> None:
        """Write the next piece of running *text*."""
        if section != self._section:
            self._enter(section)
        self._style = style
        self._write(self._cleaner.feed(text), style)

    def line(self, spans: Iterable[Span], section: str = "lines") -> None:
        """Write a line of its own."""
        if section != self._section:
            self._enter(section)
        self.fresh_line()
        self._put([Segment(neutral(text), STYLES[style]) for text, style in spans] + [Segment.line()])

    def picture(self, picture: Picture, section: str = "lines") -> None:
        """Write a picture on lines of its own."""
        if section != self._section:
            self._enter(section)
        self.fresh_line()
        self.before_writing()
        paint(self.console, picture.segments)

    def fresh_line(self) -> None:
        """Go to the start of a line, unless there already."""
        self._write(self._cleaner.close(), self._style)
        if not self._at_line_start:
            self._put([Segment.line()])
            self._at_line_start = True

    def _enter(self, section: str) -> None:
        self.fresh_line()
        if self._section is not None:
            self._put([Segment.line()])
        self._section = section

    def _write(self, text: str, style: str) -> None:
        if text:
            self._put([Segment(text, STYLES[style])])
            self._at_line_start = text.endswith("\n")

    def _put(self, segments: list[Segment]) -> None:
        self.before_writing()
        write(self.console, segments)
