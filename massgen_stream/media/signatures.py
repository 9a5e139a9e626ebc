"""The type of a file by its first bytes: more types, and closer looks, than what goes into a message needs.

Sources: https://mimesniff.spec.whatwg.org, https://www.garykessler.net/library/file_sigs.html, and for containers
https://mp4ra.org/registered-types/brands, https://www.rfc-editor.org/rfc/rfc3533 (Ogg),
https://www.rfc-editor.org/rfc/rfc8794 (EBML).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from ..stream_chunk.formatter.mime import mime_of_bytes
from .text_signatures import type_of_text
from .zip_signatures import ZIP_START, type_of_zip

_MORE: Final = (
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"\xff\x0a", "image/jxl"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"MThd", "audio/midi"),
    (b"#!AMR", "audio/amr"),
    (b"caff", "audio/x-caf"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"BZh", "application/x-bzip2"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"%!PS", "application/postscript"),
    (b"glTF", "model/gltf-binary"),
)
_AIFF: Final = frozenset((b"AIFF", b"AIFC"))
_BRANDS: Final = MappingProxyType(
    {
        b"M4A ": "audio/mp4",
        b"M4B ": "audio/mp4",
        b"avif": "image/avif",
        b"avis": "image/avif",
        b"heic": "image/heic",
        b"heix": "image/heic",
        b"hevc": "image/heic",
        b"mif1": "image/heif",
        b"msf1": "image/heif",
        b"qt  ": "video/quicktime",
        b"3gp4": "video/3gpp",
        b"3gp5": "video/3gpp",
        b"3gp6": "video/3gpp",
    }
)
_FULL_SYNC_BYTES: Final = 188
"""One packet of an MPEG transport stream (ISO/IEC 13818-1)."""
_TAR_MAGIC_AT: Final = 257
_BITMAP_HEADERS: Final = frozenset((12, 40, 52, 56, 64, 108, 124))
"""Sizes of the header that follows the file header of a bitmap; ``BM`` alone may begin any text."""
_ID3_VERSIONS: Final = (2, 3, 4)


def type_of_bytes(head: bytes) -> str | None:
    """Return the MIME type that the first bytes show; None where they show none.

    Args:
        head: The first bytes; some types are seen only with 4 KiB of them.
    """
    return _of_binary(head) or type_of_text(head)


def _of_binary(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    if head.startswith(ZIP_START):
        return type_of_zip(head)
    if head.startswith(b"OggS"):
        return "video/ogg" if b"\x80theora" in head[:256] else "audio/ogg"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if _is_lookalike(head):
        return None
    known = mime_of_bytes(head) or next((mime for start, mime in _MORE if head.startswith(start)), None)
    return known or _of_places(head)


def _of_brands(head: bytes) -> str:
    """Return the type of an ISO media file; the main brand counts first, then those that it says it suits."""
    size = int.from_bytes(head[:4], "big")
    brands = [head[8:12], *(head[place : place + 4] for place in range(16, min(size, len(head), 128), 4))]
    found = (_BRANDS[brand] for brand in brands if brand in _BRANDS)
    first = next(found, "video/mp4")
    generic = first == "image/heif" or brands[0] not in _BRANDS
    if not generic:
        return first
    pictures = [_BRANDS[brand] for brand in brands if _BRANDS.get(brand, "").startswith("image/")]
    return next((one for one in pictures if one != "image/heif"), pictures[0] if pictures else "video/mp4")


def _is_lookalike(head: bytes) -> bool:
    """Return whether *head* is text that begins like a binary type of two or three letters."""
    if head.startswith(b"BM"):
        return int.from_bytes(head[14:18], "little") not in _BITMAP_HEADERS
    return head.startswith(b"ID3") and head[3:4] not in [bytes((version,)) for version in _ID3_VERSIONS]


def _of_places(head: bytes) -> str | None:
    """Return the type of what is marked elsewhere than at its start."""
    if head.startswith(b"FORM") and head[8:12] in _AIFF:
        return "audio/aiff"
    if head[:1] == b"G" and head[_FULL_SYNC_BYTES : _FULL_SYNC_BYTES + 1] == b"G" and b"\x00" in head[:8]:
        return "video/mp2t"
    if head[_TAR_MAGIC_AT : _TAR_MAGIC_AT + 5] == b"ustar":
        return "application/x-tar"
    return None
