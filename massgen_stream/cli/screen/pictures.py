"""Makes pictures that fit a terminal, in the best way that it has."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Mapping
from functools import cached_property
from importlib.util import find_spec
from itertools import count
from typing import Final

from rich.console import Console

from ...stream_chunk.multimodal import MultimodalStreamChunk
from .canvas import Canvas
from .cells import USUAL, Cell, cell_of
from .graphics import AUTO, Graphics, graphics_of
from .half_blocks import UPPER_HALF
from .image_data import holds_image
from .picture import Picture
from .terminal_answer import SIXELS, WHO, Answer, answer_in
from .terminal_question import Questions
from .whole_output import WholeOutput

_COLOURFUL: Final = ("truecolor", "256")
_LEAST_COLUMNS: Final = 20
_MOST_COLUMNS: Final = 72
_MOST_ROWS: Final = 24
_NUMBERS: Final = 2**31
"""kitty counts to twice as many; other programs in the same window begin at 1."""


class Pictures:
    """Makes pictures that fit a terminal; it is asked what it can do when the first picture has come.

    Args:
        console: The terminal.
        wish: One of `graphics.CHOICES`.
        environ: By default the environment of this process.
    """

    def __init__(self, console: Console, wish: str = AUTO, environ: Mapping[str, str] | None = None) -> None:
        self._console, self._wish = console, wish
        self._environ = os.environ if environ is None else environ
        self._numbers = count(secrets.randbelow(_NUMBERS) + 1)
        self._output, self._questions = WholeOutput(console.file), Questions(console.file)
        self._prepared: tuple[MultimodalStreamChunk, Picture | None] | None = None

    @property
    def can_show(self) -> bool:
        """Whether the terminal shows pictures at all."""
        return self._graphics is not Graphics.OFF

    async def prepare(self, chunk: MultimodalStreamChunk) -> None:
        """Draw, in a worker thread, what `of` will return for *chunk*; the terminal is asked before, and here."""
        canvas = self._canvas(chunk)
        if canvas is not None:
            self._prepared = (chunk, await asyncio.to_thread(canvas.picture, chunk))

    def of(self, chunk: MultimodalStreamChunk) -> Picture | None:
        """Return what an image looks like; None where it is none, cannot be read, or cannot be shown here."""
        prepared, self._prepared = self._prepared, None
        if prepared is not None and prepared[0] is chunk:
            return prepared[1]
        canvas = self._canvas(chunk)
        return None if canvas is None else canvas.picture(chunk)

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._output.release()
        self._questions.close()

    def _canvas(self, chunk: MultimodalStreamChunk) -> Canvas | None:
        """Return where an image is drawn; None where there is none, or none can be shown."""
        if not holds_image(chunk) or not self.can_show:
            return None
        columns, rows = min(_MOST_COLUMNS, self._console.width - 2), min(_MOST_ROWS, self._console.height // 2)
        if self._graphics is Graphics.BLOCKS:
            return Canvas(self._graphics, columns, rows)
        self._output.hold()
        colours = self._sixels.colours if self._graphics is Graphics.SIXEL else None
        return Canvas(self._graphics, columns, rows, self._cell, colours, next(self._numbers))

    @cached_property
    def _graphics(self) -> Graphics:
        found = Graphics.OFF if not _has_room(self._console) or find_spec("PIL") is None else self._wished()
        return Graphics.OFF if found is Graphics.BLOCKS and not _shows_blocks(self._console) else found

    def _wished(self) -> Graphics:
        if self._wish != AUTO:
            return Graphics(self._wish)
        if self._console.no_color:
            return Graphics.OFF
        return graphics_of(self._environ, self._who) if self._console.file.isatty() else Graphics.BLOCKS

    def _who(self) -> Answer | None:
        return answer_in(self._questions.asked(WHO))

    @cached_property
    def _sixels(self) -> Answer:
        return answer_in(self._questions.asked(SIXELS)) or Answer()

    @cached_property
    def _cell(self) -> Cell:
        cell = cell_of(self._console.file)
        if cell is None and self._graphics is Graphics.SIXEL:
            cell = self._sixels.cell
        return cell or USUAL


def _has_room(console: Console) -> bool:
    """Return whether a console is a terminal that draws more than lines, and wide enough."""
    drawing = console.is_terminal and not console.is_dumb_terminal and not console.legacy_windows
    return drawing and console.width >= _LEAST_COLUMNS


def _shows_blocks(console: Console) -> bool:
    """Return whether a console has half blocks, and enough colours."""
    return console.color_system in _COLOURFUL and not console.no_color and _has(console.encoding)


def _has(encoding: str) -> bool:
    try:
        UPPER_HALF.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
