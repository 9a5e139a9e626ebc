"""A medium whose bytes come piece by piece, and its end."""

from __future__ import annotations

from typing import TypeGuard

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ..stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk


class Segments:
    """Numbers the pieces of one medium.

    Args:
        media_id: Its id.
        media_type: Its kind.
        metadata: What is known of it; told with the first piece.

    Attributes:
        size: Bytes so far.
        count: Pieces so far.
    """

    def __init__(self, media_id: str, media_type: MediaType | str, metadata: MediaMetadata) -> None:
        self._id, self._type, self._metadata = media_id, media_type, metadata
        self.size = self.count = 0

    def next(self, data: bytes, *, text_content: str | None = None) -> MultimodalStreamChunk:
        """Return the chunk for the next piece."""
        chunk = MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self._id,
            media_type=self._type,
            media_encoding=MediaEncoding.BINARY,
            media_data=data,
            media_metadata=self._metadata if self.count == 0 else None,
            text_content=text_content,
            is_partial=True,
            partial_kind="segment",
            chunk_index=self.count,
            byte_offset=self.size,
        )
        self.count += 1
        self.size += len(data)
        return chunk


def is_final(chunk: BaseStreamChunk) -> TypeGuard[MultimodalStreamChunk]:
    """Return whether *chunk* is the end of a medium, or all of it."""
    return isinstance(chunk, MultimodalStreamChunk) and chunk.type is ChunkType.MEDIA and not chunk.is_partial
