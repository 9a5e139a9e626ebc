"""A terminal that has graphics: what a person sees of a console's text and pictures.

The decoders know nothing of the encoders: they follow the descriptions of the protocols.
"""

from __future__ import annotations

import io
import re
from base64 import b64decode
from itertools import pairwise
from typing import Any, NamedTuple

import pyte
from PIL import Image
from rich.console import Console

from ..screens import written

CELL = (8, 16)
_PICTURE = re.compile(r"(\x1b_G.*?\x1b\\|\x1bP.*?\x1b\\|\x1b\]1337;.*?\x07)", re.DOTALL)


class Seen(NamedTuple):
    """A picture, and the cells that it covers."""

    protocol: str
    row: int
    column: int
    columns: int
    rows: int
    image: Image.Image
    number: int = 0


class GraphicsScreen:
    """Obeys text and pictures. A picture goes when its cells are erased or painted over, kitty's when it is told to.

    Args:
        width: In cells.
        height: In cells.
        torn: Whether a picture may be cut short; then nothing of it is seen.
        cell: Width and height of a cell, in pixels.
    """

    def __init__(self, width: int, height: int, *, torn: bool = False, cell: tuple[int, int] = CELL) -> None:
        self._torn, self._cell = torn, cell
        self.text = pyte.Screen(width, height)
        self.pictures: list[Seen] = []
        self._stream = pyte.Stream(self.text)
        self._pieces = ""
        self._keys: dict[str, str] = {}

    @property
    def lines(self) -> list[str]:
        """The text, without the empty lines at the bottom."""
        return "\n".join(row.rstrip() for row in self.text.display).rstrip().split("\n")

    def feed(self, output: str) -> None:
        for piece in _PICTURE.split(output):
            if piece.startswith("\x1b_G"):
                self._kitty(piece)
            elif piece.startswith("\x1bP"):
                picture = sixels(piece)
                self._add("sixel", picture, -(-picture.width // self._cell[0]), -(-picture.height // self._cell[1]))
            elif piece.startswith("\x1b]"):
                keys, picture = inline(piece)
                self._add("iterm", picture, int(keys["width"]), int(keys["height"]))
            else:
                self._text(piece)

    def _text(self, piece: str) -> None:
        for part in re.split(r"(\x1b\[J)", piece):
            if part == "\x1b[J":
                top = self.text.cursor.y
                self.pictures = [one for one in self.pictures if one.protocol == "kitty" or one.row < top]
            self._stream.feed(part)

    def _kitty(self, piece: str) -> None:
        keys, payload = pieces(piece)
        if keys.get("a") == "d":
            assert (keys["d"], keys["q"]) == ("I", "2")
            self.pictures = [one for one in self.pictures if one.number != int(keys["i"])]
            return
        self._keys, self._pieces = self._keys or keys, self._pieces + payload
        if keys["m"] == "0" and not self._torn:
            picture = Image.open(io.BytesIO(b64decode(self._pieces)))
            first, self._keys, self._pieces = self._keys, {}, ""
            assert (first["a"], first["f"], first["C"], first["q"]) == ("T", "100", "1", "2")
            self._add("kitty", picture, int(first["c"]), int(first["r"]), int(first["i"]))

    def _add(self, protocol: str, image: Image.Image, columns: int, rows: int, number: int = 0) -> None:
        place = self.text.cursor.y, self.text.cursor.x
        assert place[0] + rows <= self.text.lines
        self.pictures = [
            one
            for one in self.pictures
            if (one.row, one.column) != place or (one.protocol == "kitty" and one.number != number)
        ]
        self.pictures.append(Seen(protocol, *place, columns, rows, image, number))


def sees(console: Console) -> GraphicsScreen:
    """What a person sees after everything that was written."""
    shown = GraphicsScreen(console.width, console.height)
    shown.feed(written(console).replace("\n", "\r\n"))
    return shown


def pieces(code: str) -> tuple[dict[str, str], str]:
    """Keys and payload of an escape code of kitty."""
    found = re.fullmatch(r"\x1b_G([^;]*)(?:;(.*))?\x1b\\", code)
    assert found is not None
    assert len(found[2] or "") <= 4096
    return dict(pair.split("=") for pair in found[1].split(",")), found[2] or ""


def inline(code: str) -> tuple[dict[str, str], Image.Image]:
    """Arguments and picture of an inline image."""
    found = re.fullmatch(r"\x1b\]1337;File=([^:]*):(.*)\x07", code)
    assert found is not None
    keys, data = dict(pair.split("=") for pair in found[1].split(";")), b64decode(found[2])
    assert (keys["inline"], int(keys["size"])) == ("1", len(data))
    return keys, Image.open(io.BytesIO(data))


_TOKEN = re.compile(r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)([?-~])|([?-~])|([$])|(-)")


def sixels(code: str) -> Image.Image:
    """The picture that a terminal makes of sixels; what nobody paints stays transparent."""
    found = re.fullmatch(r'\x1bP0;1;0q"1;1;(\d+);(\d+)(.*)\x1b\\', code, re.DOTALL)
    assert found is not None
    picture = Image.new("RGBA", (int(found[1]), int(found[2])))
    pixels: Any = picture.load()
    palette: dict[str, tuple[int, int, int, int]] = {}
    tokens, x, top, colour = list(_TOKEN.finditer(found[3])), 0, 0, ""
    assert all(before.end() == after.start() for before, after in pairwise(tokens))
    for token in tokens:
        register, red, green, blue, chosen, times, repeated, single, back, _ = token.groups()
        if register:
            palette[register] = (*(round(int(part) * 2.55) for part in (red, green, blue)), 255)  # type: ignore[assignment]
        elif chosen:
            colour = chosen
        elif repeated or single:
            for _ in range(int(times or 1)):
                bits = ord(repeated or single) - 63
                for bit in range(6):
                    if bits >> bit & 1:
                        pixels[x, top + bit] = palette[colour]
                x += 1
        else:
            x, top = 0, top if back else top + 6
    return picture
