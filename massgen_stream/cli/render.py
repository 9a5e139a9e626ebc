"""Shows any stream of chunks on a terminal.

The answer is written raw, as it arrives: no reflow, no markup, no control characters. Where the console is no terminal,
only the answer goes there; reasoning, tools, status and the closing line go to another console (standard error).
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Container
from types import TracebackType
from typing import Final, Self

from rich.console import Console

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from .screen.closing import closing_line
from .screen.console import StandardConsole
from .screen.lines import citation_line
from .screen.media_view import MediaView
from .screen.page import Page
from .screen.pages import Pages, Shows
from .screen.pictures import Pictures
from .screen.progress import ProgressBars, ProgressLines, ProgressView
from .screen.status_view import StatusView
from .screen.text_view import TextView
from .screen.told import Told
from .screen.tool_view import ToolView
from .screen.waiting import Waiting
from .times import Times, times_of

__all__ = ["Renderer", "Times", "render"]

_GLANCE: Final = 0.2
"""Seconds."""


class Renderer:
    """Shows the chunks of one stream; use it as a context manager, or call `close`.

    Args:
        console: Where the answer goes; by default standard output.
        aside: Where everything else goes; by default *console* if it is a terminal, else standard error.
        hidden: Words of `status` that are not shown.
        animate: Let progress bars move between two chunks (a thread draws them).
        pictures: How pictures are shown: ``auto``, ``kitty``, ``iterm``, ``sixel``, ``blocks`` or ``off``.
    """

    def __init__(
        self,
        console: Console | None = None,
        *,
        aside: Console | None = None,
        hidden: Container[str] = (),
        animate: bool = True,
        pictures: str = "auto",
    ) -> None:
        console = console or StandardConsole()
        aside = aside or (console if console.is_terminal else StandardConsole(stderr=True))
        beside = Page(aside)
        self._waiting = Waiting(aside, animate=animate)
        self._progress = self._progress_on(beside, animate=animate)
        beside.before_writing = self._clear
        self._pages = Pages(beside if aside is console else Page(console), beside)
        self._told, self._pictures = Told(), Pictures(aside, pictures)
        self._media = MediaView(self._pages, self._progress, self._pictures)
        self._animate = animate
        self._shows: Shows = {
            **TextView(self._pages).shows(),
            **ToolView(self._pages).shows(),
            **self._media.shows(),
            **StatusView(self._pages, hidden).shows(),
        }
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def wait(self, text: str) -> None:
        """Say, until there is something to show, what is awaited; only a terminal shows it."""
        self._waiting.show(text)

    async def prepare(self, chunk: BaseStreamChunk) -> None:
        """Draw, in a worker thread, the picture that *chunk* shows when it is fed; else that is done then."""
        if isinstance(chunk, MultimodalStreamChunk) and self._is_shown(chunk):
            self._waiting.hide()
            await self._media.prepare(chunk)

    def feed(self, chunk: BaseStreamChunk) -> None:
        """Show the next chunk. Unknown types, and chunks that are not for display, show nothing.

        Raises:
            OSError: The console cannot be written.
        """
        self._told.feed(chunk)
        if self._is_shown(chunk):
            self._waiting.hide()
            self._shows[ChunkType(chunk.type)](chunk)

    def glance(self, chunk: BaseStreamChunk) -> float:
        """Return how many seconds *chunk* needs to be seen: a preview that the next one replaces at once never is."""
        preview = isinstance(chunk, MultimodalStreamChunk) and chunk.is_partial and chunk.partial_kind == "preview"
        return _GLANCE if preview and self._animate and self._pictures.can_show else 0.0

    def close(self, times: Times | None = None) -> None:
        """Show what stands at the end: other choices, sources, and the closing line if the stream has ended.

        Args:
            times: Seconds since the request; by default what the timestamps of the chunks tell.
        """
        if self._closed:
            return
        self._closed = True
        try:
            self._clear()
        except BaseException:  # another Ctrl-C, between two steps of it
            self._pages.aside.console.show_cursor()
            raise
        finally:
            self._pictures.close()
        self._show_choices()
        self._pages.answer.fresh_line()
        for number, citation in enumerate(self._told.citations, 1):
            self._pages.aside.line(citation_line(number, citation), "sources")
        if self._told.done is not None:
            self._pages.aside.line(closing_line(self._told.done, times or self._told.times()), "closing")

    def _is_shown(self, chunk: BaseStreamChunk) -> bool:
        return chunk.display and chunk.type in self._shows

    def _show_choices(self) -> None:
        for index, pieces in sorted(self._told.choices.items()):
            self._pages.aside.line([(f"── choice {index}", "strong")], f"choice {index}")
            self._pages.answer.flow("".join(pieces), f"answer {index}")

    def _clear(self) -> None:
        self._waiting.hide()
        self._progress.hide()

    def _progress_on(self, page: Page, *, animate: bool) -> ProgressView:
        def make_room() -> None:
            self._waiting.hide()
            page.fresh_line()

        if page.console.is_terminal and not page.console.is_dumb_terminal:
            return ProgressBars(page.console, make_room, animate=animate)
        return ProgressLines(page.line)


async def render(stream: AsyncIterable[BaseStreamChunk], console: Console | None = None) -> None:
    """Show *stream* to its end; a `ChunkStream` also tells the times of its closing line.

    Raises:
        OSError: The console cannot be written.
    """
    with Renderer(console) as renderer:
        async for chunk in stream:
            await renderer.prepare(chunk)
            renderer.feed(chunk)
        renderer.close(times_of(stream))
