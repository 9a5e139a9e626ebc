"""Media in chat streams: spoken output in segments, and whole images."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from ...errors import MalformedEvent
from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.media_item import described
from ...stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from .events import Audio
from .lenient import base64_or_refuse

_MAGIC: Final = (
    (b"OggS", "audio/ogg"),
    (b"RIFF", "audio/wav"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
)
_PCM: Final = "audio/pcm"
"""The only format that OpenAI streams: 16 bit, 24 kHz, mono (https://platform.openai.com/docs/guides/audio)."""

_DEFAULT_IMAGE: Final = "image/jpeg"  # the origin's default


def audio_mime_type(data: bytes) -> str:
    """Return the MIME type that the first bytes of spoken output show; raw samples show none."""
    return next((mime for magic, mime in _MAGIC if data.startswith(magic)), _PCM)


class AudioTrack:
    """The spoken output of one choice."""

    def __init__(self, media_id: str) -> None:
        self.media_id = media_id
        self._digest = sha256()
        self._size = self._segments = 0
        self._mime_type = _PCM

    def feed(self, audio: Audio) -> MultimodalStreamChunk | None:
        """Return the segment, or the piece of transcript; None when the event brings neither."""
        if audio.data:
            return self._segment(audio.data, audio.transcript or None)
        if not audio.transcript:
            return None
        return MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self.media_id,
            media_type=MediaType.AUDIO,
            text_content=audio.transcript,
            is_partial=True,
        )

    def _segment(self, data: bytes, transcript: str | None) -> MultimodalStreamChunk:
        first = self._segments == 0
        if first:
            self._mime_type = audio_mime_type(data)
        segment = MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self.media_id,
            media_type=MediaType.AUDIO,
            media_encoding=MediaEncoding.BINARY,
            media_data=data,
            media_metadata=MediaMetadata(mime_type=self._mime_type) if first else None,
            text_content=transcript,
            is_partial=True,
            partial_kind="segment",
            chunk_index=self._segments,
            byte_offset=self._size,
        )
        self._digest.update(data)
        self._size += len(data)
        self._segments += 1
        return segment

    def final(self) -> MultimodalStreamChunk:
        """Return the final chunk, without a second copy of the bytes."""
        checksum = f"sha256:{self._digest.hexdigest()}"
        return MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self.media_id,
            media_type=MediaType.AUDIO,
            media_metadata=MediaMetadata(mime_type=self._mime_type, size_bytes=self._size, checksum=checksum),
        )


def image_urls(images: list[Any]) -> Iterator[str]:
    """Return the URL of each image; servers nest it differently.

    Raises:
        MalformedEvent: An image has no usable URL.
    """
    for image in images:
        place = image.get("image_url", image.get("url")) if isinstance(image, dict) else image
        url = place.get("url") if isinstance(place, dict) else place
        if not isinstance(url, str) or not url:
            raise MalformedEvent("an image has no URL", image)
        yield url


def image_chunk(url: str, media_id: str) -> MultimodalStreamChunk:
    """Return a whole image: a data URL becomes MIME type and bytes, any other URL stays one.

    Raises:
        MalformedEvent: A data URL does not hold base64.
    """
    if not url.startswith("data:"):
        metadata = MediaMetadata(mime_type=_DEFAULT_IMAGE)
        return _image(media_id, MediaEncoding.URL, url, metadata)
    head, comma, body = url.partition(",")
    mime_type, *options = head.removeprefix("data:").split(";")
    if not comma or "base64" not in options:
        raise MalformedEvent("a data URL is not base64", url)
    data = base64_or_refuse(body)
    return _image(media_id, MediaEncoding.BINARY, data, described(data, mime_type or _DEFAULT_IMAGE))


def _image(media_id: str, encoding: MediaEncoding, data: Any, metadata: MediaMetadata) -> MultimodalStreamChunk:
    return MultimodalStreamChunk(
        type=ChunkType.MEDIA,
        media_id=media_id,
        media_type=MediaType.IMAGE,
        media_encoding=encoding,
        media_data=data,
        media_metadata=metadata,
    )
