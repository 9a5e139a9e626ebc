"""What a ZIP archive is: office documents, books and packages are all ZIP.

Layout: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from ..stream_chunk.formatter.mime import EXTENSIONS

ZIP_START: Final = (b"PK\x03\x04", b"PK\x05\x06")
"""A first entry, or the end of an archive without any."""

_HEADER_BYTES: Final = 30
_FOLDERS: Final = MappingProxyType(
    {b"word/": EXTENSIONS["docx"], b"xl/": EXTENSIONS["xlsx"], b"ppt/": EXTENSIONS["pptx"]}
)
"""Folder that only one kind of Office Open XML has (ECMA-376, part 2)."""


def type_of_zip(head: bytes) -> str:
    """Return the MIME type that the first entries of an archive show, at least that of ZIP itself."""
    for name, content in _entries(head):
        if name == b"mimetype":  # OpenDocument and EPUB say it themselves, in their first entry
            declared = content[:100].partition(b"PK")[0].decode("ascii", "replace").strip()
            return declared if declared.startswith("application/") else "application/zip"
        found = next((mime for folder, mime in _FOLDERS.items() if name.startswith(folder)), None)
        if found is not None:
            return found
    return "application/zip"


def _entries(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and beginning of the content of each entry whose header is within *head*."""
    place = head.find(ZIP_START[0])
    while 0 <= place <= len(head) - _HEADER_BYTES:
        length = int.from_bytes(head[place + 26 : place + 28], "little")
        extra = int.from_bytes(head[place + 28 : place + 30], "little")
        start = place + _HEADER_BYTES
        packed = int.from_bytes(head[place + 18 : place + 22], "little")
        content = head[start + length + extra :]
        yield head[start : start + length], content[:packed] if packed else content
        place = head.find(ZIP_START[0], start + length)
