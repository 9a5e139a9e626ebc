"""A store of media by content: what goes in is found again by its SHA-256, once, whole or not at all."""

from __future__ import annotations

import os
import re
import time
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

import msgspec

from ..errors import MediaError, UnreachableMedia, excerpt
from ..stream_chunk.formatter.mime import HEAD_BYTES, mime_of_bytes
from ..stream_chunk.media_item import DEFAULT_MIME_TYPE
from .origin import BytesOrigin
from .source import MediaSource
from .store_objects import StoredObject, StoreObjects
from .store_place import MEMORY, Place, default_place
from .store_sweeping import sweep_folder
from .stored_media import PREFIX, StoredMedia, checksum_of_key, key_of
from .worker_thread import in_thread

_CHECKSUM: Final = re.compile(r"(?:sha256:)?([0-9a-f]{64})", re.IGNORECASE)
_UNFINISHED: Final = "tmp/"
_ABANDONED_SECONDS: Final = 86_400.0
_FRESH_SECONDS: Final = 1800.0
"""What is younger is not written again; what is older is, so that nobody sweeps it away under who has just put it."""
SPARED_SECONDS: Final = 3600.0


class Swept(msgspec.Struct, frozen=True):
    """What a garbage collection removed.

    Attributes:
        count: Media.
        size_bytes: Their bytes.
    """

    count: int
    size_bytes: int


class MediaStore:
    """Media by their content, in a folder, in memory, or in a bucket of S3, Google or Azure.

    Laws:
        1. A medium is visible under its SHA-256 when all of it is there, and never before; a process that is killed
           while it puts one leaves nothing visible.
        2. Putting the same bytes again, from anywhere, gives the same name and takes no more room.
        3. Memory does not grow with the size of a medium.

    Args:
        place: A folder, ``memory:``, or a URL (``s3://bucket/prefix``, ``gs://…``, ``az://…``, ``file:///…``). None:
            the folder of the variable ``MASSGEN_STREAM_MEDIA``, else one of the user.
        public_base_url: Where a content delivery network shows the store; `url` then begins with it.
        ttl_seconds: How long a medium is kept after it was last put; None: until it is deleted.
        now: Unix seconds.
        options: For the library ``obstore``: credentials, endpoint, region …; else it reads the environment.
    """

    def __init__(
        self,
        place: str | os.PathLike[str] | None = None,
        *,
        public_base_url: str | None = None,
        ttl_seconds: float | None = None,
        now: Callable[[], float] = time.time,
        **options: Any,
    ) -> None:
        self.place = Place(default_place() if place is None else place, options)
        self._objects = StoreObjects(self.place)
        self._public = public_base_url.rstrip("/") + "/" if public_base_url else None
        self._ttl, self._now = ttl_seconds, now

    @classmethod
    def memory(cls, **options: Any) -> MediaStore:
        """Return an empty store in memory."""
        return cls(MEMORY, **options)

    async def put(self, medium: Any, *, mime_type: str | None = None, filename: str | None = None) -> StoredMedia:
        """Store what `MediaSource.of` takes.

        Bytes, and for a bucket also files, are hashed first: what is there already is not sent.

        Raises:
            MediaError: It cannot be read, is not what it promised to be, or cannot be stored.
        """
        source = MediaSource.of(medium, mime_type=mime_type, filename=filename)
        type_of = source.mime_type or mime_of_bytes(await source.head(HEAD_BYTES)) or DEFAULT_MIME_TYPE
        is_near = source.repeatable and source.origin.is_near
        if is_near and (self.place.is_remote or isinstance(source.origin, BytesOrigin)):
            await _read_through(source)
            key = key_of(str(source.checksum))
            if not await self._is_fresh(key):
                await self._objects.write(key, source.chunks(), type_of)
        else:
            key = f"{_UNFINISHED}{token_hex(16)}"
            await self._objects.write(key, source.chunks(), type_of)
            await self._objects.move(key, key_of(str(source.checksum)))
        checksum, size = str(source.checksum), source.size_bytes or 0
        name = source.filename
        return StoredMedia(self, checksum, size, mime_type=type_of, filename=name, stored_at=self._now())

    async def get(self, reference: str, *, mime_type: str | None = None, filename: str | None = None) -> StoredMedia:
        """Return the medium of a checksum, or of a URL of this store.

        Raises:
            UnreachableMedia: It is not there, or has expired.
            MediaError: *reference* is neither, or the store does not answer.
        """
        checksum = self.checksum_of(reference)
        found = await self._found(key_of(checksum))
        if found is None:
            raise UnreachableMedia(f"store {self.place.name} has no medium {checksum}")
        stored = StoredMedia(self, checksum, found.size_bytes, filename=filename, stored_at=found.written_at)
        stored.mime_type = mime_type or mime_of_bytes(await stored.read_range(0, HEAD_BYTES)) or DEFAULT_MIME_TYPE
        return stored

    async def has(self, reference: str) -> bool:
        """Return whether `get` would find it."""
        return await self._found(key_of(self.checksum_of(reference))) is not None

    def pieces_of(self, reference: str, size: int) -> AsyncGenerator[bytes, None]:
        """Return all pieces of a medium; `MediaSource.of` the medium checks them too."""
        return self._objects.pieces(key_of(self.checksum_of(reference)), size)

    async def read(self, reference: str, start: int, stop: int) -> bytes:
        """Return the bytes from *start* up to *stop*, both within the medium.

        Raises:
            MediaError: It is not there, or has no such range.
        """
        return await self._objects.read(key_of(self.checksum_of(reference)), start, stop)

    async def delete(self, reference: str) -> None:
        """Remove a medium; one that is not there is no error."""
        await self._objects.remove(key_of(self.checksum_of(reference)))

    async def list(self) -> AsyncGenerator[StoredMedia, None]:
        """Yield every medium, in no order, without its MIME type."""
        async with aclosing(self._objects.listed(PREFIX)) as objects:
            async for found in objects:
                checksum = checksum_of_key(found.key)
                if checksum is not None and not self._is_expired(found):
                    yield StoredMedia(self, checksum, found.size_bytes, stored_at=found.written_at)

    async def collect_garbage(
        self, keep: Iterable[str | StoredMedia], *, older_than_seconds: float = SPARED_SECONDS
    ) -> Swept:
        """Remove what has expired, what is not in *keep*, and what unfinished puts left.

        Args:
            keep: References to what is still wanted: checksums, URLs of this store, stored media.
            older_than_seconds: Media put within so many seconds are spared, since their references may be on the way.
        """
        wanted = {key_of(self.checksum_of(one if isinstance(one, str) else one.checksum)) for one in keep}
        count = size = 0
        async with aclosing(self._objects.listed(PREFIX)) as objects:
            async for found in objects:
                if await self._is_garbage(found, wanted, older_than_seconds):
                    await self._objects.remove(found.key)
                    count, size = count + 1, size + found.size_bytes
        await self._sweep_unfinished()
        return Swept(count, size)

    async def presigned_url(self, reference: str, *, expires_in_seconds: float = 3600.0) -> str:
        """Return a URL by which anybody can read the medium for a time.

        Raises:
            MediaError: The store cannot sign; a folder and memory cannot.
        """
        if not self.place.is_remote:
            raise MediaError(f"store {self.place.name} cannot sign URLs; use one in a bucket, or public_base_url")
        return await self._objects.signed_url(key_of(self.checksum_of(reference)), expires_in_seconds)

    def url(self, reference: str) -> str:
        """Return the URL of a medium: below `public_base_url`, else the store's own."""
        return (self._public or self.place.base_url) + key_of(self.checksum_of(reference))

    def file_of(self, reference: str) -> Path | None:
        """Return the file of a medium, where the store is a folder."""
        folder = self.place.folder
        return None if folder is None else folder / key_of(self.checksum_of(reference))

    def checksum_of(self, reference: str) -> str:
        """Return the checksum that a reference means: a checksum, or a URL of this store.

        Raises:
            MediaError: It is neither.
        """
        found = _CHECKSUM.fullmatch(reference)
        if found:
            return f"sha256:{found[1].lower()}"
        for base in (self._public, self.place.base_url):
            if base is not None and reference.startswith(base):
                checksum = checksum_of_key(reference[len(base) :])
                if checksum is not None:
                    return checksum
        raise MediaError(f"{excerpt(reference)!r} is neither a SHA-256 nor a URL of store {self.place.name}")

    async def _found(self, key: str) -> StoredObject | None:
        found = await self._objects.head(key)
        return None if found is None or self._is_expired(found) else found

    async def _is_fresh(self, key: str) -> bool:
        found = await self._found(key)
        return found is not None and self._now() - found.written_at < min(_FRESH_SECONDS, self._ttl or _FRESH_SECONDS)

    def _is_expired(self, found: StoredObject) -> bool:
        return self._ttl is not None and self._now() - found.written_at >= self._ttl

    async def _is_garbage(self, found: StoredObject, wanted: set[str], spared_seconds: float) -> bool:
        if not self._is_unwanted(found, wanted, spared_seconds):
            return False
        again = await self._objects.head(found.key)  # somebody may have put it again since it was listed
        return again is not None and self._is_unwanted(again, wanted, spared_seconds)

    def _is_unwanted(self, found: StoredObject, wanted: set[str], spared_seconds: float) -> bool:
        if checksum_of_key(found.key) is None:
            return False
        is_old = self._now() - found.written_at >= spared_seconds
        return self._is_expired(found) or (is_old and found.key not in wanted)

    async def _sweep_unfinished(self) -> None:
        before = self._now() - _ABANDONED_SECONDS
        if self.place.folder is not None:
            await in_thread(sweep_folder, self.place.folder / _UNFINISHED, before)
            return
        async with aclosing(self._objects.listed(_UNFINISHED)) as objects:
            async for found in objects:
                if found.written_at < before:
                    await self._objects.remove(found.key)


async def _read_through(source: MediaSource) -> None:
    """Read all of it, so that its checksum is known."""
    async with aclosing(source.chunks()) as pieces:
        async for _ in pieces:
            pass
