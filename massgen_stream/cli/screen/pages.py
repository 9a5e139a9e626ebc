"""The two pages of a stream: the answer, and everything beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...stream_chunk.kinds import ChunkType
from .page import Line, Page
from .picture import Picture

Show = Callable[[Any], None]
Shows = dict[ChunkType, Show]
"""What a view shows: for a type, the function that takes its chunks."""


class Pages:
    """Where a stream is shown; on a terminal both are the same page.

    Attributes:
        answer: The answer alone.
        aside: Reasoning, tools, media, status, errors, the closing line.
    """

    def __init__(self, answer: Page, aside: Page) -> None:
        self.answer, self.aside = answer, aside
        self._speaker: str | None = None
        self._spoken = False

    def item(self, line: Line, section: str = "lines") -> None:
        """Show a line that stands between two pieces of the answer: they must not run into each other."""
        self.answer.fresh_line()
        self.aside.line(line, section)

    def picture(self, picture: Picture) -> None:
        """Show a picture on lines of its own."""
        self.answer.fresh_line()
        self.aside.picture(picture)

    def say(self, text: str, section: str) -> None:
        """Show the next piece of the answer; what stands beside it ends its line first, both may go to one screen."""
        if self.aside is not self.answer:
            self.aside.fresh_line()
        self.answer.flow(text, section)

    def speaker(self, source: str | None) -> None:
        """Say who speaks, when another source takes the word."""
        if self._spoken and source != self._speaker:
            self.aside.line([(f"── {source or 'answer'}", "strong")], f"speaker {source}")
        self._spoken, self._speaker = True, source
