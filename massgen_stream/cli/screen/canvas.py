"""A place for a picture on a terminal, with all that is known of it: what is drawn there needs nothing else."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple

from ...stream_chunk.multimodal import MultimodalStreamChunk
from .cells import USUAL, Cell
from .graphics import Graphics
from .half_blocks import half_blocks
from .image_data import image_data, image_within
from .iterm import iterm
from .kitty import kitty, kitty_removal
from .picture import Picture, painted
from .sixel import sixel

if TYPE_CHECKING:
    from PIL.Image import Image

_MOST_SENT: Final = (864, 576)
"""Width and height in pixels; more of them would take long on a slow line."""


class Canvas(NamedTuple):
    """Where a picture is drawn, and how.

    Attributes:
        graphics: The way of showing it.
        columns: Most cells of its width.
        rows: Most cells of its height.
        cell: Pixels of a cell.
        colours: Most colours of sixels; None: it is not known.
        number: What kitty calls the picture.
    """

    graphics: Graphics
    columns: int
    rows: int
    cell: Cell = USUAL
    colours: int | None = None
    number: int = 0

    def picture(self, chunk: MultimodalStreamChunk) -> Picture | None:
        """Return what an image looks like, None where it cannot be read; this takes up to seconds."""
        data = image_data(chunk)
        image = None if data is None else image_within(data, *self._most_pixels())
        if image is None:
            return None
        return half_blocks(image) if self.graphics is Graphics.BLOCKS else self._painted(image)

    def _most_pixels(self) -> tuple[int, int]:
        if self.graphics is Graphics.BLOCKS:
            return self.columns, self.rows * 2
        width, height = self.columns * self.cell.width, self.rows * self.cell.height
        if self.graphics is Graphics.SIXEL:  # a pixel of it is one of the screen: it cannot be sent smaller
            return min(width, _MOST_SENT[0]), min(height, _MOST_SENT[1])
        return width, height

    def _painted(self, image: Image) -> Picture:
        cell = self.cell
        columns, rows = -(-image.width // cell.width), -(-image.height // cell.height)
        if self.graphics is Graphics.SIXEL:
            return painted(sixel(image, self.colours), columns, rows)
        png = _png(image, columns * cell.width, rows * cell.height)
        if self.graphics is Graphics.ITERM:
            return painted(iterm(png, columns, rows), columns, rows)
        return painted(kitty(png, self.number, columns, rows), columns, rows, kitty_removal(self.number))


def _png(image: Image, width: int, height: int) -> bytes:
    """Return *image* at the upper left of so many pixels, whole cells, so that none is stretched."""
    from PIL import Image  # noqa: PLC0415 - an optional library

    canvas = Image.new("RGBA", (width, height))
    canvas.paste(image)
    canvas.thumbnail(_MOST_SENT)
    out = BytesIO()
    canvas.save(out, "PNG")
    return out.getvalue()
