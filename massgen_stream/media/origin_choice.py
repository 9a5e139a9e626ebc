"""Finds where the bytes of a medium are."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import url2pathname

from ..errors import MediaError, excerpt
from .origin import (
    Base64Origin,
    BytesOrigin,
    FileIdOrigin,
    FileObjectOrigin,
    IteratorOrigin,
    Origin,
    PathOrigin,
)
from .url_origin import UrlOrigin


def origin_of(medium: Any) -> Origin:
    """Return the origin of bytes, a path, a URL, a binary file, or an iterator of bytes.

    Raises:
        MediaError: It is none of them.
    """
    made: Origin | None = None
    if isinstance(medium, Origin):
        made = medium
    elif isinstance(medium, bytes | bytearray | memoryview):
        made = BytesOrigin(medium)
    elif isinstance(medium, str):
        made = origin_of_text(medium)
    elif isinstance(medium, os.PathLike):
        made = PathOrigin(medium)
    elif isinstance(medium, AsyncIterable):
        made = IteratorOrigin(aiter(medium))
    elif callable(getattr(medium, "read", None)):
        made = FileObjectOrigin(medium)
    elif isinstance(medium, Iterator):
        made = IteratorOrigin(_stepwise(medium))
    if made is None:
        name = type(medium).__name__
        raise MediaError(f"no medium can be read from {name}; pass bytes, a path, a URL or a media part")
    return made


def origin_of_url(url: str) -> Origin:
    """Return the origin of a URL in a message or a chunk, which others may have written: it never names a file of ours.

    Raises:
        MediaError: It is no http, https or data URL.
    """
    if url[:8].partition(":")[0].lower() not in ("http", "https", "data"):
        raise MediaError(
            f"{excerpt(url)!r} in a part or chunk is not read, only http, https and data URLs; "
            "pass a file as path, and a stream that was offloaded through inline()"
        )
    return origin_of_text(url)


async def _stepwise(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def origin_of_text(text: str) -> Origin:
    """Return the origin that a URL or a path names.

    Raises:
        MediaError: It is a URL of a kind that cannot be read.
    """
    scheme = text[:8].partition(":")[0].lower()
    if scheme == "data":
        return _of_data_url(text)
    if scheme in ("http", "https"):
        return UrlOrigin(text)
    if scheme == "file":
        parts = urlsplit(text)
        if parts.netloc not in ("", "localhost"):
            raise MediaError(f"{excerpt(text)!r} is a file of another machine")
        return PathOrigin(url2pathname(parts.path))
    if "://" in text[:32]:
        raise MediaError(f"{excerpt(text)!r} cannot be read; pass an http, https, data or file URL, or use its store")
    return PathOrigin(Path(text))


def _of_data_url(url: str) -> Origin:
    """Read a ``data:`` URL (https://www.rfc-editor.org/rfc/rfc2397)."""
    head, comma, body = url[5:].partition(",")
    if not comma:
        raise MediaError(f"{excerpt(url)!r} is no data URL: it has no comma")
    mime_type, _, encoding = head.rpartition(";")
    is_base64 = encoding.strip().lower() == "base64"
    if is_base64:
        origin: Origin = Base64Origin(unquote_to_bytes(body).decode("latin-1") if "%" in body else body)
    else:
        mime_type, origin = head, BytesOrigin(unquote_to_bytes(body))
    origin.mime_type = mime_type or "text/plain;charset=US-ASCII"
    return origin


ORIGINS: Final[dict[str, Callable[[Any], Origin]]] = {
    "data": BytesOrigin,
    "base64": Base64Origin,
    "path": PathOrigin,
    "url": origin_of_url,
    "file_id": FileIdOrigin,
}
"""By the key of a media part."""
