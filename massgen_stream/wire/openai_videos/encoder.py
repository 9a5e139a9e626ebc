"""Chunks to the documents that a host of video jobs answers."""

from __future__ import annotations

from typing import Any

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..polled_encoder import PolledEncoder
from ..xai_video.encoder import VideoEncoder
from .decoder import DONE, FAILURES, FIELDS, URLS

Data = dict[str, Any]
_T = ChunkType
_UNNAMED = "job"


class VideosEncoder(PolledEncoder):
    """Encodes the looks at one job; keeps the laws of `massgen_stream.wire.base.Encoder`.

    Never said again, and losses, are documents over the decoder's limit and foreign ones over 64 KiB.

    Attributes:
        losses: What could not be said, one line each.
    """

    FIELDS = frozenset(FIELDS)
    LAST = frozenset((DONE, *FAILURES))
    PLACES = {**VideoEncoder.PLACES, _T.START: ("provider", "request_id")}  # noqa: RUF012 - never changed

    def __init__(self) -> None:
        super().__init__()
        self._id = _UNNAMED
        self._model: Data = {}
        self._urls: list[str] = []
        self._made_of: Data = {}  # what the last document says of the videos

    def _starts(self, chunk: TextStreamChunk) -> list[Data]:
        if not self._begins(chunk):
            return []
        self._id = chunk.response_id or _UNNAMED
        self._model = {"model": chunk.model} if chunk.model else {}
        return []

    def _document_of(self, chunk: MultimodalStreamChunk) -> Data:
        job = chunk.job or {}
        job_id, status = job.get("id"), job.get("status")
        usual = "queued" if chunk.stage == "queued" else "in_progress"
        document: Data = {
            "id": job_id if isinstance(job_id, str) and job_id else self._id,
            "status": status if isinstance(status, str) else usual,
            **self._model,
        }
        percentage, self._model = chunk.progress_percentage, {}
        return document if percentage is None else {**document, "progress": percentage}

    def _filled(self, document: Data) -> Data:
        return {**document, **self._made_of}

    def _last(self) -> Data:
        return {"id": self._id, "status": DONE}

    def _made(self, chunk: BaseStreamChunk) -> list[Data] | None:
        if not isinstance(chunk, MultimodalStreamChunk) or chunk.type is not _T.MEDIA or chunk.is_partial:
            return None
        if chunk.media_type is not MediaType.VIDEO or not isinstance(chunk.media_data, str) or "id" in self._made_of:
            return None
        if chunk.media_encoding is MediaEncoding.URL:
            self._urls.append(chunk.media_data)
            self._made_of[URLS] = self._urls
        elif chunk.media_encoding is MediaEncoding.FILE_ID and not self._urls:
            self._made_of["id"] = chunk.media_data
        else:
            return None
        seconds = chunk.media_metadata.duration_seconds if chunk.media_metadata is not None else None
        if seconds is not None and float(seconds).is_integer():
            self._made_of["seconds"] = str(int(seconds))
        return []
