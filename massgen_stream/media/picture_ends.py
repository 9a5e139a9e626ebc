"""Whether a picture has the end that its format marks; pure, and reads no more than it must."""

from __future__ import annotations

import re
from typing import IO, Final

_BLOCK_BYTES: Final = 2**16
_PNG_FIRST_CHUNK: Final = 8
_PNG_CHUNK_FRAME: Final = 12
"""Length, type and checksum of a chunk (https://www.w3.org/TR/png-3/#5Chunk-layout)."""
_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""What is no restart, no stuffed byte and no filling (ITU-T T.81, B.1.1.2)."""
_BARE_MARKERS: Final = frozenset((0x01, 0xD8))
"""Markers without a segment."""
_END_OF_IMAGE: Final = 0xD9
_GIF_HEADER_BYTES: Final = 13
_GIF_TABLE, _GIF_TABLE_SIZE = 0x80, 0x07
_GIF_EXTENSION, _GIF_IMAGE, _GIF_TRAILER = b"\x21", b"\x2c", b"\x3b"
"""https://www.w3.org/Graphics/GIF/spec-gif89a.txt, appendix A"""


def png_ends(raw: IO[bytes], size: int) -> bool:
    """Return whether the chunks of a PNG lead to a whole ``IEND``."""
    place = _PNG_FIRST_CHUNK
    while place + _PNG_CHUNK_FRAME <= size:
        raw.seek(place)
        head = raw.read(8)
        if head[4:] == b"IEND":
            return True
        place += _PNG_CHUNK_FRAME + int.from_bytes(head[:4], "big")
    return False


def jpeg_ends(raw: IO[bytes], size: int) -> bool:
    """Return whether the segments of a JPEG lead to an end-of-image marker; those of pictures inside do not count."""
    block = _Block(raw)
    place = 2
    while place < size:
        found = block.next_marker(place)
        if found is None:
            return False
        marker, place = found
        if marker == _END_OF_IMAGE:
            return True
        if marker not in _BARE_MARKERS:
            place += max(2, block.number(place))
    return False


class _Block:
    """A part of a file, which is left only for what is outside of it: segments may be four bytes long."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw, self._start, self._held = raw, 0, b""

    def number(self, place: int) -> int:
        """Return the number in the two bytes at *place*."""
        offset = self._reach(place)
        return int.from_bytes(self._held[offset : offset + 2], "big")

    def next_marker(self, place: int) -> tuple[int, int] | None:
        """Return the next marker from *place* on, and where it ends."""
        offset = self._reach(place)
        while offset + 1 < len(self._held):
            found = _MARKER.search(self._held, offset)
            if found is not None:
                return self._held[found.end() - 1], self._start + found.end()
            offset = self._reach(self._start + len(self._held) - 1)
        return None

    def _reach(self, place: int) -> int:
        """Return where in the block *place* is, with the byte behind it unless the file ends."""
        if place + 2 > self._start + len(self._held):
            self._raw.seek(place)
            self._start, self._held = place, self._raw.read(_BLOCK_BYTES)
        return place - self._start


def gif_ends(raw: IO[bytes], size: int) -> bool:  # noqa: ARG001 - its blocks tell where they end
    """Return whether the blocks of a GIF lead to its trailer."""
    raw.seek(0)
    header = raw.read(_GIF_HEADER_BYTES)
    if len(header) < _GIF_HEADER_BYTES:
        return False
    _pass_table(raw, header[10])
    while (kind := raw.read(1)) != _GIF_TRAILER:
        if kind == _GIF_IMAGE:
            descriptor = raw.read(9)
            _pass_table(raw, descriptor[8] if len(descriptor) == 9 else 0)  # noqa: PLR2004 - its size
        elif kind != _GIF_EXTENSION:
            return False
        raw.read(1)  # what sort of extension, or the size of codes
        while length := raw.read(1):
            if length == b"\0":
                break
            raw.seek(length[0], 1)
    return True


def _pass_table(raw: IO[bytes], packed: int) -> None:
    """Go on behind a table of colours, where there is one."""
    if packed & _GIF_TABLE:
        raw.seek(3 << ((packed & _GIF_TABLE_SIZE) + 1), 1)
