"""Media in Responses streams: generated images with previews, spoken output, and media of compatible servers."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.media_item import DEFAULT_MIME_TYPE, described
from ...stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ..openai_chat.media import audio_mime_type
from .faults import Origin
from .metadata import index_at, word_at

Data = dict[str, Any]
Chunks = list[BaseStreamChunk]
_SIZE: Final = re.compile(r"([1-9]\d{0,5})x([1-9]\d{0,5})")
_MIME_TYPES: Final = {"svg": "image/svg+xml", "jpg": "image/jpeg"}
FORMATS: Final = {mime_type: name for name, mime_type in _MIME_TYPES.items() if name == "svg"}
"""MIME types that are not called like the wire's format."""
_MAGIC: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
    (b"<", "image/svg+xml"),
)
_PNG: Final = "image/png"
"""The default of the image tool (https://platform.openai.com/docs/guides/tools-image-generation)."""

_REFERENCES: Final = {"file_id": MediaEncoding.FILE_ID, "file_path": MediaEncoding.FILE_PATH}
_TYPES: Final = {kind.value: kind for kind in MediaType}


def image_metadata(data: bytes, said: Data) -> MediaMetadata:
    """Return what the vendor says of an image, with its size in bytes and its digest."""
    form, size = word_at(said, "output_format"), _SIZE.fullmatch(word_at(said, "size") or "")
    if form:
        mime_type = _MIME_TYPES.get(form, f"image/{form}")
    else:
        mime_type = next((mime for magic, mime in _MAGIC if data.startswith(magic)), _PNG)
    known = {"width": int(size[1]), "height": int(size[2])} if size else {}
    return described(data, mime_type, **known)


def final_image(media_id: str, item: Data, origin: Origin) -> MultimodalStreamChunk | None:
    """Return the finished image of an item; None if it has none.

    Raises:
        UnusableValue: It is not base64.
    """
    data = origin.bytes_of(item, "result")
    return _image(media_id, data, item) if data else None


def preview(media_id: str, doc: Data, data: bytes) -> MultimodalStreamChunk:
    """Return a preview of an image."""
    place = index_at(doc, "partial_image_index")
    return _image(media_id, data, doc, is_partial=True, partial_kind="preview", chunk_index=place)


def _image(media_id: str, data: bytes, said: Data, **partial: Any) -> MultimodalStreamChunk:
    return MultimodalStreamChunk(
        type=ChunkType.MEDIA,
        media_id=media_id,
        media_type=MediaType.IMAGE,
        media_encoding=MediaEncoding.BINARY,
        media_data=data,
        media_metadata=image_metadata(data, said),
        **partial,
    )


class Medium:
    """A medium that comes in segments: spoken output, or a medium of ``response.media`` events.

    Args:
        media_id: Its id.
        media_type: Its kind.
        mime_type: Where known before its first bytes.
    """

    __slots__ = ("_digest", "_kind", "_mime_type", "_segments", "_size", "media_id")

    def __init__(self, media_id: str, media_type: str, mime_type: str | None = None) -> None:
        self.media_id = media_id
        self._kind = _TYPES.get(media_type.lower(), MediaType.FILE)
        self._mime_type = mime_type
        self._digest = sha256()
        self._size = self._segments = 0

    def progress(self) -> MultimodalStreamChunk:
        """Return the chunk that tells of its beginning."""
        return MultimodalStreamChunk(
            type=ChunkType.MEDIA_PROGRESS, media_id=self.media_id, media_type=self._kind, stage="running"
        )

    def segment(self, data: bytes | None, *, text: str | None = None, total: int | None = None) -> BaseStreamChunk:
        """Return the next segment: bytes, a transcript, or both."""
        metadata = None
        if data and not self._size:
            self._mime_type = self._mime_type or self._default(data)
            metadata = MediaMetadata(mime_type=self._mime_type)
        segment = MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self.media_id,
            media_type=self._kind,
            media_encoding=MediaEncoding.BINARY if data else None,
            media_data=data or None,
            media_metadata=metadata,
            text_content=text,
            is_partial=True,
            partial_kind="segment",
            chunk_index=self._segments,
            total_chunks=total,
            byte_offset=self._size,
        )
        self._segments += 1
        self._size += len(data or b"")
        self._digest.update(data or b"")
        return segment

    def final(self, said: Data | None = None, data: bytes | None = None) -> MultimodalStreamChunk:
        """Return the final chunk; *data* only counts where no segments came, bytes are never told twice."""
        known = _described_by(said or {})
        mime_type = known.pop("mime_type", None) or self._mime_type
        if self._segments or data is None:
            metadata = MediaMetadata(
                mime_type=mime_type or self._default(b""),
                size_bytes=self._size,
                checksum=f"sha256:{self._digest.hexdigest()}",
                **known,
            )
            return self._final(metadata)
        return self._final(described(data, mime_type or self._default(data), **known), MediaEncoding.BINARY, data)

    def reference(self, url: str, said: Data) -> MultimodalStreamChunk:
        """Return the final chunk of a medium that is elsewhere."""
        encoding = _REFERENCES.get(word_at(said, "encoding") or "", MediaEncoding.URL)
        known = _described_by(said)
        mime_type = known.pop("mime_type", None) or self._mime_type or DEFAULT_MIME_TYPE
        return self._final(MediaMetadata(mime_type=mime_type, **known), encoding, url)

    def learn(self, doc: Data) -> None:
        """Take the MIME type that an event tells, if none is known."""
        self._mime_type = self._mime_type or word_at(doc, "mime_type")

    @property
    def spoken(self) -> bool:
        """Whether it is sound."""
        return self._kind is MediaType.AUDIO

    @property
    def begun(self) -> bool:
        """Whether anything of it has come."""
        return self._segments > 0

    def _default(self, data: bytes) -> str:
        return audio_mime_type(data) if self.spoken else DEFAULT_MIME_TYPE

    def _final(self, metadata: MediaMetadata, encoding: Any = None, data: Any = None) -> MultimodalStreamChunk:
        return MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self.media_id,
            media_type=self._kind,
            media_encoding=encoding,
            media_data=data,
            media_metadata=metadata,
        )


def _described_by(said: Data) -> Data:
    words = {name: word_at(said, name) for name in ("mime_type", "filename")}
    numbers = {name: index_at(said, name) or None for name in ("width", "height")}
    return {name: value for name, value in (words | numbers).items() if value is not None}
