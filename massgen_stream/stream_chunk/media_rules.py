"""The rules for the media of one source: segments, progress, finals and digests."""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256

from ..errors import MalformedChunk
from .grammar import Faults
from .jsonform import bytes_of
from .kinds import ChunkType, MediaEncoding
from .multimodal import MediaMetadata, MultimodalStreamChunk
from .odd_values import Item, key_of, number_of, shown


class MediumState:
    """One medium: what its segments hold.

    Attributes:
        final: Whether its final chunk has come.
        excused: Whether it may stay without one.
        segments: How many segments have come.
        size: Bytes in them; None once a segment held none that can be counted.
    """

    __slots__ = ("_digest", "excused", "final", "segments", "size")

    def __init__(self) -> None:
        self.final = self.excused = False
        self.segments = 0
        self.size: int | None = 0
        self._digest = sha256()

    def take_segment(self, chunk: MultimodalStreamChunk) -> Faults:
        """Yield what the next segment breaks."""
        if chunk.chunk_index not in (None, self.segments):
            yield "segment_index", f"chunk_index is {shown(chunk.chunk_index)}, not {self.segments}"
        if self.size is not None and chunk.byte_offset not in (None, self.size):
            yield "segment_offset", f"byte_offset is {shown(chunk.byte_offset)}, not {self.size}"
        self.segments += 1
        data = b"" if chunk.media_data is None else bytes_in(chunk)
        if data is None or self.size is None:
            self.size = None
        else:
            self.size += len(data)
            self._digest.update(data)

    def take_final(self, chunk: MultimodalStreamChunk) -> Faults:
        """Yield what the final chunk breaks."""
        metadata = chunk.media_metadata if isinstance(chunk.media_metadata, MediaMetadata) else None
        data = bytes_in(chunk)
        if not self.segments:
            if data is not None:
                yield from _described(metadata, len(data), sha256(data).hexdigest() if _has_digest(metadata) else "")
            return
        if metadata is None:
            yield "media_metadata", "the final of a medium in segments has no media_metadata"
        if data:
            yield "media_copy", f"the final repeats {len(data)} bytes that came in segments"
        if self.size is not None:
            yield from _described(metadata, self.size, self._digest.hexdigest())


class MediaRules:
    """The media of one source."""

    def __init__(self) -> None:
        self._media: defaultdict[Item, MediumState] = defaultdict(MediumState)
        self._progress: dict[Item, float] = {}

    def feed(self, chunk: MultimodalStreamChunk) -> Faults:
        """Yield what *chunk* breaks."""
        media_id = key_of(chunk.media_id)
        if chunk.type in (ChunkType.MEDIA, ChunkType.MEDIA_PROGRESS) and self._is_final(media_id):
            yield "media_late", f"{chunk.type.value} after the final of medium {shown(media_id)}"
            return
        yield from self._take_progress(media_id, number_of(chunk.progress_percentage))
        if chunk.type is ChunkType.MEDIA:
            yield from self._take_media(media_id, chunk)

    def open(self) -> list[str]:
        """Return the ids of media that have begun and not ended."""
        return [shown(media_id) for media_id, medium in self._media.items() if not (medium.final or medium.excused)]

    def excuse(self, media_id: object) -> None:
        """An `error` chunk has told of that medium: it need not end."""
        self._media[key_of(media_id)].excused = True

    def excuse_all(self) -> None:
        """The turn was cut: what is open stays open."""
        for medium in self._media.values():
            medium.excused = True

    def _is_final(self, media_id: Item) -> bool:
        medium = self._media.get(media_id)
        return medium is not None and medium.final

    def _take_progress(self, media_id: Item, progress: float | None) -> Faults:
        if progress is None:
            return
        known = self._progress.get(media_id, progress)
        if progress < known:
            yield (
                "progress",
                f"progress_percentage of medium {shown(media_id)} falls from {shown(known)} to {shown(progress)}",
            )
        self._progress[media_id] = max(known, progress)

    def _take_media(self, media_id: Item, chunk: MultimodalStreamChunk) -> Faults:
        if chunk.is_partial and (media_id is None or chunk.partial_kind is None):
            yield "partial_kind", f"partial medium without {'media_id' if media_id is None else 'partial_kind'}"
        if media_id is None:  # it stands alone: nothing can continue it
            yield from MediumState().take_final(chunk)
            return
        medium = self._media[media_id]
        if not chunk.is_partial:
            yield from medium.take_final(chunk)
            medium.final = True
        elif chunk.partial_kind == "segment":
            yield from medium.take_segment(chunk)


def bytes_in(chunk: MultimodalStreamChunk) -> bytes | None:
    """Return the bytes that *chunk* holds; None if it refers to them, or they cannot be read."""
    data = chunk.media_data
    if chunk.media_encoding is MediaEncoding.BASE64 and isinstance(data, str):
        try:
            return bytes_of(data)
        except MalformedChunk:
            return None
    return bytes(data) if isinstance(data, bytes | bytearray | memoryview) else None


def _has_digest(metadata: MediaMetadata | None) -> bool:
    return metadata is not None and str(metadata.checksum).startswith("sha256:")


def _described(metadata: MediaMetadata | None, size: int, digest: str) -> Faults:
    if metadata is None:
        return
    if metadata.size_bytes not in (None, size):
        yield "media_digest", f"size_bytes is {shown(metadata.size_bytes)}, but {size} bytes came"
    if _has_digest(metadata) and str(metadata.checksum).lower() != f"sha256:{digest}":
        yield "media_digest", "checksum is not the SHA-256 of the bytes that came"
