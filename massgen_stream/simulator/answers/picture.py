"""Pictures that are made, not stored: a lighthouse at dusk, as a PNG of any size and sharpness.

https://www.w3.org/TR/png-3/
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_TOP, _BOTTOM, _SEA, _TOWER, _LIGHT = (24, 28, 72), (248, 150, 90), (16, 44, 66), (236, 232, 224), (255, 236, 140)
_HORIZON: Final = 0.7
_ROOF: Final = 0.25

Colour = tuple[int, int, int]


def png(width: int, height: int, *, sharpness: int | None = None) -> bytes:
    """Return the picture as a PNG.

    Args:
        width: In pixels.
        height: In pixels.
        sharpness: Number of rows that are told apart, for a preview; None for all.
    """
    rows = b"".join(b"\x00" + _row(width, _level(y, height, sharpness)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits for each of three colours
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _level(y: int, height: int, sharpness: int | None) -> float:
    """Height of a row in the picture, from 0 at its top to 1."""
    if sharpness is None:
        return y / height
    return (y * sharpness // height) / sharpness


def _row(width: int, level: float) -> bytes:
    tower = max(1, width // 12) if _ROOF <= level < _HORIZON else 0
    before = (width - tower) // 2
    back = bytes(_background(level))
    front = bytes(_LIGHT if level < _ROOF + 0.08 else _TOWER)
    return back * before + front * tower + back * (width - tower - before)


def _background(level: float) -> Colour:
    if level >= _HORIZON:
        return _SEA
    share = level / _HORIZON
    red, green, blue = (round(top + (bottom - top) * share) for top, bottom in zip(_TOP, _BOTTOM, strict=True))
    return red, green, blue


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
