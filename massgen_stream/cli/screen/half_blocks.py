"""Pictures made of half blocks: each cell is two pixels, one above the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from .picture import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

UPPER_HALF: Final = "▀"


def half_blocks(image: Image) -> Picture:
    """Return *image* (RGB), a pixel being half a cell."""
    pixels: Any = image.load()
    last = image.height - 1
    lines = [
        [*(_cell(pixels[x, y], pixels[x, min(y + 1, last)]) for x in range(image.width)), Segment.line()]
        for y in range(0, image.height, 2)
    ]
    return Picture(image.width, len(lines), [segment for line in lines for segment in line])


def _cell(upper: tuple[int, int, int], lower: tuple[int, int, int]) -> Segment:
    return Segment(UPPER_HALF, Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower)))
