"""Replicate's documents to chunks: a prediction as it goes on, and what it has made."""

from __future__ import annotations

import re
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..event_stream import Chunks
from ..json_value import finite
from ..polled import PolledDecoder
from ..sse import DEFAULT_MAX_EVENT_BYTES
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
_KEPT_APART: Final = frozenset(("error", "logs", "output"))
_PROGRESS: Final = re.compile(r"^[ \t]*(\d{1,3})%[ \t]*\|.*?\|[ \t]*\d+/\d+", re.MULTILINE)


class PredictionsDecoder(PolledDecoder):
    """Decodes what ``/v1/predictions`` answers; keeps the laws of `massgen_stream.wire.base.Decoder`.

    https://replicate.com/docs/topics/predictions/lifecycle: each document gives a `media_progress` whose `job` has the
    prediction's ``id``, ``status`` and ``urls``, with what is new in its logs; the percentage is that of their last
    progress bar, as Replicate's own clients read it. Outputs that are addresses or data URLs are media, others text;
    each is given when it is first seen. A model or a version that a client has looked up is an ``info`` status.

    Args:
        id_prefix: Put before ids that are made up.
        max_event_bytes: Limit on one document.
    """

    def __init__(self, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        super().__init__(id_prefix, max_event_bytes)
        self._id, self._logs = "", ""
        self._place = self._outputs = 0

    def _is_document(self, doc: Data) -> bool:
        return is_prediction(doc) or looked_up(doc) is not None

    def _take(self, doc: Data, _kind: str, out: Chunks) -> None:
        if not is_prediction(doc):
            out.append(TextStreamChunk(type=ChunkType.BACKEND_STATUS, status="info", detail=looked_up(doc)))
            return
        texts = texts_of(doc.get("output"))
        known = self._outputs if doc["id"] == self._id else 0
        made = [(text, medium_of(text)) for text in texts[known:]]
        self._begin_document(doc, out)
        for text, medium in made:
            self._give(text, medium, out)
        self._outputs = max(self._outputs, len(texts))
        if doc["status"] == SUCCEEDED or doc["status"] in FAILURES:
            self._end_with(doc, out)

    def _begin_document(self, doc: Data, out: Chunks) -> None:
        self._tell_dropped(_unusable(doc), out)
        model, urls, status = doc.get("model"), doc.get("urls"), doc["status"]
        if not self._started:
            self._started, self._minting.response_id = True, doc["id"]
            known = model if isinstance(model, str) and model else None
            out.append(TextStreamChunk(type=ChunkType.START, response_id=doc["id"] or None, model=known))
        elif doc["id"] != self._id:  # another prediction makes other media
            self._logs, self._outputs, self._latest = "", 0, None
            self._place += 1
        self._id = doc["id"]
        log = self._new_log(doc.get("logs"))
        bars = _PROGRESS.findall(log)
        out.append(
            MultimodalStreamChunk(
                type=ChunkType.MEDIA_PROGRESS,
                media_id=self._minting.of("output", self._place),
                stage="queued" if status == "starting" else "running",
                progress_percentage=self._percentage(int(bars[-1]) if bars else None),
                log=log or None,
                job={"id": doc["id"], "status": status, **({"urls": finite(urls)} if isinstance(urls, dict) else {})},
            )
        )

    def _new_log(self, logs: object) -> str:
        """Return what is new in the logs; they grow, as long as Replicate does not begin them anew."""
        if not isinstance(logs, str) or not logs:
            return ""
        known, self._logs = self._logs, logs
        return logs.removeprefix(known)

    def _give(self, text: str, medium: Output | None, out: Chunks) -> None:
        if medium is None:
            if text:
                out.append(TextStreamChunk(type=ChunkType.CONTENT, content=text))
            return
        chunk = MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self._minting.of("output", self._place),
            media_type=medium.media_type,
            media_encoding=medium.encoding,
            media_data=medium.data,
            media_metadata=medium.metadata,
        )
        self._place += 1
        out.append(chunk)

    def _end_with(self, doc: Data, out: Chunks) -> None:
        status = doc["status"]
        if doc.get("error"):
            self._tell_error({"error": finite(doc["error"])}, out)
        if status in FAILURES and (status != "failed" or not self._errors):
            self._fail(FAILURES[status], status, out)
        response = {name: finite(value) for name, value in doc.items() if name not in _KEPT_APART}
        if not is_plain(doc.get("output")):
            response["output"] = finite(doc["output"])
        out.append(TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=response))
        self._settle(out)


def is_prediction(doc: Data) -> bool:
    """Return whether a document is a prediction."""
    return isinstance(doc.get("id"), str) and isinstance(doc.get("status"), str)


def looked_up(doc: Data) -> str | None:
    """Return what a client has looked up before it began a prediction; None if it is nothing of that."""
    owner, name, version = doc.get("owner"), doc.get("name"), doc.get("id")
    if isinstance(owner, str) and isinstance(name, str):
        return f"model {owner}/{name}"
    return f"version {version}" if isinstance(version, str) and "openapi_schema" in doc else None


def _unusable(doc: Data) -> list[str]:
    types = {"urls": dict}
    return [name for name in FIELDS if not isinstance(doc.get(name), types.get(name, str) | None)]
