"""What a medium is: by its first bytes, by what it is declared as, and by its name."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import msgspec

from ..errors import BrokenMedia, MediaMismatch, UnsafeMedia
from ..stream_chunk.formatter.mime import EXTENSIONS, mime_of_name
from ..stream_chunk.kinds import MediaType
from .mime_names import UNKNOWN, is_text, kind_of_mime, normal_mime
from .signatures import type_of_bytes

HEAD_BYTES: Final = 4096
"""As many first bytes as `detect` looks at; with fewer it knows fewer types."""

_OFFICE: Final = frozenset(EXTENSIONS[name] for name in ("docx", "xlsx", "pptx"))
_OLE: Final = frozenset(EXTENSIONS[name] for name in ("doc", "xls", "ppt"))
_CLOSER: Final = MappingProxyType(
    {
        "application/zip": _OFFICE
        | {"application/epub+zip", "application/java-archive", "application/vnd.android.package-archive"},
        "application/x-ole-storage": _OLE | {"application/vnd.ms-outlook", "application/x-msi"},
        "application/gzip": frozenset(("application/x-tar",)),
        "audio/ogg": frozenset(("audio/opus", "audio/vorbis", "audio/speex")),
        "video/mp4": frozenset(("audio/mp4", "video/3gpp", "audio/3gpp", "video/quicktime")),
        "video/webm": frozenset(("audio/webm",)),
        "video/x-matroska": frozenset(("audio/x-matroska",)),
        "video/3gpp": frozenset(("audio/3gpp",)),
        "video/x-ms-asf": frozenset(("video/x-ms-wmv", "audio/x-ms-wma")),
        "image/heif": frozenset(("image/heic",)),
        "image/tiff": frozenset(("image/x-adobe-dng", "image/x-canon-cr2", "image/x-nikon-nef", "image/x-sony-arw")),
        "application/x-tar": frozenset(("application/x-gtar",)),
    }
)
"""By what the bytes show: what may be declared of them and says more."""

_FAMILIES: Final = (
    frozenset(("video/mp4", "audio/mp4", "video/quicktime", "video/3gpp", "audio/3gpp")),
    frozenset(("video/webm", "video/x-matroska", "audio/webm", "audio/x-matroska")),
    frozenset(("audio/ogg", "video/ogg", "audio/opus")),
    frozenset(("image/heic", "image/heif")),
    frozenset(("audio/mpeg", "audio/aac")),  # both begin with eleven set bits, and encoders' names are loose
)
"""Types that are so often taken for each other that a wrong one is no contradiction; what the bytes show holds."""

_MARKED: Final = _OFFICE | _OLE | frozenset((
    "image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp", "image/tiff", "image/avif", "image/heic",
    "image/heif", "image/jp2", "image/jxl", "image/svg+xml", "image/vnd.microsoft.icon",
    "audio/wav", "audio/flac", "audio/ogg", "audio/mp4", "audio/aiff", "audio/midi", "audio/amr",
    "video/mp4", "video/webm", "video/x-matroska", "video/quicktime", "video/x-msvideo", "video/3gpp", "video/ogg",
    "application/pdf", "application/zip", "application/gzip", "application/epub+zip",
))  # fmt: skip
"""Types whose files always begin in a way that is known here; sound and video may also be bare."""
_SHOWS_PAGES: Final = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"))
_PDF_WINDOW: Final = 1024
"""Readers look for ``%PDF-`` this far into a file (ISO 32000-1, annex H.3, note 13)."""


class Detected(msgspec.Struct, frozen=True):
    """What a medium is.

    Attributes:
        kind: Image, audio, video, document or file.
        mime_type: Its MIME type, by its one name and without parameters.
        shown: Whether the first bytes show it; else it is only declared, or told by the name.
    """

    kind: MediaType
    mime_type: str
    shown: bool


def detect(head: bytes, *, mime_type: str | None = None, filename: str | None = None) -> Detected:
    """Return what a medium is.

    Bytes count more than what is declared, and that counts more than a name; where they differ without contradiction
    (a Word document is a ZIP archive, MP4 may hold sound alone) the one that says more is taken.

    Args:
        head: The first bytes, `HEAD_BYTES` of them where there are so many.
        mime_type: What it is declared as; ``application/octet-stream`` declares nothing.
        filename: Its name or path; a wrong ending of the same kind (``.png`` on a JPEG) is no contradiction.

    Raises:
        BrokenMedia: There are no bytes.
        MediaMismatch: The bytes contradict the declared type, or what the name ends in; names both.
        UnsafeMedia: An image, sound or video that also passes for a document.
    """
    head = bytes(head[:HEAD_BYTES])
    if not head:
        raise BrokenMedia("it is empty; send a medium with bytes in it")
    found = type_of_bytes(head)
    _refuse_two_formats(head, found)
    declared = normal_mime(mime_type) if mime_type else UNKNOWN
    if declared != UNKNOWN:
        return _settled(declared, found)
    named = mime_of_name(filename) if filename else None
    return _named(named, found)


def _settled(declared: str, found: str | None) -> Detected:
    if found is None:
        if declared in _MARKED:
            raise MediaMismatch(declared, None)
        return Detected(kind_of_mime(declared), declared, shown=False)
    if declared == found or _says_more(declared, found):
        return Detected(kind_of_mime(declared), declared, shown=True)
    if not _may_be_confused(declared, found):
        raise MediaMismatch(declared, found)
    return Detected(kind_of_mime(found), found, shown=True)


def _named(named: str | None, found: str | None) -> Detected:
    if named is None:
        mime_type = found or UNKNOWN
        return Detected(kind_of_mime(mime_type), mime_type, shown=found is not None)
    if found is not None and found != named and kind_of_mime(found) == kind_of_mime(named) and not is_text(found):
        named = named if _says_more(named, found) else found
    return _settled(named, found)


def _says_more(declared: str, found: str) -> bool:
    if declared in _CLOSER.get(found, ()):
        return True
    if found == "application/zip":
        return declared.endswith("+zip") or declared.startswith("application/vnd.oasis.opendocument.")
    return is_text(declared) and is_text(found) and _is_sort_of(found, declared)


def _is_sort_of(found: str, declared: str) -> bool:
    """Return whether text that looks like *found* may be *declared*; an error page is no JSON, a page no picture."""
    if found == "text/plain" or declared.startswith("text/"):
        return True
    if found == "application/json":
        return not declared.endswith("xml")
    return found != "text/html" and declared.endswith("xml")


def _may_be_confused(declared: str, found: str) -> bool:
    return any(declared in family and found in family for family in _FAMILIES)


def _refuse_two_formats(head: bytes, found: str | None) -> None:
    if found is None or found.partition("/")[0] not in ("image", "audio", "video") or is_text(found):
        return
    other = "a PDF" if b"%PDF-" in head[:_PDF_WINDOW] else None
    if found in _SHOWS_PAGES and any(
        tag in head[:_PDF_WINDOW].lower() for tag in (b"<script", b"<html", b"<!doctype html")
    ):
        other = "a web page"
    if other is not None:
        raise UnsafeMedia(f"it passes for {found} and for {other} at once; send a file that is one of them")
