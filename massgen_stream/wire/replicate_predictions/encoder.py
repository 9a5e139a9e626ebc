"""Chunks to the documents that Replicate answers, and to the events of a prediction's own stream."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import literal_form
from ...stream_chunk.kinds import ChunkType, MediaEncoding
from ...stream_chunk.media_item import DEFAULT_MIME_TYPE
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..polled_encoder import PolledEncoder
from ..sse_encoder import encode_event
from .decoder import DONE, FAILURES, FIELDS, LOGS, OUTPUT, SUCCEEDED
from .looked_up import document_of

Data = dict[str, Any]
_T = ChunkType
_NOT_IN_EVENTS: Final = re.compile("[\r\ud800-\udfff]")
"""An event stream ends lines at CR, and a lone surrogate has no UTF-8 form; a document can say both."""
_EVENT: Final = "event"
"""Names an event of a prediction's own stream; no document has it."""
_JOB: Final = frozenset(("id", "status", "urls"))


class PredictionsEncoder(PolledEncoder):
    """Encodes the answers of predictions; keeps the laws of `massgen_stream.wire.base.Encoder`.

    What no document is begun for, and an end without one, is said as the events of a prediction's own stream. Never
    said again, and losses, are documents over the decoder's limit and foreign ones over 64 KiB.

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
        self._id = ""
        self._logs: dict[str, str] = {}  # by prediction
        self._outputs: dict[str, list[str]] = {}
        self._is_open: dict[str, bool] = {}
        self._is_told = False  # documents have been begun
        self._must_end = False  # a document must say the end: of chunks that no server's documents gave

    def _starts(self, chunk: TextStreamChunk) -> list[Data]:
        if not self._begins(chunk):
            return []
        self._id = chunk.response_id or ""
        self._opened = {"model": chunk.model} if chunk.model else {}
        return []

    def _document_of(self, chunk: MultimodalStreamChunk) -> Data:
        job = {name: value for name, value in (chunk.job or {}).items() if name in _JOB}
        known = {"id": self._id, "status": "starting" if chunk.stage == "queued" else "processing", **job}
        self._id = own = known["id"]
        logs = self._logs.get(own, "")
        if chunk.log:
            logs += chunk.log
        elif chunk.progress_percentage is not None and not logs:
            logs = f"{chunk.progress_percentage:.0f}%|#| {chunk.progress_percentage:.0f}/100\n"
        self._logs[own] = logs
        self._is_told, self._must_end = True, chunk.job is None
        self._is_open[own] = known["status"] not in self.LAST
        opened, self._opened = self._opened, {}  # said once, since a document is said whole when it is the last
        return {**opened, **known, "logs": logs}

    def _filled(self, document: Data) -> Data:
        outputs = self._outputs.get(document.get("id", self._id))
        return {**document, "output": list(outputs)} if outputs else document

    def _say(self, chunk: BaseStreamChunk) -> list[Data] | None:
        is_progress = isinstance(chunk, MultimodalStreamChunk) and chunk.type is _T.MEDIA_PROGRESS
        log = chunk.log if isinstance(chunk, MultimodalStreamChunk) and chunk.job is None else None
        if not is_progress or not log or not self._streams(log):
            return super()._say(chunk)
        if self._is_told:
            self._logs[self._id] = self._logs.get(self._id, "") + log
        return [*self._waiting(), {_EVENT: LOGS, "data": log}]

    def _streams(self, text: str = "") -> bool:
        """Return whether a prediction's own stream can say *text*: it is in no document, or follows one."""
        is_open = (self._is_told or not (self._id or self._opened)) and not self._must_end
        return is_open and _NOT_IN_EVENTS.search(text) is None

    def _end(self, chunk: TextStreamChunk, usage: Data | None) -> list[Data]:
        is_told = self._response is not None or (self._pending or {}).get("status") in self.LAST
        is_last = is_told and not any(self._is_open.values())
        if chunk.finish_reason != "stop" or is_last or not self._streams():
            return super()._end(chunk, usage)
        return [*self._waiting(), {_EVENT: DONE, "data": "{}"}]

    def _event(self, body: Data) -> bytes:
        if _EVENT not in body:
            return super()._event(body)
        self._said = True
        return encode_event(literal_form(body)["data"].encode(), event=body[_EVENT])

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
        return self._put(str(data))

    def _put(self, text: str) -> list[Data]:
        """Say an output: with the document that has been begun, else as an event."""
        ended = self._waiting() if self._response is not None else []
        streams = self._pending is None and self._streams(text)
        if self._is_told or not streams:
            self._outputs.setdefault(self._id, []).append(text)
        self._must_end = self._must_end or not (streams or self._is_told)
        return [*ended, {_EVENT: OUTPUT, "data": text}] if streams else ended

    def _told(self, chunk: TextStreamChunk) -> list[Data] | None:
        if chunk.type is _T.CONTENT:
            return self._put(chunk.content) if chunk.content else []
        found = document_of(chunk.detail or "") if chunk.status == "info" else None
        return None if found is None else [*self._waiting(), found]
