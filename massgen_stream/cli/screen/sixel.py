"""Sixel graphics: https://vt100.net/docs/vt3xx-gp/chapter14.html."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

_HEIGHT: Final = 6
"""Pixels, one above the other, that a character stands for: bits from the top, counted from ``?``."""
_NONE: Final = b"?"
_RUN: Final = re.compile(rb"(.)\1{3,}", re.DOTALL)
_MOST_COLOURS: Final = 256


def sixel(image: Image, colours: int | None = None) -> str:
    """Return what draws *image* (RGB) at the cursor, in at most so many *colours*; None where it is not known."""
    few = _dithered(image, max(2, min(colours or _MOST_COLOURS, _MOST_COLOURS)))
    pixels, width = few.tobytes(), few.width
    rows = [pixels[start : start + width] for start in range(0, len(pixels), width)]
    bands = (_band(rows[top : top + _HEIGHT], width) for top in range(0, len(rows), _HEIGHT))
    return f'\x1bP0;1;0q"1;1;{width};{few.height}{"".join(_registers(few))}{"-".join(bands)}\x1b\\'


def _dithered(image: Image, colours: int) -> Image:
    """Return *image* with a palette of its own."""
    from PIL.Image import Dither  # noqa: PLC0415 - an optional library

    return image.quantize(palette=image.quantize(colours), dither=Dither.FLOYDSTEINBERG)


def _registers(image: Image) -> Iterator[str]:
    """Yield the definitions of the colours, whose parts are percentages."""
    palette = image.getpalette() or []
    for number in sorted(set(image.tobytes())):
        red, green, blue = (round(part * 100 / 255) for part in palette[number * 3 : number * 3 + 3])
        yield f"#{number};2;{red};{green};{blue}"


def _band(rows: list[bytes], width: int) -> str:
    """Return six rows, colour by colour: ``$`` goes back to their beginning."""
    drawn: dict[int, bytearray] = {}
    for bit, row in enumerate(rows):
        for x, colour in enumerate(row):
            if colour not in drawn:
                drawn[colour] = bytearray(_NONE * width)
            drawn[colour][x] += 1 << bit
    return "$".join(f"#{colour}{_shortened(line)}" for colour, line in drawn.items())


def _shortened(line: bytearray) -> str:
    """Return *line* with ``!`` and a count in place of repetitions, and without what it ends with and draws nothing."""
    return _RUN.sub(_counted, bytes(line).rstrip(_NONE)).decode("ascii")


def _counted(run: re.Match[bytes]) -> bytes:
    return b"!%d%c" % (len(run[0]), run[1])
