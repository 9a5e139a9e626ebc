"""Sound in segments."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk


class SoundTrack:
    """One piece of sound.

    Args:
        media_id: Its id.
        metadata: What is known of it before its end; it may be set until the first sound comes.
    """

    __slots__ = ("_digest", "_media_id", "_segments", "metadata", "size")

    def __init__(self, media_id: str, metadata: MediaMetadata) -> None:
        self._media_id, self.metadata = media_id, metadata
        self._digest = sha256()
        self._segments = self.size = 0

    def segment(self, data: bytes, provider_data: Mapping[str, Any] | None = None) -> MultimodalStreamChunk:
        """Return the next segment; the first one with sound says what the sound is."""
        chunk = MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self._media_id,
            media_type=MediaType.AUDIO,
            media_encoding=MediaEncoding.BINARY,
            media_data=data,
            media_metadata=None if self.size or not data else self.metadata,
            is_partial=True,
            partial_kind="segment",
            chunk_index=self._segments,
            byte_offset=self.size,
            provider_data=None if provider_data is None else dict(provider_data),
        )
        self._segments += 1
        self.size += len(data)
        self._digest.update(data)
        return chunk

    def final(self, provider_data: Mapping[str, Any] | None = None) -> MultimodalStreamChunk:
        """Return the final chunk, without a second copy of the bytes."""
        checksum = f"sha256:{self._digest.hexdigest()}"
        return MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self._media_id,
            media_type=MediaType.AUDIO,
            media_metadata=replace(self.metadata, size_bytes=self.size, checksum=checksum),
            provider_data=None if provider_data is None else dict(provider_data),
        )
