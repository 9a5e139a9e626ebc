"""Media in a ``streamGenerateContent`` response.

Sound as raw samples (``audio/L16;rate=24000``) comes in segments, part by part; any other medium is whole in one part.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.media_item import DEFAULT_MIME_TYPE, described
from ...stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ..audio_format import option_of
from .calls import PROTOCOL
from .events import Blob

Data = dict[str, Any]
_SAMPLES: Final = ("audio/l16", "audio/l24", "audio/pcm", "audio/x-raw")
_FAMILIES: Final = {"image": MediaType.IMAGE, "audio": MediaType.AUDIO, "video": MediaType.VIDEO}


class Track:
    """Sound in segments: one MIME type, one medium."""

    def __init__(self, media_id: str, mime_type: str) -> None:
        self.media_id = media_id
        self._known: dict[str, Any] = {"mime_type": mime_type, "channels": option_of(mime_type, "channels")}
        self._known["sample_rate"] = option_of(mime_type, "rate")
        self._digest, self._size, self._segments = sha256(), 0, 0

    def feed(self, data: bytes, provider_data: Data | None) -> MultimodalStreamChunk:
        """Return the next segment."""
        segment = MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self.media_id,
            media_type=MediaType.AUDIO,
            media_encoding=MediaEncoding.BINARY,
            media_data=data,
            media_metadata=None if self._segments else MediaMetadata(**self._known),
            is_partial=True,
            partial_kind="segment",
            chunk_index=self._segments,
            byte_offset=self._size,
            provider_data=provider_data,
        )
        self._segments += 1
        self._size += len(data)
        self._digest.update(data)
        return segment

    def final(self) -> MultimodalStreamChunk:
        """Return the final chunk, without a second copy of the bytes."""
        checksum = f"sha256:{self._digest.hexdigest()}"
        metadata = MediaMetadata(**self._known, size_bytes=self._size, checksum=checksum)
        return MultimodalStreamChunk(
            type=ChunkType.MEDIA, media_id=self.media_id, media_type=MediaType.AUDIO, media_metadata=metadata
        )


class Media:
    """The media of a response.

    Args:
        mint: Makes an id for a kind of medium.
    """

    def __init__(self, mint: Callable[[str], str]) -> None:
        self._mint = mint
        self._tracks: dict[str, Track] = {}

    def inline(self, blob: Blob, extras: Data) -> MultimodalStreamChunk | None:
        """Return the chunk of a part with the bytes of a medium; None when it has none."""
        mime_type, data = blob.mimeType or DEFAULT_MIME_TYPE, blob.data
        if not data:
            return None
        if mime_type.partition(";")[0].strip().lower() in _SAMPLES:
            return self._track(mime_type).feed(data, _provider_data(extras))
        return self._whole(mime_type, MediaEncoding.BINARY, data, described(data, mime_type), extras)

    def file(self, said: Data, extras: Data) -> MultimodalStreamChunk | None:
        """Return the chunk of a part that refers to a file; None when it says no address."""
        uri, mime_type = said.get("fileUri"), said.get("mimeType")
        if not isinstance(uri, str) or not uri:
            return None
        mime_type = mime_type if isinstance(mime_type, str) and mime_type else DEFAULT_MIME_TYPE
        return self._whole(mime_type, MediaEncoding.URL, uri, MediaMetadata(mime_type=mime_type), extras)

    def finals(self) -> list[MultimodalStreamChunk]:
        """Return the final chunk of each medium in segments, in order of their beginning."""
        return [track.final() for track in self._tracks.values()]

    def _track(self, mime_type: str) -> Track:
        track = self._tracks.get(mime_type)
        if track is None:
            track = self._tracks[mime_type] = Track(self._mint("audio"), mime_type)
        return track

    def _whole(
        self, mime_type: str, encoding: MediaEncoding, data: Any, metadata: MediaMetadata, extras: Data
    ) -> MultimodalStreamChunk:
        kind = _kind(mime_type)
        return MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self._mint(kind.value),
            media_type=kind,
            media_encoding=encoding,
            media_data=data,
            media_metadata=metadata,
            provider_data=_provider_data(extras),
            display=not extras.get("thought"),  # drafts that the model made while it thought
        )


def _provider_data(extras: Data) -> Data | None:
    return {PROTOCOL: extras} if extras else None


def _kind(mime_type: str) -> MediaType:
    family = mime_type.partition("/")[0].lower()
    if family == "text" or mime_type == "application/pdf":
        return MediaType.DOCUMENT
    return _FAMILIES.get(family, MediaType.FILE)
