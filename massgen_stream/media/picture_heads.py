"""Pixels of a picture by the first bytes of its file: no library is loaded, and nothing is decoded."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Final, Protocol

Size = tuple[int, int]

_HEAD_BYTES: Final = 30
_SEGMENTS: Final = 512
"""As many parts of a JPEG as are looked through before its size: a colour profile alone may have 255."""
_FILL_BYTES: Final = 64
"""As many bytes as may fill up before the mark of a part, it included; any number is allowed, and none is usual."""
_FRAME_BYTES: Final = 8
"""Kind, length, bits, height and width of a frame."""
_MARK: Final = b"\xff"
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Marks of the parts of a JPEG that hold its size: ITU-T T.81, table B.1."""
_LOWEST_14_BITS: Final = 0x3FFF


class Readable(Protocol):
    """Bytes that are read in places: a file, or what stands for one."""

    def read(self, count: int, /) -> bytes:
        """Return the next bytes, fewer only at the end."""

    def seek(self, place: int, /) -> object:
        """Go to a place, counted from the beginning; it may be behind the end."""


def stored_size(file: Readable) -> Size | None:
    """Return width and height of a PNG, JPEG, GIF or WebP as it is stored, not as it is turned to be seen; blocks.

    However large the file is, and whatever it holds, some ten thousand bytes of it are read at most.

    Args:
        file: At its beginning.

    Returns:
        Pixels; None: it is none of those, cut off before its size, or has it behind more than is looked through.
    """
    head = file.read(_HEAD_BYTES)
    try:
        if head.startswith(b"\xff\xd8\xff"):
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


def _of_jpeg(file: Readable) -> Size | None:
    place = 2
    for _ in range(_SEGMENTS):
        file.seek(place)
        head = file.read(_FILL_BYTES + _FRAME_BYTES)
        part = head.lstrip(_MARK)
        filled = len(head) - len(part)
        kind, length = struct.unpack_from(">BH", part)
        if filled not in range(1, _FILL_BYTES + 1):
            return None
        if kind in _FRAMES:
            height, width = _pair(">HH", part, 4)
            return width, height
        place += filled + 1 + length
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
