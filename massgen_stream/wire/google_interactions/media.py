"""Media in an Interactions stream: an image or document is whole in one delta, sound and video come in segments."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final, NamedTuple

from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.media_item import DEFAULT_MIME_TYPE, described
from ...stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ..base64_text import base64_bytes
from ..faults import UnusableField as BadBase64
from ..metadata import Metadata
from .events import MEDIA, Delta
from .fields import BAD_BASE64, Data, Place
from .step import own_data

_TRACKS: Final = frozenset(("audio", "video"))


class Medium(NamedTuple):
    """What one delta or content says of a medium; `extras` goes back with it in the next request."""

    kind: str
    data: bytes | None = None
    uri: str = ""
    mime_type: str = ""
    sample_rate: int | None = None
    channels: int | None = None
    extras: Data = {}  # noqa: RUF012 - never changed


def is_track(kind: str) -> bool:
    """Return whether media of that *kind* come in segments."""
    return kind in _TRACKS


def medium_of_delta(delta: Delta) -> Medium:
    """Return what a delta in typed form says."""
    extras = {} if delta.resolution is None else {"resolution": delta.resolution}
    rate = delta.rate if delta.sample_rate is None else delta.sample_rate
    return Medium(
        delta.type, delta.data, delta.uri or "", delta.mime_type or "", rate, delta.channels,
        _with_uri(extras, delta.data, delta.uri),
    )  # fmt: skip


def medium_of(doc: Data, place: Place, read: Metadata) -> Medium | None:
    """Return what a document says of a medium; None if it is none.

    Raises:
        UnusableField: Its bytes cannot be used.
    """
    if place.kind not in MEDIA:
        return None
    data, uri = _bytes(place, place.text(doc, "data")), place.text(doc, "uri")
    resolution = read.text(doc, "resolution", place.path)
    rate, sample_rate = (read.number(doc, name, place.path) for name in ("rate", "sample_rate"))
    return Medium(
        place.kind, data, uri, read.text(doc, "mime_type", place.path),
        rate if sample_rate is None else sample_rate, read.number(doc, "channels", place.path),
        _with_uri({"resolution": resolution} if resolution else {}, data, uri),
    )  # fmt: skip


class Track:
    """Sound or video in segments.

    Args:
        media_id: Its id.
        first: Its first segment.
    """

    def __init__(self, media_id: str, first: Medium) -> None:
        self._media_id, self._first = media_id, first
        self._digest, self._size, self._segments = sha256(), 0, 0

    def takes(self, medium: Medium) -> bool:
        """Return whether *medium* goes on with this one; a segment need not say its type again."""
        return medium.kind == self._first.kind and medium.mime_type in ("", self._first.mime_type)

    def segment(self, medium: Medium) -> MultimodalStreamChunk:
        """Return the next segment."""
        data = medium.data or b""
        chunk = self._chunk(
            media_encoding=MediaEncoding.BINARY,
            media_data=data,
            media_metadata=None if self._segments else _metadata(self._first),
            is_partial=True,
            partial_kind="segment",
            chunk_index=self._segments,
            byte_offset=self._size,
            provider_data=own_data(**medium.extras) if medium.extras else None,
        )
        self._segments += 1
        self._size += len(data)
        self._digest.update(data)
        return chunk

    def final(self) -> MultimodalStreamChunk:
        """Return the final chunk, without a second copy of the bytes."""
        checksum = f"sha256:{self._digest.hexdigest()}"
        return self._chunk(media_metadata=_metadata(self._first, size_bytes=self._size, checksum=checksum))

    def _chunk(self, **fields: Any) -> MultimodalStreamChunk:
        kind = MediaType(self._first.kind)
        return MultimodalStreamChunk(type=ChunkType.MEDIA, media_id=self._media_id, media_type=kind, **fields)


def whole_medium(media_id: str, medium: Medium, *, thought: str | None = None) -> MultimodalStreamChunk:
    """Return the chunk of a medium that came whole; *thought* is the item of the thinking that made it, if any did."""
    extras = medium.extras | ({"thought": thought} if thought else {})
    metadata = _metadata(medium)
    if medium.data:
        known = {"sample_rate": medium.sample_rate, "channels": medium.channels}
        metadata = described(medium.data, medium.mime_type or DEFAULT_MIME_TYPE, **known)
    return MultimodalStreamChunk(
        type=ChunkType.MEDIA,
        media_id=media_id,
        media_type=MediaType(medium.kind),
        media_encoding=MediaEncoding.BINARY if medium.data else MediaEncoding.URL,
        media_data=medium.data or medium.uri,
        media_metadata=metadata,
        provider_data=own_data(**extras) if extras else None,
        display=thought is None,
    )


def _metadata(medium: Medium, **known: Any) -> MediaMetadata:
    mime_type = medium.mime_type or DEFAULT_MIME_TYPE
    return MediaMetadata(mime_type=mime_type, sample_rate=medium.sample_rate, channels=medium.channels, **known)


def _with_uri(extras: Data, data: bytes | None, uri: str | None) -> Data:
    """Where the bytes came too, the address is something else that is known."""
    return {**extras, "uri": uri} if data and uri else extras


def _bytes(place: Place, text: str) -> bytes:
    try:
        return base64_bytes(text, "data")
    except BadBase64:
        raise place.fault("data", "is not base64", BAD_BASE64) from None
