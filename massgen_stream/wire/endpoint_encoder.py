"""What the encoders of media endpoints share: the start, errors, the end, and what has no place."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from ..errors import UnencodableValue
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.jsonform import literal_form
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from .broken import is_broken
from .event_stream import DONE
from .failure import ERROR_KEYS
from .losses import Places, other_keys, unsaid_data, unsaid_fields
from .media_usage import FIGURES, raw_of
from .response_encoder import ResponseEncoder
from .sse_encoder import encode_event

Data = dict[str, Any]
_T = ChunkType
_BUILT: Final = frozenset((_T.REASONING_DONE, _T.COMPLETE_MESSAGE))
"""What readers build themselves."""

_ERROR: Final = frozenset(("kind", "code", "retryable", "raw"))
_BROKEN_OFF: Final = frozenset(("error", "incomplete", "cancelled"))
"""Ends that a server tells by sending nothing more."""


class EndpointEncoder(ResponseEncoder, ABC):
    """Encodes one response of a media endpoint: as an event stream, or as one document.

    Args:
        whole: Write one document, as a server does that was not asked for a stream; all of it comes with `done`.

    Attributes:
        losses: What could not be said, one line each.
    """

    BARE: ClassVar[Mapping[str, Any]] = {}
    """An event that the decoder knows and that says nothing."""

    PLACES: ClassVar[Places] = {}
    """Fields that have no place, by type of chunk."""

    OWN: ClassVar[tuple[str, frozenset[str] | None]] = ("", frozenset())
    """Name of the protocol, and keys of its provider data that have a place; None: all."""

    DOCUMENT: ClassVar[frozenset[str]] = frozenset()
    """Fields by which the decoder knows a document."""

    ENDS: ClassVar[frozenset[str]] = frozenset(("stop", "other"))
    """Ways in which an answer can be said to end."""

    FIELDS: ClassVar[frozenset[str]] = frozenset()
    """Paths of fields that the decoder drops when they are unusable, besides the figures of the usage."""

    def __init__(self, *, whole: bool = False) -> None:
        super().__init__()
        self._document: Data | None = {} if whole else None
        self._errors: list[Any] = []  # of a document
        self._start: TextStreamChunk | None = None  # waits for the event that says it
        self._terminates = False  # the stream needs a terminator

    def encode(self, chunk: BaseStreamChunk) -> bytes:
        """Return the bytes for *chunk*; what cannot be said is added to `losses`."""
        if self._ended:
            return self._lose(chunk, "the stream has ended")
        if getattr(chunk, "choice_index", None) or not isinstance(chunk.type, ChunkType):
            return self._lose(chunk, self.UNSAID)
        if not chunk.validate():
            return self._lose(chunk, "it breaks the rules of its type")
        try:
            events = self._events_for(chunk)
            data = b"" if events is None else b"".join(map(self._event, events))
        except UnencodableValue as problem:
            return self._lose(chunk, str(problem))
        if events is None:
            return self._lose(chunk, self.UNSAID)
        self.losses += (f"{chunk.type}.{name}: {self.UNSAID}" for name in self._lost(chunk))
        return data + self._tail() if chunk.type is _T.DONE else data

    def close(self) -> bytes:
        """Return what waited for the end; a stream without `done` is a cut one."""
        return b"" if self._ended else b"".join(map(self._event, self._waiting()))

    @abstractmethod
    def _say(self, chunk: BaseStreamChunk) -> list[Data] | None:
        """Return the events for part of an answer; None if it has no place."""

    @abstractmethod
    def _waiting(self) -> list[Data]:
        """Return what waits for something that may come with it, and forget it."""

    @abstractmethod
    def _end(self, chunk: TextStreamChunk, usage: Data | None) -> list[Data]:
        """Return the events that end an answer in the ordinary way, with a report of *usage* if there is one."""

    @abstractmethod
    def _report(self, usage: Data) -> list[Data]:
        """Return the events that say a report of *usage* and end nothing."""

    def _break_off(self, usage: Data | None) -> list[Data]:
        """Return the last events of an answer that went wrong."""
        return [*self._waiting(), *(self._report(usage) if usage else ())]

    def _fold(self, event: Data, document: Data) -> None:
        """Put what an event says into a document; what has no place there is a loss."""

    def _unfolded(self, what: str) -> None:
        self.losses.append(f"{what}: a document has no place for it")

    def _lost(self, chunk: BaseStreamChunk) -> list[str]:
        lost = [*unsaid_fields(chunk, self.PLACES), *unsaid_data(chunk, *self.OWN)]
        info = getattr(chunk, "error_info", None) or {}
        if info.get("raw") is None:  # the vendor's own object has the rest
            lost += other_keys("error_info", info, _ERROR)
        return lost

    def _event(self, body: Data) -> bytes:
        self._said = True
        start = self._start
        if start is not None and body.get("type") != "error":
            self._start = None
            body = {**body, **self._first(start, body)}
        if self._document is not None:
            said = literal_form(body)
            if said.get("type") == "error":
                self._errors.append(said["error"])
            else:
                self._fold(said, self._document)
            return b""
        return self._framed(body)

    def _framed(self, body: Data) -> bytes:
        """Return the bytes of one event."""
        text = json.dumps(literal_form(body), separators=(",", ":"))
        if "error" in body and not body["error"]:  # an error that says nothing is told by the event's name
            return encode_event(json.dumps(body["error"]).encode(), event="error")
        return encode_event(text.encode(), event=body["type"])

    def _first(self, _start: TextStreamChunk, _body: Data) -> Data:
        """Return what the first event says of the response."""
        return {}

    def _bare(self) -> list[Data]:
        """Return an event for a start that nothing else says."""
        return [dict(self.BARE)] if self._start is not None else []

    def _events_for(self, chunk: BaseStreamChunk) -> list[Data] | None:
        if chunk.type in _BUILT:
            return []
        if not isinstance(chunk, TextStreamChunk):
            return self._say(chunk)
        if chunk.type is _T.START:
            return self._starts(chunk)
        if chunk.type is _T.ERROR:
            return self._error(chunk)
        if chunk.type is _T.BACKEND_STATUS and chunk.status == "ignored_field":
            odd = self._dropped(chunk.detail or "") if self._document is None else None
            return None if odd is None else [*self._waiting(), odd]
        return self._done(chunk) if chunk.type is _T.DONE else self._say(chunk)

    def _starts(self, chunk: TextStreamChunk) -> list[Data]:
        self._start = chunk if self._begins(chunk) else self._start
        return []

    def _dropped(self, path: str) -> Data | None:
        """Return an event whose field at *path* is dropped; no field has the type bool."""
        if path not in self.FIELDS and path.removeprefix("usage.") not in FIGURES:
            return None
        value: Any = False
        for name in reversed(path.split(".")):
            value = {name: value}
        return {**self.BARE, **value}

    def _error(self, chunk: TextStreamChunk) -> list[Data]:
        info = chunk.error_info or {}
        if is_broken(info):
            self._broken = chunk
            return []
        raw = info.get("raw")
        if raw is None:
            raw = {"message": chunk.error, "type": info.get("kind"), "code": info.get("code")}
        waiting = self._waiting()
        return [*(waiting or self._bare()), {"type": "error", "error": raw}]

    def _done(self, chunk: TextStreamChunk) -> list[Data]:
        usage = self._sendable(chunk.usage)
        if chunk.finish_reason in _BROKEN_OFF:
            return self._break_off(usage) or self._bare()
        if chunk.finish_reason not in self.ENDS:
            self.losses.append(f"done.finish_reason {chunk.finish_reason}: {self.UNSAID}")
        return self._end(chunk, usage)

    def _sendable(self, usage: Data | None) -> Data | None:
        """Return a report that JSON can hold: it may be said with something that must not be lost with it."""
        raw: Data | None = raw_of(usage) if usage else None
        try:
            literal_form(raw)
        except UnencodableValue as problem:
            self.losses.append(f"done.usage: {problem}")
            return None
        return raw

    def _tail(self) -> bytes:
        """Return the end: a document, a terminator, or what broke the stream, if anything did."""
        self._ended = True
        if self._document is not None:
            return self._whole_tail(self._document)
        return self._stream_tail()

    def _stream_tail(self) -> bytes:
        if self._broken is None:
            return encode_event(DONE) if self._terminates else b""
        return self._breaking(self._broken)

    def _whole_tail(self, document: Data) -> bytes:
        """Return the document; errors alone are a body of their own, or events where no body says them."""
        errors = self._errors
        if document and self._broken is None:
            for _ in errors[1:]:
                self._unfolded("error")
            return json.dumps({**document, "error": errors[0]} if errors else document).encode()
        if len(errors) == 1 and self._broken is None and self._is_error_body(errors[0]):
            return json.dumps(errors[0]).encode()
        self._said = bool(errors)
        events = (encode_event(json.dumps({"error": error}).encode(), event="error") for error in errors)
        return b"".join(events) + self._stream_tail()

    def _is_error_body(self, error: Any) -> bool:
        told = isinstance(error, dict) and any(error.get(name) for name in ERROR_KEYS)
        return told and not error.keys() & self.DOCUMENT
