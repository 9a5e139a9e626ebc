"""Keeps the media of a stream in order: progress that never goes back, and the finals that no decoder sent."""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from .kinds import ChunkType, MediaEncoding, MediaType
from .media_item import DEFAULT_MIME_TYPE
from .multimodal import MediaMetadata, MultimodalStreamChunk


class _Open:
    """A medium whose final has not come."""

    def __init__(self, chunk: MultimodalStreamChunk) -> None:
        self.media_type = chunk.media_type or MediaType.FILE
        self.metadata: MediaMetadata | None = None
        self.digest = sha256()
        self.size = 0
        self.segments = 0
        self.source = chunk.source

    def feed(self, chunk: MultimodalStreamChunk) -> None:
        self.metadata = chunk.media_metadata or self.metadata
        if chunk.partial_kind == "segment" and chunk.media_data is not None:
            data = _bytes(chunk)
            self.digest.update(data)
            self.size += len(data)
            self.segments += 1

    def described(self) -> MediaMetadata:
        known = self.metadata or MediaMetadata(mime_type=DEFAULT_MIME_TYPE)
        return replace(known, size_bytes=self.size, checksum=f"sha256:{self.digest.hexdigest()}")


class MediaFinals:
    """Follows the media of one stream."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._progress: dict[str | None, float] = {}
        self._results: list[dict[str, Any]] = []

    def feed(self, chunk: MultimodalStreamChunk) -> MultimodalStreamChunk:
        """Return *chunk*, with progress that does not go back, and a final with size and digest."""
        if chunk.type is ChunkType.MEDIA:
            return self._media(chunk)
        if chunk.progress_percentage is not None:
            return self._clamped(chunk, chunk.progress_percentage)
        return chunk

    def open_finals(self) -> list[MultimodalStreamChunk]:
        """Return a final for each medium whose segments ended without one; previews alone are not a medium."""
        finals = []
        for media_id, medium in self._open.items():
            if medium.segments:
                finals.append(
                    MultimodalStreamChunk(
                        type=ChunkType.MEDIA,
                        media_id=media_id,
                        media_type=medium.media_type,
                        media_metadata=medium.described(),
                        source=medium.source,
                    )
                )
        self._results += [_summary(final) for final in finals]
        self._open.clear()
        return finals

    def results(self) -> list[dict[str, Any]]:
        """Return a summary of each finished medium: id, type, MIME type, size, digest, path."""
        return list(self._results)

    def _clamped(self, chunk: MultimodalStreamChunk, progress: float) -> MultimodalStreamChunk:
        known = self._progress.get(chunk.media_id, 0.0)
        kept = self._progress[chunk.media_id] = min(100.0, max(known, progress))
        return chunk if kept == progress else replace(chunk, progress_percentage=kept)

    def _media(self, chunk: MultimodalStreamChunk) -> MultimodalStreamChunk:
        if chunk.is_partial:
            if chunk.media_id is not None:
                medium = self._open.get(chunk.media_id) or self._open.setdefault(chunk.media_id, _Open(chunk))
                medium.feed(chunk)
            return chunk
        final = self._complete(chunk, self._open.pop(chunk.media_id or "", None))
        self._results.append(_summary(final))
        return final

    def _complete(self, chunk: MultimodalStreamChunk, medium: _Open | None) -> MultimodalStreamChunk:
        metadata = chunk.media_metadata
        if metadata is not None and metadata.checksum is not None and metadata.size_bytes is not None:
            return chunk
        if medium is not None and medium.segments and chunk.media_data is None:
            found = medium.described()
            known = metadata or found
        elif isinstance(chunk.media_data, str) and chunk.media_encoding is not MediaEncoding.BASE64:
            return chunk
        elif chunk.media_data is not None:
            data = _bytes(chunk)
            known = metadata or MediaMetadata(mime_type=DEFAULT_MIME_TYPE)
            found = replace(known, size_bytes=len(data), checksum=f"sha256:{sha256(data).hexdigest()}")
        else:
            return chunk
        return replace(chunk, media_metadata=replace(known, size_bytes=found.size_bytes, checksum=found.checksum))


def _bytes(chunk: MultimodalStreamChunk) -> bytes:
    if isinstance(chunk.media_data, str):
        try:
            return b64decode(chunk.media_data, validate=True)
        except ValueError:
            return chunk.media_data.encode("utf-8", "surrogatepass")
    return bytes(chunk.media_data)


def _summary(final: MultimodalStreamChunk) -> dict[str, Any]:
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
