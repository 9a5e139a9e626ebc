"""Whether a document, an archive or a recording has the end that its format marks; pure."""

from __future__ import annotations

import re
from typing import IO, Final

_PDF_TAIL_BYTES: Final = 1024
"""Readers look for ``%%EOF`` this far from the end (ISO 32000-1, annex H.3, note 18)."""
_LINEARIZED: Final = re.compile(rb"/Linearized\b[^>]*?/L\s+(\d{1,15})", re.DOTALL)
"""Says how long the file is (ISO 32000-1, annex F.3.3)."""
_ARCHIVE_END: Final = b"PK\x05\x06"
_ARCHIVE_END_BYTES: Final = 22
"""Size of the record at the end, without its comment of up to 64 KiB (APPNOTE 4.3.16)."""
_PAGE: Final = b"OggS"
_PAGE_BYTES: Final = 27
_LAST_PAGE: Final = 4
"""https://www.rfc-editor.org/rfc/rfc3533#section-6"""
_HEADER_ID, _SEGMENT_ID = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
_MOST_SIZE_BYTES: Final = 8


def pdf_ends(raw: IO[bytes], size: int) -> bool:
    """Return whether a PDF has its last line, and the length that it states, where it does."""
    raw.seek(0)
    stated = _LINEARIZED.search(raw.read(_PDF_TAIL_BYTES))
    if stated is not None and int(stated[1]) > size:
        return False
    raw.seek(max(0, size - _PDF_TAIL_BYTES))
    return b"%%EOF" in raw.read(_PDF_TAIL_BYTES)


def archive_ends(raw: IO[bytes], size: int) -> bool:
    """Return whether a ZIP archive has its last record, with all of its comment."""
    start = max(0, size - _ARCHIVE_END_BYTES - 2**16)
    raw.seek(start)
    tail = raw.read()
    place = tail.rfind(_ARCHIVE_END)
    while place >= 0:
        comment = int.from_bytes(tail[place + 20 : place + 22], "little")
        if len(tail) - place >= _ARCHIVE_END_BYTES + comment:
            return True
        place = tail.rfind(_ARCHIVE_END, 0, place)
    return False


def ogg_ends(raw: IO[bytes], size: int) -> bool:
    """Return whether every stream of an Ogg file has its last page, and that page is whole."""
    place, begun, unfinished = 0, False, set()
    while place < size:
        raw.seek(place)
        head = raw.read(_PAGE_BYTES)
        if head[:4] != _PAGE:
            break  # whatever follows the last page is no part of it
        table = raw.read(head[26]) if len(head) == _PAGE_BYTES else b""
        if len(head) < _PAGE_BYTES or len(table) < head[26]:
            return False
        begun, serial = True, head[14:18]
        unfinished.add(serial)
        if head[5] & _LAST_PAGE:
            unfinished.discard(serial)
        place += _PAGE_BYTES + len(table) + sum(table)
    return begun and not unfinished and place <= size


def matroska_ends(raw: IO[bytes], size: int) -> bool:
    """Return whether the segment is as long as it states; one that was recorded as it came states nothing.

    https://www.rfc-editor.org/rfc/rfc8794#section-6
    """
    place = 0
    for wanted in (_HEADER_ID, _SEGMENT_ID):
        raw.seek(place)
        head = raw.read(len(wanted) + _MOST_SIZE_BYTES)
        width = _MOST_SIZE_BYTES + 1 - head[4].bit_length() if len(head) > len(wanted) else 0
        if head[:4] != wanted or not 0 < width <= _MOST_SIZE_BYTES or len(head) < len(wanted) + width:
            return False
        unknown = (1 << (7 * width)) - 1
        length = int.from_bytes(head[4 : 4 + width], "big") & unknown
        if length == unknown:
            return True
        place += len(wanted) + width + length
    return place <= size
