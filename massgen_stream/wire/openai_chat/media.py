"""Media in chat streams: spoken output in segments, and whole images."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.media_item import described
from ...stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ..audio_format import MAGIC_BYTES, shown_format
from ..base64_text import base64_bytes
from ..faults import DELTA, UnusableField
from .events import Audio

_PCM: Final = "audio/pcm"
"""The only format that OpenAI streams: 16 bit, 24 kHz, mono (https://platform.openai.com/docs/guides/audio)."""

_DEFAULT_IMAGE: Final = "image/jpeg"  # the origin's default
_IMAGE: Final = f"{DELTA}.images[]"


def audio_mime_type(data: bytes) -> str:
    """Return the MIME type that the first bytes of spoken output show; raw samples show none."""
    return shown_format(data[:MAGIC_BYTES]) or _PCM


class AudioTrack:
    """Spoken output with one id."""

    def __init__(self, media_id: str) -> None:
        self.media_id = media_id
        self._digest = sha256()
        self._size = self._segments = 0
        self._mime_type: str | None = None

    def feed(self, audio: Audio) -> MultimodalStreamChunk:
        """Return the segment for sound, transcript or both; a transcript alone is a segment without bytes."""
        data, metadata = audio.data or None, None
        if data is not None and self._mime_type is None:
            self._mime_type = audio_mime_type(data)
            metadata = MediaMetadata(mime_type=self._mime_type)
        segment = MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self.media_id,
            media_type=MediaType.AUDIO,
            media_encoding=MediaEncoding.BINARY if data is not None else None,
            media_data=data,
            media_metadata=metadata,
            text_content=audio.transcript or None,
            is_partial=True,
            partial_kind="segment",
            chunk_index=self._segments,
            byte_offset=self._size,
        )
        self._segments += 1
        if data is not None:
            self._digest.update(data)
            self._size += len(data)
        return segment

    def final(self) -> MultimodalStreamChunk:
        """Return the final chunk, without a second copy of the bytes."""
        checksum = f"sha256:{self._digest.hexdigest()}"
        metadata = MediaMetadata(mime_type=self._mime_type or _PCM, size_bytes=self._size, checksum=checksum)
        return MultimodalStreamChunk(
            type=ChunkType.MEDIA, media_id=self.media_id, media_type=MediaType.AUDIO, media_metadata=metadata
        )


class AudioTracks:
    """The spoken output of a response: the id tells tracks apart."""

    def __init__(self) -> None:
        self._tracks: dict[str, AudioTrack] = {}

    def feed(self, media_id: str, audio: Audio) -> MultimodalStreamChunk:
        """Return the segment for a piece of the track *media_id*."""
        track = self._tracks.get(media_id)
        if track is None:
            track = self._tracks[media_id] = AudioTrack(media_id)
        return track.feed(audio)

    def finals(self) -> list[MultimodalStreamChunk]:
        """Return the final chunk of each track, in order of their beginning."""
        return [track.final() for track in self._tracks.values()]


def image_urls(images: list[Any]) -> Iterator[str]:
    """Return the URL of each image; servers nest it differently.

    Raises:
        UnusableField: An image has no usable URL.
    """
    for image in images:
        if image is None:
            continue
        place = image.get("image_url", image.get("url")) if isinstance(image, dict) else image
        url = place.get("url") if isinstance(place, dict) else place
        if not isinstance(url, str) or not url:
            raise UnusableField(_IMAGE, "has no URL", {})
        yield url


def image_chunk(url: str, media_id: str) -> MultimodalStreamChunk:
    """Return a whole image: a data URL becomes MIME type and bytes, any other URL stays one.

    Raises:
        UnusableField: A data URL (https://www.rfc-editor.org/rfc/rfc2397) holds no data.
    """
    if url[:5].lower() != "data:":
        return _image(media_id, MediaEncoding.URL, url, MediaMetadata(mime_type=_DEFAULT_IMAGE))
    comma = url.find(",")
    if comma < 0:
        raise UnusableField(_IMAGE, "is a data URL without data", "data:")
    mime_type, *options = url[5:comma].split(";")
    if "base64" in options:
        data = base64_bytes(url, _IMAGE, "data:;base64,?", start=comma + 1)
    else:
        data = unquote_to_bytes(url[comma + 1 :].encode("utf-8", "replace"))
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
