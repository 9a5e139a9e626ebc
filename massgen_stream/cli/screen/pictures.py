"""Makes pictures that fit a terminal, in the best way that it has."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from functools import cached_property
from importlib.util import find_spec
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Final

from rich.console import Console

from ...stream_chunk.kinds import MediaType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from .cells import USUAL, Cell, cell_of
from .graphics import AUTO, Graphics, graphics_of
from .half_blocks import UPPER_HALF, half_blocks
from .image_data import image_data, image_within
from .iterm import iterm
from .kitty import kitty, kitty_removal
from .picture import Picture, painted
from .sixel import sixel
from .terminal_answer import SIXELS, WHO, Answer, answer_in
from .terminal_question import asked
from .whole_output import WholeOutput

if TYPE_CHECKING:
    from PIL.Image import Image

_COLOURFUL: Final = ("truecolor", "256")
_LEAST_COLUMNS: Final = 20
_MOST_COLUMNS: Final = 72
_MOST_ROWS: Final = 24
_MOST_SENT: Final = (864, 576)
"""Width and height in pixels; more of them would take long on a slow line."""
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
        self._output = WholeOutput(console.file)

    @property
    def can_show(self) -> bool:
        """Whether the terminal shows pictures at all."""
        return self._graphics is not Graphics.OFF

    def of(self, chunk: MultimodalStreamChunk) -> Picture | None:
        """Return what an image looks like; None where it is none, cannot be read, or cannot be shown here."""
        data = image_data(chunk) if chunk.media_type is MediaType.IMAGE and self.can_show else None
        if data is None:
            return None
        columns = min(_MOST_COLUMNS, self._console.width - 2)
        rows = min(_MOST_ROWS, self._console.height // 2)
        if self._graphics is Graphics.BLOCKS:
            image = image_within(data, columns, rows * 2)
            return None if image is None else half_blocks(image)
        return self._painted(data, columns, rows)

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._output.release()

    def _painted(self, data: bytes, columns: int, rows: int) -> Picture | None:
        """Return a picture in pixels, of at most so many cells."""
        cell, is_sixel = self._cell, self._graphics is Graphics.SIXEL
        width, height = columns * cell.width, rows * cell.height
        if is_sixel:  # a pixel of it is one of the screen: it cannot be sent smaller than it is shown
            width, height = min(width, _MOST_SENT[0]), min(height, _MOST_SENT[1])
        image = image_within(data, width, height)
        if image is None:
            return None
        self._output.hold()
        columns, rows = -(-image.width // cell.width), -(-image.height // cell.height)
        if is_sixel:
            return painted(sixel(image, self._sixels.colours), columns, rows)
        png = _png(image, columns * cell.width, rows * cell.height)
        if self._graphics is Graphics.ITERM:
            return painted(iterm(png, columns, rows), columns, rows)
        number = next(self._numbers)
        return painted(kitty(png, number, columns, rows), columns, rows, kitty_removal(number))

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
        return answer_in(asked(self._console.file, WHO))

    @cached_property
    def _sixels(self) -> Answer:
        return answer_in(asked(self._console.file, SIXELS)) or Answer()

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


def _png(image: Image, width: int, height: int) -> bytes:
    """Return *image* at the upper left of so many pixels, whole cells, so that none is stretched."""
    from PIL import Image  # noqa: PLC0415 - an optional library

    canvas = Image.new("RGBA", (width, height))
    canvas.paste(image)
    canvas.thumbnail(_MOST_SENT)
    out = BytesIO()
    canvas.save(out, "PNG")
    return out.getvalue()
