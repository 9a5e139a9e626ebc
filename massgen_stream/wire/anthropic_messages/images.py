"""Image blocks and ``image_delta``, as MassGen's multimodal design foresaw them and compatible servers may send them.

Claude itself makes no images. A block ``{"type": "image", "source": {...}}`` holds a whole image, or none; then each
``{"type": "image_delta", "data": "<base64>"}`` brings a segment.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.media_item import DEFAULT_MIME_TYPE, described
from ...stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ..base64_text import base64_bytes
from ..faults import UnusableField as BadBase64
from ..indexed_parts import Part
from .block import Chunks, Mint, own_data
from .fields import Data, delta_text, unusable_block, unusable_delta

_DEFAULT: Final = "image/jpeg"  # the origin's default
_QUANTUM: Final = 4  # characters of base64 that make whole bytes
_REFERENCES: Final = {"url": ("url", MediaEncoding.URL), "file": ("file_id", MediaEncoding.FILE_ID)}
_IMAGE, _IMAGE_DELTA = "image", "image_delta"


class ImageBlock(Part):
    """One image.

    Args:
        mint: Makes the image's id when its first bytes come.
        block: The start of the block.
        out: Gets the image, if the block has it whole.

    Raises:
        UnusableField: Its source cannot be used.
    """

    def __init__(self, mint: Mint, block: Data, out: Chunks) -> None:
        self._mint = mint
        self._media_id: str | None = None
        self._digest = sha256()
        self._size = self._segments = 0
        self._rest = ""  # characters that wait for the rest of their bytes
        source = {} if block.get("source") is None else block["source"]
        if not isinstance(source, dict):
            raise unusable_block(_IMAGE, "source", source)
        mime_type = source.get("media_type", block.get("media_type"))
        self._mime_type = mime_type if isinstance(mime_type, str) and mime_type else _DEFAULT
        found = self._whole(source)
        self.is_whole = found is not None
        if found is not None:
            out.append(found)

    def add(self, delta: Data, out: Chunks) -> None:
        """Add the segment that a delta completes; pieces of base64 may be cut anywhere.

        Raises:
            UnusableField: It is not base64.
        """
        text = self._rest + "".join(delta_text(delta, _IMAGE_DELTA, "data").split())
        whole = len(text) // _QUANTUM * _QUANTUM
        data = _decoded(text[:whole])
        self._rest = text[whole:]
        if data:
            out.append(self._segment(data))

    def stop(self, out: Chunks) -> None:
        """Add the final chunk, if there were segments.

        Raises:
            UnusableField: The base64 has no proper end.
        """
        data, self._rest = _decoded(self._rest), ""
        if data:
            out.append(self._segment(data))
        if self._segments and not self.is_whole:
            self.is_whole = True
            checksum = f"sha256:{self._digest.hexdigest()}"
            out.append(self._image(media_metadata=MediaMetadata(
                mime_type=self._mime_type, size_bytes=self._size, checksum=checksum
            )))  # fmt: skip

    def _whole(self, source: Data) -> MultimodalStreamChunk | None:
        kind = source.get("type")
        if kind in _REFERENCES:
            name, encoding = _REFERENCES[kind]
            place = source.get(name)
            if not isinstance(place, str) or not place:
                raise unusable_block(_IMAGE, "source", {"type": kind}, f"has no {name}")
            metadata = MediaMetadata(mime_type=self._mime_type)
            return self._image(media_encoding=encoding, media_data=place, media_metadata=metadata)
        data = source.get("data")
        if not data:
            return None
        return self._image(**_bytes_of_source(data, self._mime_type))

    def _segment(self, data: bytes) -> MultimodalStreamChunk:
        segment = self._image(
            media_encoding=MediaEncoding.BINARY,
            media_data=data,
            media_metadata=None if self._segments else MediaMetadata(mime_type=self._mime_type),
            is_partial=True,
            partial_kind="segment",
            chunk_index=self._segments,
            byte_offset=self._size,
        )
        self._segments += 1
        self._size += len(data)
        self._digest.update(data)
        return segment

    def _image(self, **fields: Any) -> MultimodalStreamChunk:
        if self._media_id is None:
            self._media_id = self._mint("image")
        return MultimodalStreamChunk(
            type=ChunkType.MEDIA, media_id=self._media_id, media_type=MediaType.IMAGE, **fields
        )


def image_source(chunk: MultimodalStreamChunk) -> Data | None:
    """Return the source that a whole image, or what begins one in segments, is said with; None without a place."""
    mime_type = chunk.media_metadata.mime_type if chunk.media_metadata else _DEFAULT
    if chunk.media_encoding is MediaEncoding.URL:
        return {"type": "url", "url": chunk.media_data, "media_type": mime_type}
    if chunk.media_encoding is MediaEncoding.FILE_ID:
        return {"type": "file", "file_id": chunk.media_data, "media_type": mime_type}
    data = base64_of(chunk)
    return None if data is None else {"type": "base64", "media_type": mime_type, "data": data}


def base64_of(chunk: MultimodalStreamChunk) -> str | None:
    """Return the bytes of *chunk* as base64, None when it has none."""
    if chunk.media_encoding not in (MediaEncoding.BINARY, MediaEncoding.BASE64) or chunk.media_data is None:
        return None
    return chunk.media_data if isinstance(chunk.media_data, str) else b64encode(chunk.media_data).decode()


def upload_chunk(block: Data, media_id: str) -> MultimodalStreamChunk:
    """Return the file of a ``container_upload`` block, which the Files API has under a usable `file_id`."""
    return MultimodalStreamChunk(
        type=ChunkType.MEDIA,
        media_id=media_id,
        media_type=MediaType.FILE,
        media_encoding=MediaEncoding.FILE_ID,
        media_data=block["file_id"],
        media_metadata=MediaMetadata(mime_type=DEFAULT_MIME_TYPE),
        provider_data=own_data(block=block),
    )


def _decoded(text: str) -> bytes:
    try:
        return base64_bytes(text, _IMAGE_DELTA)
    except BadBase64:
        raise unusable_delta(_IMAGE_DELTA, "data", "????", "is not base64") from None


def _bytes_of_source(data: Any, mime_type: str) -> Data:
    bad: Data = {"type": "base64", "data": "????"}
    if not isinstance(data, str):
        raise unusable_block(_IMAGE, "source", bad, "is not base64")
    try:
        found = base64_bytes(data, _IMAGE)
    except BadBase64:
        raise unusable_block(_IMAGE, "source", bad, "is not base64") from None
    return {
        "media_encoding": MediaEncoding.BINARY, "media_data": found, "media_metadata": described(found, mime_type),
    }  # fmt: skip
