"""Files as they are downloaded: in pieces, and from the middle on for clients that lost the connection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .ops import Head, Op
from .request import Request
from .vendor import File

_PIECE_BYTES: Final = 64 * 1024
_FROM: Final = re.compile(r"bytes=(\d{1,12})-")


def file_ops(file: File, request: Request) -> Iterator[Op]:
    """Yield the answer to a download: https://www.rfc-editor.org/rfc/rfc9110#section-14."""
    size = len(file.data)
    asked = _FROM.fullmatch(request.headers.get("range", ""))
    start = int(asked[1]) if asked else 0
    if asked and start >= size:
        yield Head(416, (("content-range", f"bytes */{size}"), ("content-length", "0")))
        return
    ranged = (("content-range", f"bytes {start}-{size - 1}/{size}"),) if asked else ()
    headers = (
        ("content-type", file.mime_type),
        ("content-length", str(size - start)),
        ("accept-ranges", "bytes"),
        ("etag", f'"sim-{size}"'),
        *ranged,
    )
    yield Head(206 if asked else 200, headers)
    for place in range(start, size, _PIECE_BYTES):
        yield file.data[place : place + _PIECE_BYTES]
