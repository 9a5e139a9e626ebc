"""Media on the wire: previews of images, spoken output, and the ``response.media`` events for everything else."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ..openai_chat.media import audio_mime_type
from .encoder_places import Places
from .media import FORMATS

Data = dict[str, Any]
_BYTES: Final = frozenset((MediaEncoding.BINARY, MediaEncoding.BASE64))
_TOLD: Final = ("mime_type", "filename", "width", "height")


class MediaEncoder:
    """Says media.

    Args:
        places: The items of the response.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._speech: dict[str, str | None] = {}

    def events(self, chunk: MultimodalStreamChunk) -> list[Data] | None:
        """Return the events for *chunk*; None if there are none."""
        if chunk.type is ChunkType.MEDIA_PROGRESS:
            return self._start(chunk)
        if chunk.is_partial and chunk.partial_kind == "preview":
            return self._preview(chunk)
        return self._segment(chunk) if chunk.is_partial else self._final(chunk)

    def _start(self, chunk: MultimodalStreamChunk) -> list[Data] | None:
        if chunk.stage != "running" or chunk.media_type is None:
            return None
        return [{"type": "response.media.start", "media_id": chunk.media_id, "media_type": str(chunk.media_type)}]

    def _preview(self, chunk: MultimodalStreamChunk) -> list[Data] | None:
        said, metadata = base64_of(chunk), chunk.media_metadata
        if said is None or metadata is None or chunk.media_type is not MediaType.IMAGE:
            return None
        size = {"size": f"{metadata.width}x{metadata.height}"} if metadata.width and metadata.height else {}
        return [{
            "type": "response.image_generation_call.partial_image",
            "item_id": chunk.media_id,
            "output_index": self._places.of("tool", chunk.media_id or ""),
            "partial_image_index": chunk.chunk_index,
            "partial_image_b64": said,
            "output_format": FORMATS.get(metadata.mime_type, metadata.mime_type.removeprefix("image/")),
            **size,
        }]  # fmt: skip

    def _segment(self, chunk: MultimodalStreamChunk) -> list[Data] | None:
        media_id, said = chunk.media_id or "", base64_of(chunk)
        events: list[Data] = []
        if chunk.text_content and chunk.media_type is MediaType.AUDIO:
            self._speech.setdefault(media_id, None)
            events.append({"type": "response.audio.transcript.delta", "item_id": media_id, "delta": chunk.text_content})
        if said is not None and self._is_speech(chunk):
            events.append({"type": "response.audio.delta", "item_id": media_id, "delta": said})
        elif said is not None:
            events.append({
                "type": "response.media.delta",
                **_described(media_id, chunk),
                "data": said,
                "index": chunk.chunk_index,
                "total": chunk.total_chunks,
            })  # fmt: skip
        return events or None

    def _is_speech(self, chunk: MultimodalStreamChunk) -> bool:
        """Whether a segment is one that ``response.audio`` events can say: they tell no MIME type and no number."""
        media_id, metadata = chunk.media_id or "", chunk.media_metadata
        if chunk.media_type is not MediaType.AUDIO or chunk.total_chunks is not None:
            return False
        if metadata is None:
            return self._speech.get(media_id) is not None
        told = isinstance(chunk.media_data, bytes) and metadata.mime_type == audio_mime_type(chunk.media_data)
        self._speech[media_id] = metadata.mime_type if told else None
        return told

    def _final(self, chunk: MultimodalStreamChunk) -> list[Data] | None:
        media_id, metadata = chunk.media_id or "", chunk.media_metadata
        plain = None if metadata is None else MediaMetadata(
            mime_type=self._speech.get(media_id) or audio_mime_type(b""),
            size_bytes=metadata.size_bytes,
            checksum=metadata.checksum,
        )  # fmt: skip
        if media_id in self._speech and metadata == plain and chunk.media_data is None:
            return [{"type": "response.audio.done", "item_id": media_id}]
        said: Data = {}
        if chunk.media_encoding in _BYTES:
            said = {"encoding": "base64", "data": base64_of(chunk)}
        elif chunk.media_data is not None:
            said = {"encoding": str(chunk.media_encoding or MediaEncoding.URL), "data": chunk.media_data}
        return [{"type": "response.media.complete", **_described(media_id, chunk), **said}]


def base64_of(chunk: MultimodalStreamChunk) -> str | None:
    """Return the bytes of a chunk as base64; None if it has none."""
    if chunk.media_encoding is MediaEncoding.BASE64 and isinstance(chunk.media_data, str):
        return chunk.media_data
    return b64encode(chunk.media_data).decode() if isinstance(chunk.media_data, bytes) else None


def _described(media_id: str, chunk: MultimodalStreamChunk) -> Data:
    metadata = chunk.media_metadata
    known = {name: getattr(metadata, name) for name in _TOLD} | {"size": metadata.size_bytes} if metadata else {}
    told = {name: value for name, value in known.items() if value is not None}
    return {"media_id": media_id, "media_type": str(chunk.media_type), **told}
