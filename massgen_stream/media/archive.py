"""ZIP archives, which office documents are too: what they would unpack to, without unpacking them."""

from __future__ import annotations

import struct
import zipfile
from typing import Final

from ..errors import BrokenMedia, UnsafeMedia
from .decoding_limits import DecodingLimits, refuse_above
from .local_file import LocalFile

_ZIP_ENDINGS: Final = (".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".zst", ".tar", ".tgz", ".jar")
_MOST_EXPANSION: Final = 1000
"""Times its packed size that one file may have; deflate can reach 1032, only on bytes that are all the same."""
_WORTH_WATCHING: Final = 16 * 2**20
"""Bytes of one file below which its expansion does not matter."""
_END_OF_ARCHIVE: Final = b"PK\x05\x06"
_END_BYTES: Final = 22
"""Size of the record at the end, without its comment of up to 64 KiB (APPNOTE 4.3.16)."""
_TAIL_BYTES: Final = _END_BYTES + 2**16


def check_archive(file: LocalFile, limits: DecodingLimits) -> int:
    """Check what a ZIP archive would unpack to, and return how many files it has.

    Raises:
        BrokenMedia: It cannot be read.
        UnsafeMedia: It is a bomb, or holds another archive.
    """
    try:
        with file.opened() as raw, zipfile.ZipFile(raw) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError, EOFError) as error:
        raise BrokenMedia(f"the archive cannot be read: {error}; it is cut off or damaged") from None
    refuse_above("max_entries", len(entries), limits.max_entries, f"an archive of {len(entries)} files")
    unpacked = sum(entry.file_size for entry in entries)
    refuse_above("max_unpacked_bytes", unpacked, limits.max_unpacked_bytes, f"an archive of {unpacked} bytes unpacked")
    for entry in entries:
        if entry.filename.lower().endswith(_ZIP_ENDINGS):
            raise UnsafeMedia("it is an archive with an archive in it; unpack it, and send what is needed")
        if entry.file_size > max(_WORTH_WATCHING, _MOST_EXPANSION * entry.compress_size):
            raise UnsafeMedia(f"the archive holds a file that unpacks to {entry.file_size} bytes; it is a bomb")
    return len(entries)


def refuse_hidden_archive(file: LocalFile) -> None:
    """Check that no archive is appended: readers of ZIP look for it at the end, whatever comes before.

    Raises:
        UnsafeMedia: There is one.
    """
    tail = file.tail(_TAIL_BYTES)
    place = tail.rfind(_END_OF_ARCHIVE)
    if place < 0 or len(tail) - place < _END_BYTES:
        return
    comment = int.from_bytes(tail[place + 20 : place + 22], "little")
    entries = int.from_bytes(tail[place + 10 : place + 12], "little")
    if entries and len(tail) - place - _END_BYTES == comment:
        raise UnsafeMedia(
            f"it passes for {file.mime_type} and for a ZIP archive at once; send one that is only the first"
        )
