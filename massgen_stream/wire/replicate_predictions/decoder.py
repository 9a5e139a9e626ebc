"""Replicate's documents and events to chunks: a prediction as it goes on, and what it has made."""

from __future__ import annotations

import re
from typing import Any, Final

from ...errors import MalformedEvent
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..event_stream import Chunks
from ..json_value import finite, parse_fast
from ..polled import PolledDecoder
from ..sse import DEFAULT_MAX_EVENT_BYTES, ServerSentEvent
from .looked_up import listed, looked_up
from .outputs import Output, is_plain, medium_of, texts_of

Data = dict[str, Any]
FIELDS: Final = ("logs", "model", "urls")
"""What the answer can do without."""
SUCCEEDED: Final = "succeeded"
FAILURES: Final = {
    "failed": "the prediction failed, and Replicate does not say why",
    "canceled": "the prediction was canceled, by somebody or because it took too long",
    "aborted": "the prediction took too long to begin, and was aborted",
}
OUTPUT: Final = "output"
LOGS: Final = "logs"
DONE: Final = "done"
EVENTS: Final = frozenset((OUTPUT, LOGS, DONE))
"""Names of the events of a prediction's own stream, besides ``error``."""
_KEPT_APART: Final = frozenset(("error", "logs", "output"))
_PROGRESS: Final = re.compile(r"^[ \t]*(\d{1,3})%[ \t]*\|.*?\|[ \t]*\d+/\d+", re.MULTILINE)


class _Job:
    """What has been told of one prediction.

    Args:
        place: Number of the output that comes next.
    """

    __slots__ = ("ended", "latest", "logs", "outputs", "place")

    def __init__(self, place: int) -> None:
        self.place = place
        self.logs, self.outputs = "", 0
        self.latest: float | None = None
        self.ended = False


class PredictionsDecoder(PolledDecoder):
    """Decodes what ``/v1/predictions`` answers; keeps the laws of `massgen_stream.wire.base.Decoder`.

    https://replicate.com/docs/topics/predictions/lifecycle: each document gives a `media_progress` whose `job` has the
    prediction's ``id``, ``status`` and ``urls``, with what is new in its logs; the percentage is that of their last
    progress bar, as Replicate's own clients read it. Outputs that are addresses or data URLs are media, others text;
    each is given when it is first seen. A model or a version that a client has looked up is an ``info`` status. Looks
    at several predictions may alternate; the end has come when all of them have ended.

    The stream behind a prediction's ``urls.stream`` is read as well, after its documents or alone
    (https://replicate.com/docs/topics/predictions/streaming): ``output`` is one output, as it is; ``logs`` are told
    like those of documents; ``error`` is an error, and ``done`` the end.

    Args:
        id_prefix: Put before ids that are made up.
        max_event_bytes: Limit on one document.
    """

    def __init__(self, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        super().__init__(id_prefix, max_event_bytes)
        self._jobs: dict[str, _Job] = {}
        self._job: _Job | None = None  # the one that was told of last
        self._places = 0

    def _is_document(self, doc: Data) -> bool:
        return is_prediction(doc) or looked_up(doc) is not None

    def _take(self, doc: Data, _kind: str, out: Chunks) -> None:
        if not is_prediction(doc):
            out.append(TextStreamChunk(type=ChunkType.BACKEND_STATUS, status="info", detail=looked_up(doc)))
            return
        texts = texts_of(doc.get("output"))
        known = self._jobs.get(doc["id"])
        made = [(text, medium_of(text)) for text in texts[0 if known is None else known.outputs :]]
        self._tell_dropped(_unusable(doc), out)
        self._open(doc, out)
        job = self._job = known or self._begin_job(doc["id"])
        self._tell_progress(job, doc, out)
        for text, medium in made:
            self._give(job, text, medium, out)
        job.outputs = max(job.outputs, len(texts))
        if doc["status"] == SUCCEEDED or doc["status"] in FAILURES:
            self._end_with(job, doc, out)

    def _takes(self, body: bytes, out: Chunks) -> bool:
        found = listed(parse_fast(body)) if body.startswith(b"[") else None
        if found is None:
            return super()._takes(body, out)
        self._take(found, self.WHOLE, out)
        return True

    def _event(self, event: ServerSentEvent, out: Chunks) -> None:
        if event.event not in EVENTS:
            super()._event(event, out)
            return
        text = event.data.decode("utf-8", "replace")
        medium = medium_of(text) if event.event == OUTPUT else None
        if event.event == DONE:
            self._conclude(text, out)
        elif text:
            self._open({}, out)
            self._take_piece(event.event, text, medium, out)

    def _take_piece(self, name: str, text: str, medium: Output | None, out: Chunks) -> None:
        """Take an output or logs of the prediction's own stream."""
        job = self._job = self._job or self._new_job()
        if name == LOGS:
            job.logs += text
            out.append(self._progress(job, text))
        else:
            self._give(job, text, medium, out)
            job.outputs += 1

    def _open(self, doc: Data, out: Chunks) -> None:
        """The first document or event has come."""
        if not self._started:
            self._started, self._minting.response_id = True, doc.get("id", "")
            model = doc.get("model")
            known = model if isinstance(model, str) and model else None
            out.append(TextStreamChunk(type=ChunkType.START, response_id=doc.get("id") or None, model=known))

    def _begin_job(self, prediction_id: str) -> _Job:
        job = self._jobs[prediction_id] = self._new_job()
        return job

    def _new_job(self) -> _Job:
        self._places += 1
        return _Job(self._places - 1)

    def _tell_progress(self, job: _Job, doc: Data, out: Chunks) -> None:
        urls, logs, status = doc.get("urls"), doc.get("logs"), doc["status"]
        known = {"urls": finite(urls)} if isinstance(urls, dict) else {}
        new = ""
        if isinstance(logs, str) and logs:  # they grow, as long as Replicate does not begin them anew
            new, job.logs = logs.removeprefix(job.logs), logs
        told = {"id": doc["id"], "status": status, **known}
        out.append(self._progress(job, new, stage="queued" if status == "starting" else "running", told=told))

    def _progress(
        self, job: _Job, log: str, *, stage: str = "running", told: Data | None = None
    ) -> MultimodalStreamChunk:
        bars = _PROGRESS.findall(log)
        self._latest = job.latest
        job.latest = self._percentage(int(bars[-1]) if bars else None)
        return MultimodalStreamChunk(
            type=ChunkType.MEDIA_PROGRESS,
            media_id=self._minting.of("output", job.place),
            stage=stage,
            progress_percentage=job.latest,
            log=log or None,
            job=told,
        )

    def _give(self, job: _Job, text: str, medium: Output | None, out: Chunks) -> None:
        if medium is None:
            if text:
                out.append(TextStreamChunk(type=ChunkType.CONTENT, content=text))
            return
        chunk = MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self._minting.of("output", job.place),
            media_type=medium.media_type,
            media_encoding=medium.encoding,
            media_data=medium.data,
            media_metadata=medium.metadata,
        )
        job.place, self._places = self._places, self._places + 1
        out.append(chunk)

    def _conclude(self, text: str, out: Chunks) -> None:
        """The stream of a prediction has ended; it says why where that is no success."""
        try:
            said = parse_fast(text.encode())
        except MalformedEvent:
            said = None
        reason = said.get("reason") if isinstance(said, dict) else None
        if reason == "canceled" or (reason == "error" and not self._errors):
            code = reason if reason == "canceled" else "failed"
            self._fail(FAILURES[code], code, out)
        self._settle(out)

    def _end_with(self, job: _Job, doc: Data, out: Chunks) -> None:
        status = doc["status"]
        if doc.get("error"):
            self._tell_error({"error": finite(doc["error"])}, out)
        if status in FAILURES and (status != "failed" or not self._errors):
            said = {"message": FAILURES[status], "code": status}
            self._tell_error({"error": said | ({"type": "timeout"} if status == "aborted" else {})}, out)
        response = {name: finite(value) for name, value in doc.items() if name not in _KEPT_APART}
        if not is_plain(doc.get("output")):
            response["output"] = finite(doc["output"])
        out.append(TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=response))
        job.ended = True
        if all(one.ended for one in self._jobs.values()):
            self._settle(out)


def is_prediction(doc: Data) -> bool:
    """Return whether a document is a prediction."""
    return isinstance(doc.get("id"), str) and isinstance(doc.get("status"), str)


def _unusable(doc: Data) -> list[str]:
    types = {"urls": dict}
    return [name for name in FIELDS if not isinstance(doc.get(name), types.get(name, str) | None)]
