"""What the encoders of polled jobs share: an event stream whose events are the documents of the looks."""

from __future__ import annotations

import json
from abc import abstractmethod
from typing import Any, ClassVar

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.jsonform import literal_form
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from ..stream_chunk.text import TextStreamChunk
from .broken import is_broken
from .endpoint_encoder import EndpointEncoder
from .sse_encoder import encode_event

Data = dict[str, Any]


class PolledEncoder(EndpointEncoder):
    """Encodes the documents of one job; each `media_progress` begins one.

    Attributes:
        losses: What could not be said, one line each.
    """

    UNSAID = "the documents of a job have no place for it"

    LAST: ClassVar[frozenset[str]] = frozenset()
    """Values of `status` that end a job: what follows such a document belongs to it."""

    def __init__(self) -> None:
        super().__init__()
        self._pending: Data | None = None  # a document that what follows belongs to
        self._response: Data | None = None
        self._unusable: list[str] = []

    @abstractmethod
    def _document_of(self, chunk: MultimodalStreamChunk) -> Data:
        """Return the document that a `media_progress` begins."""

    @abstractmethod
    def _filled(self, document: Data) -> Data:
        """Return a document with what has been made so far."""

    @abstractmethod
    def _made(self, chunk: BaseStreamChunk) -> list[Data] | None:
        """Take what the job has made, or is told beside it; None if it has no place."""

    @abstractmethod
    def _last(self) -> Data:
        """Return a document of a job that is done, where no chunk says one."""

    def _event(self, body: Data) -> bytes:
        self._said = True
        if "error" in body and not body["error"]:  # an error that says nothing is told by the event's name
            return encode_event(json.dumps(body["error"]).encode(), event="error")
        return encode_event(json.dumps(literal_form(body), separators=(",", ":")).encode())

    def _events_for(self, chunk: BaseStreamChunk) -> list[Data] | None:
        if isinstance(chunk, TextStreamChunk) and chunk.status == "ignored_field":
            return self._ignored(chunk.detail or "")
        return super()._events_for(chunk)

    def _ignored(self, path: str) -> list[Data] | None:
        """The next document has a field that cannot be used; figures of the usage are said with it."""
        if path.startswith("usage."):
            return []
        if path not in self.FIELDS:
            return None
        waiting = self._waiting()
        self._unusable.append(path)
        return waiting

    def _say(self, chunk: BaseStreamChunk) -> list[Data] | None:
        if isinstance(chunk, MultimodalStreamChunk) and chunk.type is ChunkType.MEDIA_PROGRESS:
            waiting = self._waiting()
            self._pending = {**self._document_of(chunk), **self._odd()}
            return waiting
        if isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.COMPLETE_RESPONSE:
            self._response = literal_form(chunk.response or {})
            return []
        return self._made(chunk)

    def _error(self, chunk: TextStreamChunk) -> list[Data]:
        info = chunk.error_info or {}
        last = self._pending if self._response is None else None  # what comes after the response is no part of it
        if last is None or last["status"] not in self.LAST or is_broken(info):
            return super()._error(chunk)
        raw = info.get("raw") or {"message": chunk.error, "type": info.get("kind"), "code": info.get("code")}
        last.setdefault("error", raw)  # another one is said by the status
        return []

    def _odd(self) -> Data:
        """Return fields that cannot be used: none of them has the type bool."""
        odd: Data = {}
        for path in self._unusable:
            owner, _, name = path.rpartition(".")
            (odd.setdefault(owner, {}) if owner else odd)[name] = False
        self._unusable = []
        return odd

    def _waiting(self) -> list[Data]:
        pending, self._pending = self._pending, None
        if pending is None:
            return []
        response, self._response = self._response or {}, None  # of a job that ended before the others
        return [{**self._filled(pending), **response}]

    def _end(self, chunk: TextStreamChunk, usage: Data | None) -> list[Data]:
        self._terminates = chunk.finish_reason == "other"
        return self._waiting() if self._terminates else self._ending(usage)

    def _break_off(self, usage: Data | None) -> list[Data]:
        return self._waiting() if self._response is None else self._ending(usage)

    def _ending(self, usage: Data | None) -> list[Data]:
        """Return the document of a job that has come to its end."""
        begun = self._pending or {}
        self._pending = None
        if begun.get("status") not in self.LAST and self._response is None:
            begun = {**begun, **self._last()}
        told = {"usage": usage} if usage else {}
        return [{**self._filled(begun), **(self._response or {}), **told}]

    def _report(self, usage: Data) -> list[Data]:  # noqa: ARG002 - the last document says it
        return []
