"""What all decoders of event streams share: framing, bodies that are no event stream, the end of the input."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, Final

from ..errors import EventTooLarge, MalformedEvent
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.text import TextStreamChunk
from .body import KEPT_BODY_BYTES, BodySniffer
from .failure import failure_of_body, failure_of_wire
from .json_value import parse
from .metadata import DroppedFields
from .sse import ServerSentEvent, SSEDecoder

Chunks = list[BaseStreamChunk]
DONE: Final = b"[DONE]"
"""Ends OpenAI's streams, and by mistake of some proxies others too; a whole payload in any case."""


class EventStreamDecoder(ABC):
    """Feeds a protocol's decoder with whole events, and tells it when there are no more.

    A subclass takes events, and sets `_ended` once its `done` has been given.

    Args:
        max_event_bytes: Limit on one event.
        kept_body_bytes: How much is kept of a body that is no event stream.
    """

    def __init__(self, max_event_bytes: int, *, kept_body_bytes: int = KEPT_BODY_BYTES) -> None:
        self._max_event_bytes, self._kept_body_bytes = max_event_bytes, kept_body_bytes
        self._sse = SSEDecoder(max_event_bytes)
        self._sniffer: BodySniffer | None = BodySniffer(kept_body_bytes)
        self._ended = False
        self._dropped = DroppedFields()

    def feed(self, data: bytes) -> list[BaseStreamChunk]:
        """Return the chunks that *data* completes."""
        out: Chunks = []
        if self._ended or (self._sniffer is not None and not self._is_stream(self._sniffer, data)):
            return out
        try:
            for event in self._sse.feed(data):
                if not self._ended:  # whatever follows the end says nothing
                    self._event(event, out)
        except EventTooLarge as problem:
            self._break(failure_of_wire(problem), "error", out)
        except (MalformedEvent, RecursionError) as problem:
            self._malformed(problem, event.data, out)
        return out

    def close(self) -> list[BaseStreamChunk]:
        """Return the chunks that the end of the input completes, `done` among them unless it came before."""
        out: Chunks = []
        if self._ended:
            return out
        if self._sniffer is not None and self._sniffer.is_stream is False:
            self._other_body(self._sniffer.body, out)
            return out
        self._last_event(out)
        if not self._ended:
            self._end_of_input(out)
        return out

    def end_body(self) -> list[BaseStreamChunk]:
        """Return the chunks that the end of one body completes; the answer itself goes on in another one."""
        out: Chunks = []
        if self._ended or (self._sniffer is not None and self._sniffer.is_stream is False):
            return out
        self._last_event(out)
        self.resume()
        return out

    def resume(self) -> None:
        """Forget the event that a cut left half, before the stream goes on in another body."""
        self._sse = SSEDecoder(self._max_event_bytes)
        self._sniffer = BodySniffer(self._kept_body_bytes)

    def _last_event(self, out: Chunks) -> None:
        """Take the event that waits for its blank line, if it is whole."""
        try:
            for event in self._sse.close():
                if is_complete(event.data):
                    self._event(event, out)
        except EventTooLarge as problem:
            self._break(failure_of_wire(problem), "error", out)
        except (MalformedEvent, RecursionError) as problem:
            self._malformed(problem, event.data, out)

    def _malformed(self, problem: MalformedEvent | RecursionError, payload: bytes, out: Chunks) -> None:
        """End a stream at an event that cannot be read."""
        malformed = problem if isinstance(problem, MalformedEvent) else MalformedEvent("not JSON", payload)
        self._break(failure_of_wire(malformed, payload), "error", out)

    def _parsed(self, payload: bytes, event_name: str) -> Any:
        """Return the JSON value of an event; an error need not be JSON.

        Raises:
            MalformedEvent: It is not JSON.
        """
        try:
            return parse(payload)
        except MalformedEvent:
            if event_name != "error":
                raise
            return {"error": {"message": payload.decode("utf-8", "replace")}}

    def _other_body(self, body: bytes, out: Chunks) -> None:
        """Take a body that is no event stream, at its end."""
        self._break(failure_of_body(body), "error", out)

    @abstractmethod
    def _event(self, event: ServerSentEvent, out: Chunks) -> None:
        """Take one event.

        Raises:
            MalformedEvent: It cannot be read; the stream ends there.
        """

    @abstractmethod
    def _end_of_input(self, out: Chunks) -> None:
        """End a stream that did not end itself."""

    @abstractmethod
    def _break(self, failure: TextStreamChunk, reason: str, out: Chunks) -> None:
        """End a stream whose bytes break the protocol, or stop too early."""

    def _is_stream(self, sniffer: BodySniffer, data: bytes) -> bool:
        belongs = sniffer.feed(data)
        if sniffer.is_stream:
            self._sniffer = None
        return belongs

    def _tell_dropped(self, paths: Iterable[str], out: Chunks) -> None:
        """Name each field of an unusable type, once."""
        self._dropped.tell(paths, out)


def is_complete(payload: bytes) -> bool:
    """Return whether a payload that waits for its blank line is whole, so that it may be used."""
    if payload.strip() == DONE:
        return True
    try:
        parse(payload)
    except MalformedEvent:
        return False
    return True
