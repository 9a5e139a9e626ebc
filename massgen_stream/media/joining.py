"""Puts a medium together from the chunks of a stream, and checks that it is whole."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Iterable
from contextlib import AsyncExitStack, aclosing
from pathlib import Path

import msgspec

from ..errors import BrokenMedia, MediaError, MediaOverLimit
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType, MediaType
from ..stream_chunk.media_item import DEFAULT_MIME_TYPE, bytes_or_reference
from ..stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from .atomic_file import AtomicFile
from .chunk_file import read_jsonl
from .closing import closed
from .source import MediaSource
from .worker_thread import RunningDigest

Chunks = AsyncIterable[BaseStreamChunk] | Iterable[BaseStreamChunk] | str | os.PathLike[str]


class JoinedMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A medium that has been put together.

    Attributes:
        media_id: Its id.
        media_type: Its kind.
        metadata: As its chunks told, with the size and SHA-256 of what came.
        data: The bytes; None when they were written to a file.
        path: The file.
    """

    media_id: str | None
    media_type: MediaType
    metadata: MediaMetadata
    data: bytes | None = None
    path: Path | None = None


async def join(
    chunks: Chunks,
    path: str | os.PathLike[str] | None = None,
    *,
    media_id: str | None = None,
    max_bytes: int | None = None,
) -> JoinedMedia:
    """Return the medium whose chunks are given, or write it to *path*, where it appears when it is whole.

    Chunks that are no media, and previews, are passed over. Segments that come again, as they do when a stream is
    resumed, are taken once; a resumed stream may follow directly behind the one that was cut.

    Args:
        chunks: A stream of chunks, or the path of a file of JSON Lines.
        path: Where to write the bytes; with it, memory is that of a few segments.
        media_id: Which medium; needed when the stream has several.
        max_bytes: Largest size that is accepted.

    Raises:
        MediaError: There is no such medium, or more than one; it cannot be written.
        BrokenMedia: It has a gap, or ended early; size or SHA-256 are not those that its final tells.
        MediaOverLimit: It is larger than *max_bytes*.
        MalformedChunk: A line of the file is no chunk.
    """
    async with AsyncExitStack() as stack:
        found = read_jsonl(chunks) if isinstance(chunks, str | os.PathLike) else chunks
        stream = await stack.enter_async_context(aclosing(closed(found)))
        file = None if path is None else await stack.enter_async_context(AtomicFile.at(path))
        joining = _Joining(media_id, file, max_bytes)
        async for chunk in stream:
            if isinstance(chunk, MultimodalStreamChunk) and chunk.type is ChunkType.MEDIA:
                await joining.feed(chunk)
        return await joining.finish()


class _Joining:
    """One medium while its chunks come."""

    def __init__(self, media_id: str | None, file: AtomicFile | None, max_bytes: int | None) -> None:
        self._wanted, self._file, self._max_bytes = media_id, file, max_bytes
        self._media_id: str | None = None
        self._media_type: MediaType | None = None
        self._known: MediaMetadata | None = None
        self._final: MultimodalStreamChunk | None = None
        self._pieces: list[bytes] = []
        self._digest = RunningDigest()
        self._segments = 0

    async def feed(self, chunk: MultimodalStreamChunk) -> None:
        if chunk.is_partial and chunk.partial_kind != "segment":
            return
        if not self._is_ours(chunk) or self._final is not None:
            return
        self._media_type = chunk.media_type or self._media_type
        self._known = chunk.media_metadata or self._known
        if chunk.is_partial:
            await self._take_segment(chunk)
        else:
            self._final = chunk
            if not self._segments:
                await self._take_whole(chunk)

    async def finish(self) -> JoinedMedia:
        if self._final is None:
            raise self._missing()
        size, checksum = self._digest.size, await self._digest.checksum()
        known = self._final.media_metadata or self._known or MediaMetadata(mime_type=DEFAULT_MIME_TYPE)
        if known.size_bytes not in (None, size):
            raise BrokenMedia(f"{self._name} has {size} bytes, not the {known.size_bytes} of its final; it is damaged")
        if str(known.checksum).lower().startswith("sha256:") and str(known.checksum).lower() != checksum:
            raise BrokenMedia(f"{self._name} has {checksum}, not the {known.checksum} of its final; it is damaged")
        metadata = msgspec.structs.replace(known, size_bytes=size, checksum=checksum)
        path = await self._file.finish() if self._file else None
        return JoinedMedia(
            media_id=self._media_id,
            media_type=self._media_type or MediaType.FILE,
            metadata=metadata,
            data=b"".join(self._pieces) if path is None else None,
            path=path,
        )

    @property
    def _name(self) -> str:
        return f"medium {self._media_id!r}"

    def _is_ours(self, chunk: MultimodalStreamChunk) -> bool:
        if self._wanted is not None and chunk.media_id != self._wanted:
            return False
        if (self._segments or self._final is not None) and chunk.media_id != self._media_id:
            both = f"{self._media_id!r} and {chunk.media_id!r}"
            raise MediaError(f"the stream has several media, such as {both}; say which one with media_id")
        self._media_id = chunk.media_id
        return True

    async def _take_segment(self, chunk: MultimodalStreamChunk) -> None:
        data = b"" if chunk.media_data is None else bytes_or_reference(chunk)
        if isinstance(data, str):
            alone = msgspec.structs.replace(chunk, is_partial=False, media_metadata=None)
            data = await MediaSource.of(alone).read(self._max_bytes)
        start, have = self._start_of(chunk), self._digest.size
        if start > have:
            raise BrokenMedia(
                f"{self._name} has a gap: bytes {have} to {start} did not come; resume from chunk {self._segments}"
            )
        if chunk.chunk_index is None or chunk.chunk_index >= self._segments:
            self._segments = self._segments + 1 if chunk.chunk_index is None else chunk.chunk_index + 1
        new = data[have - start :] if start < have else data
        if new:
            await self._take(new)

    def _start_of(self, chunk: MultimodalStreamChunk) -> int:
        """Return the place of a segment; one without an offset has come before, or is the next one."""
        index, have = chunk.chunk_index, self._digest.size
        if chunk.byte_offset is not None:
            return chunk.byte_offset
        if index is None or index == self._segments:
            return have
        if index > self._segments:
            raise BrokenMedia(f"{self._name} has a gap: chunk {self._segments} did not come, but {index} did")
        return have - len(chunk.media_data or b"")

    async def _take_whole(self, chunk: MultimodalStreamChunk) -> None:
        if chunk.media_data is None and chunk.path is None:
            return
        async with aclosing(MediaSource.of(chunk).chunks()) as pieces:
            async for piece in pieces:
                await self._take(piece)

    async def _take(self, piece: bytes) -> None:
        if self._max_bytes is not None and self._digest.size + len(piece) > self._max_bytes:
            raise MediaOverLimit([f"{self._name} has more than max_bytes {self._max_bytes}"])
        await self._digest.update(piece)
        if self._file is None:
            self._pieces.append(piece)
        else:
            await self._file.write(piece)

    def _missing(self) -> MediaError:
        if not self._segments:
            which = "no medium" if self._wanted is None else f"no medium {self._wanted!r}"
            return MediaError(f"the stream has {which}")
        came = f"{self._digest.size} bytes in {self._segments} segments"
        return BrokenMedia(f"{self._name} is cut: its final did not come after {came}; resume the stream")
