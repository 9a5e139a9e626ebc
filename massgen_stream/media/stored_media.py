"""A medium in a store, and the names of media there."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import Final, Protocol

from ..errors import MediaError
from .origin import Origin, PathOrigin

PREFIX: Final = "sha256/"
_KEY: Final = re.compile(r"sha256/([0-9a-f]{2})/(\1[0-9a-f]{62})")


def key_of(checksum: str) -> str:
    """Return the key of the object for a checksum."""
    digest = checksum.removeprefix("sha256:")
    return f"{PREFIX}{digest[:2]}/{digest}"


def checksum_of_key(key: str) -> str | None:
    """Return the checksum for a key; None when it is none of ours."""
    found = _KEY.fullmatch(key)
    return f"sha256:{found[2]}" if found else None


class Shelf(Protocol):
    """What a stored medium needs of its store."""

    def url(self, reference: str) -> str:
        """Return the URL of a medium."""

    def file_of(self, reference: str) -> Path | None:
        """Return the file of a medium, where the store is a folder."""

    def pieces_of(self, reference: str, size: int) -> AsyncGenerator[bytes, None]:
        """Return all pieces of a medium."""

    async def read(self, reference: str, start: int, stop: int) -> bytes:
        """Return a range of a medium."""


class StoredMedia(Origin):
    """A medium in a store; `MediaSource.of` reads it, and checks its SHA-256.

    Attributes:
        checksum: ``sha256:<hex>``, its name there.
        stored_at: Unix seconds.
    """

    checksum: str
    size_bytes: int
    url: str

    def __init__(
        self,
        store: Shelf,
        checksum: str,
        size_bytes: int,
        *,
        mime_type: str | None = None,
        filename: str | None = None,
        stored_at: float = 0.0,
    ) -> None:
        self._store = store
        self.checksum, self.size_bytes, self.stored_at = checksum, size_bytes, stored_at
        self.mime_type, self.filename = mime_type, filename
        self.url, self.path = store.url(checksum), store.file_of(checksum)

    async def pieces(self, size: int) -> AsyncGenerator[bytes, None]:
        """Yield its bytes.

        Raises:
            MediaError: It is there no more, or cannot be read.
        """
        path = self.path
        found = self._store.pieces_of(self.checksum, size) if path is None else PathOrigin(path).pieces(size)
        async with aclosing(found) as pieces:
            async for piece in pieces:
                yield piece

    async def read_range(self, start: int = 0, stop: int | None = None) -> bytes:
        """Return the bytes from *start* up to *stop*, which may lie behind the end.

        Raises:
            MediaError: The range makes no sense, or the medium cannot be read.
        """
        end = self.size_bytes if stop is None else min(stop, self.size_bytes)
        if not 0 <= start <= self.size_bytes or (stop is not None and stop < start):
            raise MediaError(f"bytes {start} to {stop} are no range of a medium of {self.size_bytes} bytes")
        return await self._store.read(self.checksum, start, end) if start < end else b""
