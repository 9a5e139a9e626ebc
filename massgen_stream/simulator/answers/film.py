"""Films that are made, not stored: H.264 in MP4, of any length, one picture a second that grows brighter and darker.

Every macroblock is sent as it is (I_PCM), so nothing has to be computed. https://www.itu.int/rec/T-REC-H.264 (7.3) and
ISO/IEC 14496-12 and -15 for the file.
"""

from __future__ import annotations

import struct
from typing import Final

BLOCK: Final = 16
"""Pixels of a macroblock; width and height are multiples of it."""
_BASELINE, _LEVEL = 66, 30
_I_PCM, _I_SLICE = 25, 7
_TIMESCALE: Final = 1000
_MATRIX: Final = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


class _Bits:
    """Writes fields of any number of bits."""

    def __init__(self) -> None:
        self._bits = ""

    def plain(self, value: int, count: int = 1) -> _Bits:
        self._bits += f"{value:0{count}b}"
        return self

    def golomb(self, *values: int) -> _Bits:
        """Write unsigned Exp-Golomb codes."""
        for value in values:
            code = f"{value + 1:b}"
            self._bits += "0" * (len(code) - 1) + code
        return self

    def aligned(self) -> bytes:
        bits = self._bits + "0" * (-len(self._bits) % 8)
        return int(bits, 2).to_bytes(len(bits) // 8, "big")

    def ended(self) -> bytes:
        self._bits += "1"
        return self.aligned()


def mp4(width: int, height: int, seconds: int) -> bytes:
    """Return the film.

    Args:
        width: In pixels, a multiple of `BLOCK`.
        height: The same.
        seconds: Its length, and the number of its pictures.
    """
    across, down = width // BLOCK, height // BLOCK
    pictures = [_picture(across, down, number) for number in range(seconds)]
    kind = _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomavc1mp41")
    start = len(kind) + len(_movie(across, down, pictures, 0)) + 8
    return kind + _movie(across, down, pictures, start) + _box(b"mdat", *pictures)


def _picture(across: int, down: int, number: int) -> bytes:
    """Return one picture, with the length before it; no byte of a sample is 0, so nothing needs an escape."""
    head = _Bits().golomb(0, _I_SLICE, 0).plain(0, 4).golomb(number % 2).plain(0, 2).golomb(0, 1).golomb(_I_PCM)
    light = 60 + 40 * abs(2 - number % 4)
    rows = [bytes([light + 60 * row // down]) * (BLOCK * BLOCK) + b"\x90" * 64 + b"\x70" * 64 for row in range(down)]
    blocks = [row for row in rows for _ in range(across)]
    between = _Bits().golomb(_I_PCM).aligned()
    data = b"\x65" + head.aligned() + between.join(blocks) + b"\x80"
    return struct.pack(">I", len(data)) + data


def _settings(across: int, down: int) -> tuple[bytes, bytes]:
    """Return the sequence's and the picture's parameter sets."""
    sequence = _Bits().plain(_BASELINE, 8).plain(0xC0, 8).plain(_LEVEL, 8).golomb(0, 0, 2, 0).plain(0)
    sequence.golomb(across - 1, down - 1).plain(0b1100, 4)
    picture = _Bits().golomb(0, 0).plain(0, 2).golomb(0, 0, 0).plain(0, 3).golomb(0, 0, 0).plain(0b100, 3)
    return b"\x67" + sequence.ended(), b"\x68" + picture.ended()


def _movie(across: int, down: int, pictures: list[bytes], start: int) -> bytes:
    length, width, height = len(pictures) * _TIMESCALE, across * BLOCK, down * BLOCK
    times = struct.pack(">4I", 0, 0, _TIMESCALE, length)
    header = _box(b"mvhd", bytes(4), times, struct.pack(">IH10x", 0x10000, 0x100), _MATRIX, bytes(24), b"\0\0\0\2")
    place = (
        struct.pack(">6I", 3, 0, 0, 1, 0, length) + bytes(16) + _MATRIX + struct.pack(">2I", width << 16, height << 16)
    )
    media = _box(
        b"mdia",
        _box(b"mdhd", bytes(4), times, struct.pack(">HH", 0x55C4, 0)),
        _box(b"hdlr", bytes(8), b"vide", bytes(12), b"simulated\0"),
        _box(
            b"minf",
            _box(b"vmhd", struct.pack(">I8x", 1)),
            _box(b"dinf", _box(b"dref", struct.pack(">2I", 0, 1), _box(b"url ", struct.pack(">I", 1)))),
            _table(across, down, pictures, start),
        ),
    )
    return _box(b"moov", header, _box(b"trak", _box(b"tkhd", place), media))


def _table(across: int, down: int, pictures: list[bytes], start: int) -> bytes:
    """Return where each picture is, and how it is coded."""
    sequence, picture = _settings(across, down)
    sets = struct.pack(">BH", 0xE1, len(sequence)) + sequence + struct.pack(">BH", 1, len(picture)) + picture
    coding = _box(b"avcC", bytes([1, _BASELINE, 0xC0, _LEVEL, 0xFF]), sets)
    size = struct.pack(">HH", across * BLOCK, down * BLOCK)
    entry = bytes(6) + struct.pack(">H16x", 1) + size + struct.pack(">3IH", 0x480000, 0x480000, 0, 1)
    entry += bytes(32) + struct.pack(">Hh", 24, -1)
    count = len(pictures)
    return _box(
        b"stbl",
        _box(b"stsd", struct.pack(">2I", 0, 1), _box(b"avc1", entry, coding)),
        _box(b"stts", struct.pack(">4I", 0, 1, count, _TIMESCALE)),
        _box(b"stsc", struct.pack(">5I", 0, 1, 1, count, 1)),
        _box(b"stsz", struct.pack(">3I", 0, 0, count), *(struct.pack(">I", len(one)) for one in pictures)),
        _box(b"stco", struct.pack(">3I", 0, 1, start)),
    )


def _box(name: bytes, *content: bytes) -> bytes:
    return struct.pack(">I", 8 + sum(map(len, content))) + name + b"".join(content)
