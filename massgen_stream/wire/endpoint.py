"""What the decoders of media endpoints share: a body that is an event stream or one document, errors, and the end.

Images, speech and transcripts are asked for with ``stream`` or without it. The answer without it is one JSON document
that says what the last event of the stream would say, and is taken as such.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Any, ClassVar, Final

from ..errors import EventTooLarge, MalformedEvent, Truncated
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from .event_stream import DONE, Chunks, EventStreamDecoder
from .failure import failure_of_wire, is_error, vendor_error
from .json_value import parse
from .media_usage import unusable_figures, usage_of
from .minting import Minting
from .sse import ServerSentEvent

Data = dict[str, Any]
_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


class EndpointDecoder(EventStreamDecoder):
    """Decodes one response of a media endpoint.

    A subclass takes events, and sets `_complete` when the documented end has come.

    Args:
        id_prefix: Put before ids that are made up.
        max_event_bytes: Limit on one event, and on a document.
    """

    KNOWN: ClassVar[frozenset[str]] = frozenset()
    """Types of the events that it takes."""

    WHOLE: ClassVar[str] = ""
    """Type of the event that a document stands for."""

    def __init__(self, id_prefix: str, max_event_bytes: int) -> None:
        super().__init__(max_event_bytes, kept_body_bytes=max_event_bytes)
        self._minting = Minting(id_prefix)
        self._errors: list[TextStreamChunk] = []
        self._usage: Data | None = None
        self._started = self._complete = False

    def feed(self, data: bytes) -> Chunks:
        """Return the chunks that *data* completes."""
        out = super().feed(data)
        if not self._ended and self._sniffer is not None and self._sniffer.truncated:
            self._break(failure_of_wire(EventTooLarge(self._max_event_bytes)), "error", out)
        return out

    @abstractmethod
    def _fast(self, payload: bytes, out: Chunks, *, whole: bool) -> bool:
        """Take an event, or a *whole* document, in its usual form; return False if it has another."""

    @abstractmethod
    def _take(self, doc: Data, kind: str, out: Chunks) -> None:
        """Take an event of a known *kind* in any form.

        Raises:
            MalformedEvent: A field that carries text or media has an unusable type.
        """

    @abstractmethod
    def _is_document(self, doc: Data) -> bool:
        """Return whether *doc* is what this endpoint answers."""

    def _is_open(self) -> bool:
        """Return whether something has begun and not ended."""
        return False

    def _event(self, event: ServerSentEvent, out: Chunks) -> None:
        try:
            if not self._fast(event.data, out, whole=False):
                self._unusual(event, out)
        except (MalformedEvent, RecursionError) as problem:
            self._malformed(problem, event.data, out)

    def _other_body(self, body: bytes, out: Chunks) -> None:
        try:
            if body.startswith(b"<") or not self._takes(body, out):
                super()._other_body(body, out)
        except (MalformedEvent, RecursionError) as problem:
            if is_unclosed(body):
                self._break(failure_of_wire(Truncated()), "incomplete", out)
            else:
                self._malformed(problem, body, out)

    def _takes(self, body: bytes, out: Chunks) -> bool:
        """Take a document; return False if it is none of this endpoint's."""
        if not self._fast(body, out, whole=True):
            doc = parse(body)
            if not isinstance(doc, dict) or not self._is_document(doc):
                return False
            if doc.get("error"):
                self._tell_error(doc, out)
            self._take(doc, self.WHOLE, out)
        if not self._ended:
            self._finish(out)
        return True

    def _unusual(self, event: ServerSentEvent, out: Chunks) -> None:
        """Take the end, an error, or an event that is not in the usual form."""
        payload = event.data.strip()
        if payload == DONE:
            self._end_of_stream(out, seen=True)
            return
        doc = self._parsed(payload, event.event) if payload else None
        if isinstance(doc, dict):
            self._take_any(doc, event.event, out)

    def _take_any(self, doc: Data, name: str, out: Chunks) -> None:
        """Take what an event of that *name* holds: an error, something known, or nothing that matters."""
        if is_error(doc, name):
            self._tell_error(doc, out)
        kind = doc.get("type", name)
        if isinstance(kind, str) and kind in self.KNOWN:
            self._take(doc, kind, out)

    def _tell_error(self, doc: Data, out: Chunks) -> None:
        self._tell(vendor_error(doc["error"] if isinstance(doc.get("error"), dict) else doc), out)

    def _tell(self, error: TextStreamChunk, out: Chunks) -> None:
        if error not in self._errors:
            self._errors.append(error)
            out.append(error)

    def _begin(self, out: Chunks, model: str | None = None) -> None:
        """The first known event has come."""
        if not self._started:
            self._started = True
            out.append(TextStreamChunk(type=ChunkType.START, model=model or None))

    def _take_usage(self, raw: Data | None, out: Chunks) -> None:
        if raw:
            self._usage = raw
            self._tell_dropped((f"usage.{path}" for path in unusable_figures(raw)), out)

    def _end_of_input(self, out: Chunks) -> None:
        self._end_of_stream(out, seen=self._complete)

    def _end_of_stream(self, out: Chunks, *, seen: bool) -> None:
        """End the stream; *seen* tells whether its documented end was."""
        if self._errors or (seen and not self._is_open()):
            self._finish(out)
        else:
            self._break(failure_of_wire(Truncated()), "incomplete", out)

    def _break(self, failure: TextStreamChunk, reason: str, out: Chunks) -> None:
        self._errors.append(failure)
        out.append(failure)
        self._finish(out, reason)

    def _finish(self, out: Chunks, reason: str | None = None) -> None:
        self._ended = True
        fine = "stop" if self._complete else "other"
        done = TextStreamChunk(
            type=ChunkType.DONE,
            finish_reason=reason or ("error" if self._errors else fine),
            usage=usage_of(self._usage) if self._usage else None,
            usage_source="reported" if self._usage else "none",
        )
        out.append(done)


def is_unclosed(body: bytes) -> bool:
    """Return whether a JSON document that cannot be read has been cut: a string or a bracket in it is open."""
    rest = _STRING.sub(b"", body)
    return b'"' in rest or sum(map(rest.count, (b"{", b"["))) > sum(map(rest.count, (b"}", b"]")))
