"""The objects of a place, one operation each; the library is asked here and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Self

import msgspec

from ..errors import MediaError, UnreachableMedia
from ..outlasting import ended
from .store_place import Place
from .worker_thread import in_thread

if TYPE_CHECKING:
    from obstore import ObjectMeta

PART_BYTES: Final = 8 * 2**20
"""Of an upload; S3 takes 10,000 parts of at least 5 MiB (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html)."""
_PARTS_AT_ONCE: Final = 2


class StoredObject(msgspec.Struct, frozen=True):
    """What a store tells of an object.

    Attributes:
        key: Its name.
        size_bytes: Its size.
        written_at: Unix seconds.
    """

    key: str
    size_bytes: int
    written_at: float


class StoreObjects:
    """The objects of *place*."""

    def __init__(self, place: Place) -> None:
        self._place = place

    async def head(self, key: str) -> StoredObject | None:
        """Return what is told of an object; None when there is none."""
        library, store = await self._opened()
        try:
            with self._place.border("look up"):
                return _told(await library.head_async(store, key))
        except UnreachableMedia:
            return None

    async def read(self, key: str, start: int, stop: int) -> bytes:
        """Return a range of an object, which must have it.

        Raises:
            UnreachableMedia: There is no such object.
        """
        library, store = await self._opened()
        with self._place.border("read"):
            return bytes(await library.get_range_async(store, key, start=start, end=stop))

    async def pieces(self, key: str, size: int) -> AsyncGenerator[bytes, None]:
        """Yield an object in pieces of about *size*, by one request.

        Raises:
            UnreachableMedia: There is no such object.
        """
        library, store = await self._opened()
        with self._place.border("read"):
            found = await library.get_async(store, key)
        stream = aiter(found.stream(min_chunk_size=size))
        while True:
            with self._place.border("read"):
                piece = await anext(stream, None)
            if piece is None:
                return
            yield bytes(piece)

    async def write(self, key: str, pieces: AsyncGenerator[bytes, None], mime_type: str) -> None:
        """Write an object, which appears when all pieces have come; what the pieces raise is raised."""
        library, store = await self._opened()
        attributes: Any = {"Content-Type": mime_type} if self._place.folder is None else None
        feed = _Feed(pieces)
        try:
            with self._place.border("write"):
                await library.put_async(
                    store, key, feed, attributes=attributes, chunk_size=PART_BYTES, max_concurrency=_PARTS_AT_ONCE
                )
        except MediaError as problem:
            if feed.raised is not None and feed.raised is not problem:  # not the store's fault
                raise feed.raised from None
            raise
        finally:
            await feed.stop()

    async def move(self, key: str, target: str) -> None:
        """Give an object another name, over what had it."""
        library, store = await self._opened()
        with self._place.border("write"):
            await library.rename_async(store, key, target)

    async def remove(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""
        library, store = await self._opened()
        try:
            with self._place.border("delete"):
                await library.delete_async(store, key)
        except UnreachableMedia:
            return

    async def listed(self, prefix: str) -> AsyncGenerator[StoredObject, None]:
        """Yield the objects whose keys begin with *prefix*."""
        library, store = await self._opened()
        with self._place.border("list"):
            pages: AsyncIterable[Any] = library.list(store, prefix)
            found = [_told(one) async for page in pages for one in page]
        for one in found:
            yield one

    async def signed_url(self, key: str, seconds: float) -> str:
        """Return a URL that anybody can read the object by for a time.

        Raises:
            MediaError: The store cannot do that.
        """
        library, store = await self._opened()
        with self._place.border("sign a URL"):
            url: str = await library.sign_async(store, "GET", key, timedelta(seconds=seconds))
            return url

    async def _opened(self) -> tuple[Any, Any]:
        return await in_thread(self._open)

    def _open(self) -> tuple[Any, Any]:
        store = self._place.opened()
        import obstore  # noqa: PLC0415 - an extra; `opened` says so when it is missing

        return obstore, store


class _Feed:
    """Hands pieces to the library, which asks for each of them in a task of its own.

    Attributes:
        raised: What the pieces raised.
    """

    def __init__(self, pieces: AsyncGenerator[bytes, None]) -> None:
        self.raised: Exception | None = None
        self._pieces = pieces
        self._asking: asyncio.Task[Any] | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        self._asking = asyncio.current_task()
        try:
            return await anext(self._pieces)
        except StopAsyncIteration:
            raise
        except Exception as error:
            self.raised = error
            raise
        finally:
            self._asking = None

    async def stop(self) -> None:
        """Close the pieces; where the library was cancelled it has left its task behind, still waiting for one."""
        asking = self._asking
        if asking is not None:
            asking.cancel()
            await ended(asking)
        await self._pieces.aclose()


def _told(meta: ObjectMeta) -> StoredObject:
    return StoredObject(meta["path"], meta["size"], meta["last_modified"].timestamp())
