"""One name for each MIME type, and the kind of medium that it is."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from ..stream_chunk.formatter.mime import is_document
from ..stream_chunk.kinds import MediaType

UNKNOWN: Final = "application/octet-stream"
"""Bytes of which nothing is known (https://www.rfc-editor.org/rfc/rfc2046#section-4.5.1)."""

_ONE_NAME: Final = MappingProxyType(
    {
        "application/mp4": "video/mp4",
        "application/ogg": "audio/ogg",
        "application/x-gzip": "application/gzip",
        "application/x-pdf": "application/pdf",
        "application/x-rtf": "application/rtf",
        "application/x-zip-compressed": "application/zip",
        "application/x-download": UNKNOWN,
        "application/unknown": UNKNOWN,
        "binary/octet-stream": UNKNOWN,
        "audio/aacp": "audio/aac",
        "audio/m4a": "audio/mp4",
        "audio/mp3": "audio/mpeg",
        "audio/mpeg3": "audio/mpeg",
        "audio/mpga": "audio/mpeg",
        "audio/vnd.wave": "audio/wav",
        "audio/wave": "audio/wav",
        "audio/x-aac": "audio/aac",
        "audio/x-aiff": "audio/aiff",
        "audio/x-flac": "audio/flac",
        "audio/x-hx-aac-adts": "audio/aac",
        "audio/x-m4a": "audio/mp4",
        "audio/x-mp3": "audio/mpeg",
        "audio/x-wav": "audio/wav",
        "image/jpg": "image/jpeg",
        "image/pjpeg": "image/jpeg",
        "image/x-bmp": "image/bmp",
        "image/x-icon": "image/vnd.microsoft.icon",
        "image/x-ms-bmp": "image/bmp",
        "image/x-png": "image/png",
        "text/json": "application/json",
        "text/rtf": "application/rtf",
        "text/x-markdown": "text/markdown",
        "text/xml": "application/xml",
        "video/avi": "video/x-msvideo",
        "video/matroska": "video/x-matroska",
        "video/mov": "video/quicktime",
        "video/msvideo": "video/x-msvideo",
        "video/x-m4v": "video/mp4",
    }
)
"""Spellings in use, and the one that is meant (https://www.iana.org/assignments/media-types/ where it has one)."""

_MORE_DOCUMENTS: Final = frozenset(("application/epub+zip", "application/rtf", "application/x-ole-storage"))
_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument."
_TEXTS: Final = frozenset((
    "application/javascript", "application/json", "application/jsonl", "application/rtf", "application/sql",
    "application/toml", "application/vnd.apple.mpegurl", "application/x-ndjson", "application/x-sh",
    "application/x-subrip", "application/x-yaml", "application/xml", "application/yaml",
))  # fmt: skip


def normal_mime(name: str) -> str:
    """Return the one name of a MIME type, in small letters and without its parameters."""
    plain = name.partition(";")[0].strip().lower()
    return _ONE_NAME.get(plain, plain)


def kind_of_mime(mime_type: str) -> MediaType:
    """Return what kind of medium a MIME type is; ``file`` for what is none of the others."""
    plain = normal_mime(mime_type)
    family = plain.partition("/")[0]
    if family in ("image", "audio", "video"):
        return MediaType(family)
    if is_document(plain) or plain in _MORE_DOCUMENTS or plain.startswith(_OPEN_DOCUMENT):
        return MediaType.DOCUMENT
    return MediaType.FILE


def is_text(mime_type: str) -> bool:
    """Return whether what has this type is text that a person can read."""
    plain = normal_mime(mime_type)
    return plain.startswith("text/") or plain in _TEXTS or plain.endswith(("+json", "+xml"))
