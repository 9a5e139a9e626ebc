"""``--attach``: a file or URL becomes a neutral message part."""

from __future__ import annotations

import codecs
import mimetypes
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from ..errors import ConfigurationError, MediaError, UnresolvedMedia
from ..stream_chunk.formatter.mime import HEAD_BYTES, mime_of_bytes
from .address import public_address

Part = dict[str, Any]

_ADDED_TYPES: Final = {
    ".avif": "image/avif",
    ".flac": "audio/flac",
    ".heic": "image/heic",
    ".m4a": "audio/mp4",
    ".md": "text/markdown",
    ".mkv": "video/x-matroska",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".webm": "video/webm",
    ".webp": "image/webp",
}
"""Types that Python 3.11's table lacks or that depend on the machine's own table."""

_DOCUMENTS: Final = ("text/", "application/pdf", "application/json", "application/rtf", "application/msword")
_BINARY: Final = ("image/", "audio/", "video/", "application/pdf")
_WRITTEN: Final = frozenset(("image/svg+xml", "image/x-xpixmap", "image/x-xbitmap", "audio/x-mpegurl", "audio/mpegurl"))
"""Types of media that are text."""

_PLACE: Final = re.compile(r"messages\[\d+\]\.content\[(\d+)\]: ")
"""Where an error says that a medium stands; attachments come first in their message."""
_UNSENT: Final = re.compile(_PLACE.pattern + r"(?:image|audio|video|document|file) dropped: (.*)", re.DOTALL)
_OFFICE: Final = ("application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument.")


def attachment_part(place: str) -> Part:
    """Return the part for a path or a URL; nothing is fetched or read whole.

    Raises:
        ConfigurationError: *place* is a file that cannot be read.
    """
    scheme = urlsplit(place).scheme.lower()
    if scheme == "file":
        return _file_part(url2pathname(urlsplit(place).path))
    if scheme == "data" or "://" in place:
        return _url_part(place)
    return _file_part(place)


@contextmanager
def attachments_named(places: Sequence[str]) -> Iterator[None]:
    """Let errors about media name the file or URL, instead of its place among the messages.

    Args:
        places: The attachments, in order.

    Raises:
        ConfigurationError: One of them cannot be sent.
    """
    try:
        yield
    except (MediaError, UnresolvedMedia) as problem:
        found = _PLACE.match(str(problem))
        if found is None or int(found[1]) >= len(places):
            raise
        reason = str(problem)[found.end() :]
        if isinstance(problem, UnresolvedMedia):  # what it advises is for programs
            reason = _advised(reason, places[int(found[1])])
        raise ConfigurationError(f"cannot attach {_shown(places[int(found[1])])!r}: {reason}") from problem


def _advised(reason: str, place: str) -> str:
    """Return why an attachment cannot be sent, and what to do about it here."""
    why, _, remedy = reason.partition("; ")
    if remedy.startswith("convert this image"):
        return f"{why}; --option media_policy=fit converts it"
    if remedy.startswith("convert"):
        return f"{why}; convert it, and attach the result"
    is_remote = "://" in place and urlsplit(place).scheme.lower() != "file"
    return f"{why}; download it and attach the file" if is_remote else why


def unsent_attachment(loss: str, places: Sequence[str]) -> str | None:
    """Return what is said of an attachment that the provider is not sent; None for a *loss* of anything else.

    Args:
        loss: What the request could not hold, as the backend tells it.
        places: The attachments, in order.
    """
    found = _UNSENT.match(loss)
    if found is None or int(found[1]) >= len(places):
        return None
    return f"{_shown(places[int(found[1])])!r} is not sent: {found[2]}"


def mime_type_of(name: str) -> str | None:
    """Return the MIME type that the end of *name* tells, or None."""
    suffix = Path(name).suffix.lower()
    return _ADDED_TYPES.get(suffix) or mimetypes.guess_type(f"_{suffix}", strict=False)[0]


def part_type(mime_type: str) -> str:
    """Return image, audio, video, document or file."""
    family = mime_type.partition("/")[0]
    if family in ("image", "audio", "video"):
        return family
    return "document" if mime_type.startswith((*_DOCUMENTS, *_OFFICE)) else "file"


def _url_part(url: str) -> Part:
    if url.lower().startswith("data:"):
        mime_type: str | None = url[len("data:") :].partition(",")[0].partition(";")[0] or "text/plain"
    else:
        mime_type = mime_type_of(unquote(urlsplit(url).path))
    # An address without a telling end is most often a picture; the formatters' own default is image/jpeg.
    part = {"type": part_type(mime_type) if mime_type else "image", "url": url}
    return part | {"mime_type": mime_type} if mime_type else part


def _file_part(name: str) -> Part:
    head = _head(name)
    mime_type = mime_of_bytes(head) or _believed(mime_type_of(name), head, name) or "application/octet-stream"
    path = Path(name).expanduser()
    return {"type": part_type(mime_type), "path": str(path), "mime_type": mime_type, "filename": path.name}


def _believed(named: str | None, head: bytes, name: str) -> str | None:
    """Return the type that a name tells, unless the bytes are plainly something else."""
    is_binary = named is not None and named.startswith(_BINARY) and named not in _WRITTEN
    if is_binary and _is_text(head):
        raise ConfigurationError(f"cannot attach {name!r}: its name says {named}, but it holds text")
    return named


def _is_text(head: bytes) -> bool:
    """Return whether bytes are printable UTF-8; the last character may be cut off."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character.isspace() for character in text)


def _shown(place: str) -> str:
    """Return a path as it is, an address without secrets and data."""
    if place.lower().startswith("data:"):
        return place.partition(",")[0] + ",…"
    return public_address(place) if "://" in place else place


def _head(name: str) -> bytes:
    """Return the first bytes of a file: they show its type better than its name does."""
    if not name:
        raise ConfigurationError("--attach names no file; say which: --attach FILE")
    try:
        with Path(name).expanduser().open("rb") as file:
            head = file.read(HEAD_BYTES)
    except (OSError, ValueError) as problem:  # ValueError: a NUL in the name
        raise ConfigurationError(f"cannot attach {name!r}: {getattr(problem, 'strerror', problem)}") from problem
    if not head:
        raise ConfigurationError(f"cannot attach {name!r}: it is empty")
    return head
