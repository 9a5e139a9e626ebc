"""Whether a file ends where its own figures say: containers state the sizes of their parts."""

from __future__ import annotations

from typing import IO, Final, Literal

from ..errors import BrokenMedia
from .local_file import LocalFile

_ISO: Final = frozenset((
    "video/mp4", "audio/mp4", "video/quicktime", "video/3gpp", "audio/3gpp", "image/avif", "image/heic", "image/heif",
))  # fmt: skip
_RIFF: Final = frozenset(("audio/wav", "image/webp", "video/x-msvideo"))
_FORM: Final = frozenset(("audio/aiff",))
_UNKNOWN_SIZE: Final = 0x7FFF_0000
"""RIFF sizes from here on are what is written while the end is not known yet (``0xFFFFFFFF``, ``0x7FFFxxxx``)."""
_MOST_BOXES: Final = 100_000
_HEADER_BYTES: Final = 8


def check_whole(file: LocalFile) -> None:
    """Check the sizes that the container states; blocks.

    Raises:
        BrokenMedia: The file is shorter.
    """
    if file.mime_type in _ISO:
        with file.opened() as raw:
            needed = _iso_size(raw, file.size_bytes)
    elif file.mime_type in _RIFF | _FORM:
        with file.opened() as raw:
            needed = _chunk_size(raw.read(_HEADER_BYTES), "big" if file.mime_type in _FORM else "little")
    else:
        return
    if needed > file.size_bytes:
        raise BrokenMedia(f"it is cut off: {file.size_bytes} bytes are there, and it says that it has {needed}")


def _chunk_size(head: bytes, order: Literal["big", "little"]) -> int:
    size = int.from_bytes(head[4:8], order)
    return 0 if size >= _UNKNOWN_SIZE else size + _HEADER_BYTES


def _iso_size(raw: IO[bytes], there: int) -> int:
    """Return where the last box ends (ISO/IEC 14496-12, 4.2); size 0 is "to the end"."""
    place = 0
    for _ in range(_MOST_BOXES):
        raw.seek(place)
        head = raw.read(16)
        if len(head) < _HEADER_BYTES:
            return place + _HEADER_BYTES if head else place
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        if size == 0:
            return there
        if size < _HEADER_BYTES:
            return there  # no box: what follows the last one is the decoder's business
        place += size
        if place >= there:
            return place
    return there
