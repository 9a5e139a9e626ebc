"""Pictures on a terminal, made of half blocks: each cell is two pixels, one above the other."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.color import Color
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style

from ...stream_chunk.kinds import MediaEncoding, MediaType
from ...stream_chunk.media_item import bytes_or_reference
from ...stream_chunk.multimodal import MultimodalStreamChunk

if TYPE_CHECKING:
    from PIL.Image import Image

_UPPER_HALF: Final = "▀"
_COLOURFUL: Final = ("truecolor", "256")
_LEAST_COLUMNS: Final = 20
_MOST_COLUMNS: Final = 72
_MOST_ROWS: Final = 24
_MOST_PIXELS: Final = 64_000_000
_MOST_BYTES: Final = 64 * 1024 * 1024
_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
_BEHIND: Final = (24, 24, 24)
"""What is seen through transparent places."""


class Picture:
    """A picture as a terminal shows it; something that rich can print.

    Attributes:
        lines: Rows of cells.
    """

    def __init__(self, lines: list[list[Segment]]) -> None:
        self.lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.lines:
            yield from line
            yield Segment.line()


class Pictures:
    """Makes pictures that fit a terminal.

    Args:
        console: The terminal.

    Attributes:
        can_show: Whether it shows pictures at all.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self.can_show = shows_pictures(console)

    def of(self, chunk: MultimodalStreamChunk) -> Picture | None:
        """Return what an image looks like; None where it is none, cannot be read, or cannot be shown here."""
        if not self.can_show or chunk.media_type is not MediaType.IMAGE:
            return None
        data = _data(chunk)
        columns = min(_MOST_COLUMNS, self._console.width - 2)
        rows = min(_MOST_ROWS, self._console.height // 2)
        return None if data is None else drawn(data, columns, rows)


def shows_pictures(console: Console) -> bool:
    """Return whether a console shows half blocks in enough colours, and whether pictures can be decoded."""
    colourful = console.color_system in _COLOURFUL and not console.no_color
    place = console.is_terminal and not console.is_dumb_terminal and console.width >= _LEAST_COLUMNS
    return place and colourful and _has(console.encoding) and find_spec("PIL") is not None


def drawn(data: bytes, columns: int, rows: int) -> Picture | None:
    """Return a picture of at most so many columns and rows; None if it cannot be read."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - an optional library

    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            picture.draft("RGB", (columns * 2, rows * 4))
            small = picture.convert("RGBA")
            small.thumbnail((columns, rows * 2))
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    flat = Image.new("RGBA", small.size, _BEHIND)
    flat.alpha_composite(small)
    return Picture(_cells(flat.convert("RGB")))


def _cells(image: Image) -> list[list[Segment]]:
    pixels: Any = image.load()
    last = image.height - 1
    return [
        [_cell(pixels[x, y], pixels[x, min(y + 1, last)]) for x in range(image.width)]
        for y in range(0, image.height, 2)
    ]


def _cell(upper: tuple[int, int, int], lower: tuple[int, int, int]) -> Segment:
    return Segment(_UPPER_HALF, Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower)))


def _data(chunk: MultimodalStreamChunk) -> bytes | None:
    """Return the bytes that a chunk holds, or that are in its file."""
    if chunk.media_data is not None and chunk.media_encoding in (MediaEncoding.BINARY, MediaEncoding.BASE64):
        data = bytes_or_reference(chunk)
        return data if isinstance(data, bytes) else None
    place = Path(chunk.path) if chunk.path else None
    try:
        known = place is not None and place.is_file() and place.stat().st_size <= _MOST_BYTES
        return place.read_bytes() if place is not None and known else None
    except (OSError, ValueError):  # a zero byte in the name
        return None


def _has(encoding: str) -> bool:
    try:
        _UPPER_HALF.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
