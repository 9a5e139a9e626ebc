"""Chunks to the documents that xAI answers."""

from __future__ import annotations

from typing import Any

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..polled_encoder import PolledEncoder
from .decoder import DONE, FAILURES, FIELDS

Data = dict[str, Any]
_T = ChunkType


class VideoEncoder(PolledEncoder):
    """Encodes the answers to one request for a video; keeps the laws of `massgen_stream.wire.base.Encoder`.

    Never said again, and losses, are documents over the decoder's limit and foreign ones over 64 KiB.

    Attributes:
        losses: What could not be said, one line each.
    """

    FIELDS = frozenset(FIELDS)
    LAST = frozenset((DONE, *FAILURES))
    PLACES = {  # noqa: RUF012 - never changed
        _T.START: ("provider", "model", "request_id"),
        _T.ERROR: ("tool_call_id", "media_id"),
        _T.DONE: ("raw_finish_reason", "finish_details", "media_results"),
        _T.MEDIA: ("text_content", "total_chunks", "byte_offset", "path", "continuation_id", "provider", "model"),
        _T.MEDIA_PROGRESS: ("bytes_transferred", "total_bytes", "queue_position", "eta_seconds", "log", "provider"),
    }

    def __init__(self) -> None:
        super().__init__()
        self._video: Data = {}

    def _starts(self, chunk: TextStreamChunk) -> list[Data]:
        if not self._begins(chunk):
            return []
        return [{"request_id": chunk.response_id}] if chunk.response_id else []

    def _document_of(self, chunk: MultimodalStreamChunk) -> Data:
        status = (chunk.job or {}).get("status")
        known = {"status": status if isinstance(status, str) else "pending"}
        percentage = chunk.progress_percentage
        return known if percentage is None else {**known, "progress": percentage}

    def _filled(self, document: Data) -> Data:
        return {**document, "video": {**self._video, **document.get("video", {})}} if self._video else document

    def _last(self) -> Data:
        return {"status": DONE}

    def _made(self, chunk: BaseStreamChunk) -> list[Data] | None:
        if not isinstance(chunk, MultimodalStreamChunk) or chunk.type is not _T.MEDIA or chunk.is_partial:
            return None
        if chunk.media_encoding is not MediaEncoding.URL or chunk.media_type is not MediaType.VIDEO or self._video:
            return None
        seconds = chunk.media_metadata.duration_seconds if chunk.media_metadata is not None else None
        self._video = {"url": chunk.media_data, **({} if seconds is None else {"duration": seconds})}
        return []
