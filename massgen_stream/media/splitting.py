"""A medium as a stream of chunks: `split` yields its segments and final, `join` puts them together again."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from secrets import token_hex
from typing import Any, NamedTuple

import msgspec

from ..errors import MediaError
from ..stream_chunk.formatter.mime import HEAD_BYTES, mime_of_bytes
from ..stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ..stream_chunk.media_item import DEFAULT_MIME_TYPE, bytes_or_reference
from ..stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from .mime_names import kind_of_mime
from .source import CHUNK_BYTES, MediaSource


async def split(
    source: Any,
    *,
    chunk_size: int = CHUNK_BYTES,
    media_id: str | None = None,
    media_type: MediaType | str | None = None,
    after: MultimodalStreamChunk | None = None,
) -> AsyncGenerator[MultimodalStreamChunk, None]:
    """Yield a medium of any size as `media` chunks: binary segments in order, then the final with size and SHA-256.

    Memory is that of a few segments. An empty medium is one final whose data is empty.

    Args:
        source: What `MediaSource.of` takes.
        chunk_size: Bytes of each segment but the last.
        media_id: Id of the medium; a random one unless given.
        media_type: Its kind; by its MIME type unless given.
        after: The last segment that the reader has of an earlier `split` of the same medium with the same *chunk_size*:
            the stream goes on behind it, under its id. The skipped bytes are read, because the digest is of all bytes.

    Raises:
        MediaError: The medium cannot be read, or *after* is no segment of such a stream.
    """
    medium = MediaSource.of(source)
    skipped = _segments_until(after, chunk_size)
    known_id = media_id or (after.media_id if after else None)
    naming = _Naming(known_id or f"media_{token_hex(8)}", media_type, chunk_size)
    metadata, index = medium.metadata, 0
    async with aclosing(medium.chunks(chunk_size)) as pieces:
        async for piece in pieces:
            if index == 0:
                metadata = _with_type(medium, piece)
            if after is not None and index == skipped - 1:
                _check_same(after, piece, chunk_size)
            if index >= skipped:
                yield naming.segment(piece, index, metadata)
            index += 1
    whole = msgspec.structs.replace(medium.metadata, mime_type=metadata.mime_type)
    yield naming.final(whole, is_empty=index == 0)


class _Naming(NamedTuple):
    """What all chunks of one medium share."""

    media_id: str
    media_type: MediaType | str | None
    chunk_size: int

    def segment(self, piece: bytes, index: int, metadata: MediaMetadata) -> MultimodalStreamChunk:
        size = metadata.size_bytes
        return MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self.media_id,
            media_type=self.media_type or kind_of_mime(metadata.mime_type),
            media_encoding=MediaEncoding.BINARY,
            media_data=piece,
            media_metadata=metadata if index == 0 else None,
            is_partial=True,
            partial_kind="segment",
            chunk_index=index,
            total_chunks=None if size is None else -(-size // self.chunk_size),
            byte_offset=index * self.chunk_size,
        )

    def final(self, known: MediaMetadata, *, is_empty: bool) -> MultimodalStreamChunk:
        return MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self.media_id,
            media_type=self.media_type or kind_of_mime(known.mime_type),
            media_encoding=MediaEncoding.BINARY if is_empty else None,
            media_data=b"" if is_empty else None,
            media_metadata=known,
        )


def _with_type(medium: MediaSource, piece: bytes) -> MediaMetadata:
    """Return the metadata that is known at the first piece; a digest that was promised is told at the end."""
    mime_type = medium.mime_type or mime_of_bytes(piece[:HEAD_BYTES]) or DEFAULT_MIME_TYPE
    return MediaMetadata(mime_type=mime_type, size_bytes=medium.size_bytes, filename=medium.filename)


def _segments_until(after: MultimodalStreamChunk | None, chunk_size: int) -> int:
    if after is None:
        return 0
    index = after.chunk_index
    if after.partial_kind != "segment" or index is None or after.media_data is None:
        raise MediaError("a medium can go on only after one of its segments; pass the last segment that has arrived")
    if after.byte_offset != index * chunk_size:
        raise MediaError(
            f"the last segment was not made with chunk_size={chunk_size}; use the size of the first stream"
        )
    return index + 1


def _check_same(after: MultimodalStreamChunk, piece: bytes, chunk_size: int) -> None:
    if bytes_or_reference(after) != piece:
        raise MediaError(
            f"the last segment holds other bytes than this medium has there with chunk_size={chunk_size}; "
            "use the size of the first stream, or begin anew if the medium changed"
        )
