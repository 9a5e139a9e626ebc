"""MIME types from the first bytes of a medium, and from names.

Signatures: https://mimesniff.spec.whatwg.org/#matching-a-mime-type-pattern and https://www.garykessler.net/library/file_sigs.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

HEAD_BYTES: Final = 64
"""As many bytes as `mime_of_bytes` looks at."""

_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_RIFF: Final = MappingProxyType({b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"})
_BRANDS: Final = MappingProxyType(
    {
        b"avif": "image/avif",
        b"avis": "image/avif",
        b"heic": "image/heic",
        b"heix": "image/heic",
        b"mif1": "image/heif",
        b"M4A ": "audio/mp4",
        b"qt  ": "video/quicktime",
    }
)
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLIDES: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
# A table of our own: the standard library's reads files of the machine.
EXTENSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "png": "image/png",
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "gif": "image/gif",
        "webp": "image/webp",
        "avif": "image/avif",
        "heic": "image/heic",
        "bmp": "image/bmp",
        "tif": "image/tiff",
        "tiff": "image/tiff",
        "svg": "image/svg+xml",
        "wav": "audio/wav",
        "mp3": "audio/mpeg",
        "m4a": "audio/mp4",
        "aac": "audio/aac",
        "ogg": "audio/ogg",
        "opus": "audio/opus",
        "flac": "audio/flac",
        "mp4": "video/mp4",
        "mov": "video/quicktime",
        "webm": "video/webm",
        "mkv": "video/x-matroska",
        "avi": "video/x-msvideo",
        "pdf": "application/pdf",
        "txt": "text/plain",
        "md": "text/markdown",
        "csv": "text/csv",
        "html": "text/html",
        "htm": "text/html",
        "xml": "application/xml",
        "json": "application/json",
        "zip": "application/zip",
        "doc": "application/msword",
        "docx": _WORD,
        "xls": "application/vnd.ms-excel",
        "xlsx": _SHEET,
        "ppt": "application/vnd.ms-powerpoint",
        "pptx": _SLIDES,
    }
)
"""MIME type by file name extension."""

_DOCUMENTS: Final = frozenset((
    "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
    "application/xml", "application/json", _WORD, _SHEET, _SLIDES,
))  # fmt: skip
_NAMES: Final = MappingProxyType({EXTENSIONS[extension]: extension for extension in reversed(list(EXTENSIONS))})


def mime_of_bytes(head: bytes) -> str | None:
    """Return the MIME type that the first bytes of a medium show, or None."""
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    return next((mime for signature, mime in _SIGNATURES if head.startswith(signature)), None)


def mime_of_name(name: str) -> str | None:
    """Return the MIME type that a file name ends in, or None."""
    _, dot, extension = name.rpartition(".")
    return EXTENSIONS.get(extension.lower()) if dot else None


def extension_of(mime_type: str) -> str:
    """Return the file name extension for a MIME type, ``bin`` for an unknown one."""
    return _NAMES.get(mime_type.partition(";")[0].strip().lower(), "bin")


def is_document(mime_type: str) -> bool:
    """Return whether the MIME type is text or one of the office formats."""
    plain = mime_type.partition(";")[0].strip().lower()
    return plain.startswith("text/") or plain in _DOCUMENTS
