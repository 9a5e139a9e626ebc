"""Pixels of a picture by the first bytes of its file: no library is loaded, and nothing is decoded."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import IO, Final

Size = tuple[int, int]

_HEAD_BYTES: Final = 30
_SEGMENTS: Final = 1000
"""As many parts of a JPEG as are looked through before its size."""
JPEG: Final = b"\xff\xd8\xff"
"""How one begins; its size may stand behind thousands of other bytes."""
_MARK: Final = 0xFF
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Marks of the parts of a JPEG that hold its size: ITU-T T.81, table B.1."""
_LOWEST_14_BITS: Final = 0x3FFF


def stored_size(file: IO[bytes]) -> Size | None:
    """Return width and height of a PNG, JPEG, GIF or WebP as it is stored, not as it is turned to be seen; blocks.

    Args:
        file: Opened at its beginning; it can be sought in.

    Returns:
        Pixels; None: it is none of those, or cut off before its size.
    """
    head = file.read(_HEAD_BYTES)
    try:
        if head.startswith(JPEG):
            return _of_jpeg(file)
        if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
            return _pair(">II", head, 16)
        if head.startswith((b"GIF87a", b"GIF89a")):
            return _pair("<HH", head, 6)
        if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
            return _WEBP[head[12:16]](head)
    except (struct.error, KeyError):
        pass
    return None


def _pair(form: str, data: bytes, place: int) -> Size:
    width, height = struct.unpack_from(form, data, place)
    return width, height


def _of_jpeg(file: IO[bytes]) -> Size | None:
    file.seek(2)
    for _ in range(_SEGMENTS):
        first, kind = struct.unpack(">BB", file.read(2))
        while kind == _MARK:  # a byte that fills up
            kind = struct.unpack(">B", file.read(1))[0]
        if first != _MARK:
            return None
        length = struct.unpack(">H", file.read(2))[0]
        if kind in _FRAMES:
            height, width = struct.unpack(">xHH", file.read(5))
            return width, height
        file.seek(length - 2, 1)
    return None


def _of_lossy_webp(head: bytes) -> Size:
    width, height = _pair("<HH", head, 26)
    return width & _LOWEST_14_BITS, height & _LOWEST_14_BITS


def _of_lossless_webp(head: bytes) -> Size:
    bits = struct.unpack_from("<I", head, 21)[0]
    return (bits & _LOWEST_14_BITS) + 1, (bits >> 14 & _LOWEST_14_BITS) + 1


def _of_extended_webp(head: bytes) -> Size:
    if len(head) < _HEAD_BYTES:
        raise struct.error
    return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1


_WEBP: Final[Mapping[bytes, Callable[[bytes], Size]]] = {
    b"VP8 ": _of_lossy_webp,
    b"VP8L": _of_lossless_webp,
    b"VP8X": _of_extended_webp,
}
"""By the first part of the file: https://developers.google.com/speed/webp/docs/riff_container."""
