"""Chunks to the documents that Replicate answers."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType, MediaEncoding
from ...stream_chunk.media_item import DEFAULT_MIME_TYPE
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..polled_encoder import PolledEncoder
from .decoder import FAILURES, FIELDS, SUCCEEDED

Data = dict[str, Any]
_T = ChunkType
_MODEL, _VERSION = "model ", "version "
_JOB: Final = frozenset(("id", "status", "urls"))


class PredictionsEncoder(PolledEncoder):
    """Encodes the answers of one prediction; keeps the laws of `massgen_stream.wire.base.Encoder`.

    Never said again, and losses, are documents over the decoder's limit and foreign ones over 64 KiB.

    Attributes:
        losses: What could not be said, one line each.
    """

    FIELDS = frozenset(FIELDS)
    LAST = frozenset((SUCCEEDED, *FAILURES))
    PLACES = {  # noqa: RUF012 - never changed
        _T.START: ("provider", "request_id"),
        _T.CONTENT: ("item_id", "phase"),
        _T.ERROR: ("tool_call_id", "media_id"),
        _T.DONE: ("raw_finish_reason", "finish_details", "media_results", "usage"),
        _T.MEDIA: ("text_content", "total_chunks", "byte_offset", "path", "continuation_id", "provider", "model"),
        _T.MEDIA_PROGRESS: ("bytes_transferred", "total_bytes", "queue_position", "eta_seconds", "provider", "model"),
    }

    def __init__(self) -> None:
        super().__init__()
        self._opened: Data = {}
        self._id = self._logs = ""
        self._outputs: list[str] = []

    def _starts(self, chunk: TextStreamChunk) -> list[Data]:
        if self._started:
            self._lose(chunk, "the stream has started")
            return []
        self._started = True
        self._id = chunk.response_id or ""
        self._opened = {"model": chunk.model} if chunk.model else {}
        return []

    def _document_of(self, chunk: MultimodalStreamChunk) -> Data:
        job = {name: value for name, value in (chunk.job or {}).items() if name in _JOB}
        known = {"id": self._id, "status": "starting" if chunk.stage == "queued" else "processing", **job}
        if known["id"] != self._id:
            self._id, self._logs, self._outputs = known["id"], "", []
        if chunk.log:
            self._logs += chunk.log
        elif chunk.progress_percentage is not None and not self._logs:
            self._logs = f"{chunk.progress_percentage:.0f}%|#| {chunk.progress_percentage:.0f}/100\n"
        opened, self._opened = self._opened, {}  # said once, since a document is said whole when it is the last
        return {**opened, **known, "logs": self._logs}

    def _filled(self, document: Data) -> Data:
        return {**document, "output": list(self._outputs)} if self._outputs else document

    def _last(self) -> Data:
        return {**self._opened, "id": self._id, "status": SUCCEEDED}

    def _made(self, chunk: BaseStreamChunk) -> list[Data] | None:
        if isinstance(chunk, TextStreamChunk):
            return self._told(chunk)
        if not isinstance(chunk, MultimodalStreamChunk) or chunk.type is not _T.MEDIA or chunk.is_partial:
            return None
        data, metadata = chunk.media_data, chunk.media_metadata
        mime_type = DEFAULT_MIME_TYPE if metadata is None else metadata.mime_type
        if isinstance(data, bytes):
            data = f"data:{mime_type};base64,{b64encode(data).decode()}"
        elif chunk.media_encoding is MediaEncoding.BASE64:
            data = f"data:{mime_type};base64,{data}"
        elif chunk.media_encoding is not MediaEncoding.URL:
            return None
        self._outputs.append(str(data))
        return []

    def _told(self, chunk: TextStreamChunk) -> list[Data] | None:
        if chunk.type is _T.CONTENT:
            self._outputs.append(chunk.content or "")
            return []
        detail = chunk.detail or ""
        if chunk.status == "info" and detail.startswith(_MODEL) and "/" in detail:
            owner, _, name = detail.removeprefix(_MODEL).partition("/")
            return [*self._waiting(), {"owner": owner, "name": name}]
        if chunk.status == "info" and detail.startswith(_VERSION):
            return [*self._waiting(), {"id": detail.removeprefix(_VERSION), "openapi_schema": {}}]
        return None
