"""Keeps the media of a stream in order: progress that never goes back, and the finals that no decoder sent."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from .base import BaseStreamChunk
from .kinds import ChunkType, MediaType
from .media_item import DEFAULT_MIME_TYPE, bytes_or_reference
from .multimodal import MediaMetadata, MultimodalStreamChunk
from .odd_values import number_of
from .settled_finals import contradiction
from .text import TextStreamChunk

Data = dict[str, Any]


class _Open:
    """A medium whose final has not come."""

    def __init__(self, chunk: MultimodalStreamChunk) -> None:
        self.media_type = chunk.media_type or MediaType.FILE
        self.metadata: MediaMetadata | None = None
        self.digest = sha256()
        self.size = 0
        self.segments = 0

    def feed(self, chunk: MultimodalStreamChunk) -> None:
        self.metadata = chunk.media_metadata or self.metadata
        if chunk.partial_kind == "preview":
            return
        self.segments += 1
        if chunk.media_data is not None:
            data = _bytes(chunk)
            self.digest.update(data)
            self.size += len(data)

    def described(self, known: MediaMetadata | None = None) -> MediaMetadata:
        return _described(known or self.metadata, self.size, self.digest.hexdigest())

    def holds(self, data: bytes) -> bool:
        return len(data) == self.size and sha256(data).digest() == self.digest.digest()


class MediaFinals:
    """Follows the media of one source.

    Attributes:
        results: A summary of each finished medium: id, type, MIME type, size, digest, path.
    """

    def __init__(self) -> None:
        self.results: list[Data] = []
        self._open: dict[str, _Open] = {}
        self._progress: dict[str | None, float] = {}

    def settle(self, chunk: MultimodalStreamChunk) -> list[BaseStreamChunk]:
        """Return *chunk*, with progress that does not go back, and a final with size and digest."""
        if chunk.type is ChunkType.MEDIA:
            return self._media(chunk)
        progress = number_of(chunk.progress_percentage)
        return [chunk if progress is None else self._clamped(chunk, progress)]

    def open_finals(self) -> list[BaseStreamChunk]:
        """Return what ends each medium that has begun and not ended; previews alone are not a medium."""
        left, self._open = self._open, {}
        return [self._ended(media_id, medium) for media_id, medium in left.items()]

    def _ended(self, media_id: str, medium: _Open) -> BaseStreamChunk:
        if not medium.segments:
            info = {"kind": "media", "retryable": False}
            message = "only previews of the medium came"
            return TextStreamChunk(type=ChunkType.ERROR, error=message, error_info=info, media_id=media_id)
        final = MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=media_id,
            media_type=medium.media_type,
            media_metadata=medium.described(),
        )
        self.results.append(_summary(final))
        return final

    def _clamped(self, chunk: MultimodalStreamChunk, progress: float) -> MultimodalStreamChunk:
        known = self._progress.get(chunk.media_id, 0.0)
        kept = self._progress[chunk.media_id] = min(100.0, max(known, progress))
        return chunk if kept == progress else replace(chunk, progress_percentage=kept)

    def _media(self, chunk: MultimodalStreamChunk) -> list[BaseStreamChunk]:
        if not chunk.is_partial:
            chunks = _completed(chunk, self._open.pop(chunk.media_id or "", None))
            self.results += [_summary(one) for one in chunks if isinstance(one, MultimodalStreamChunk)]
            return chunks
        if chunk.media_id is not None:
            medium = self._open.get(chunk.media_id)
            if medium is None:
                medium = self._open[chunk.media_id] = _Open(chunk)
            medium.feed(chunk)
        return [chunk]


def _completed(chunk: MultimodalStreamChunk, medium: _Open | None) -> list[BaseStreamChunk]:
    """Return a final with size and digest; of a medium in segments without a second copy of the bytes."""
    data = None if chunk.media_data is None else bytes_or_reference(chunk)
    if medium is None or not medium.segments:
        known = chunk.media_metadata
        if isinstance(data, bytes) and (known is None or None in (known.checksum, known.size_bytes)):
            return [replace(chunk, media_metadata=_described(known, len(data), sha256(data).hexdigest()))]
        return [chunk]
    before: list[BaseStreamChunk] = []
    if isinstance(data, bytes):
        before = [] if medium.holds(data) else [contradiction(f"the final of medium {chunk.media_id}")]
        chunk = replace(chunk, media_data=None, media_encoding=None)
    return [*before, replace(chunk, media_metadata=medium.described(chunk.media_metadata))]


def _described(known: MediaMetadata | None, size: int, digest: str) -> MediaMetadata:
    known = known or MediaMetadata(mime_type=DEFAULT_MIME_TYPE)
    return replace(known, size_bytes=size, checksum=f"sha256:{digest}")


def _bytes(chunk: MultimodalStreamChunk) -> bytes:
    data = bytes_or_reference(chunk)
    return data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data


def _summary(final: MultimodalStreamChunk) -> Data:
    metadata = final.media_metadata
    found = {
        "media_id": final.media_id,
        "media_type": final.media_type.value if final.media_type else None,
        "mime_type": metadata.mime_type if metadata else None,
        "size_bytes": metadata.size_bytes if metadata else None,
        "checksum": metadata.checksum if metadata else None,
        "path": final.path,
    }
    return {name: value for name, value in found.items() if value is not None}
