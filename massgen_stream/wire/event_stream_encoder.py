"""What the encoders of event streams share: which chunks are said, what is lost, and how a stream ends or breaks."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from ..errors import UnencodableValue
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from .broken import is_broken
from .response_encoder import ResponseEncoder
from .sse_encoder import encode_event

Data = dict[str, Any]
Events = list[Data]
Say = Callable[[Any, Any], Events | None]
"""Takes an encoder and a chunk; returns its events, or None if the chunk has no place."""

_T = ChunkType
_NAMELESS: Final = TextStreamChunk(type=_T.START)


def no_events(_encoder: EventStreamEncoder, _chunk: BaseStreamChunk) -> Events:
    """Say nothing of a chunk that readers build themselves."""
    return []


class EventStreamEncoder(ResponseEncoder, ABC):
    """Says each chunk by the row of its type.

    Attributes:
        losses: What could not be said, one line each.
    """

    ONE_CHOICE: ClassVar[bool] = False
    """Whether what belongs to another choice than the first is lost."""

    NEEDS_START: ClassVar[frozenset[ChunkType]] = frozenset()
    """What the events of a `start` must come before, also where the chunks have none."""

    SAY: ClassVar[Mapping[str, Say]] = {}
    """How chunks of each type are said; of other types none is."""

    def encode(self, chunk: BaseStreamChunk) -> bytes:
        """Return the bytes for *chunk*; what cannot be said is added to `losses`."""
        if self._ended:
            return self._lose(chunk, "the stream has ended")
        say = self.SAY.get(chunk.type)
        if say is None or (self.ONE_CHOICE and getattr(chunk, "choice_index", None)):
            return self._lose(chunk, self.UNSAID)
        if not chunk.validate():
            return self._lose(chunk, "it breaks the rules of its type")
        return self._say(chunk, say)

    def close(self) -> bytes:
        """Return what waited for the end, if anything did; a stream without `done` is a cut one."""
        return b""

    def _say(self, chunk: BaseStreamChunk, say: Say) -> bytes:
        try:
            first = [] if self._started or chunk.type not in self.NEEDS_START else self._start(_NAMELESS)
            events = say(self, chunk)
            if events is None:
                return self._bytes(chunk, first) + self._lose(chunk, self.UNSAID)
            data = self._bytes(chunk, [*first, *events])
        except (UnencodableValue, RecursionError) as problem:
            return self._lose(chunk, str(problem))
        self.losses += self._lost_fields(chunk)
        return data + self._tail(chunk) if isinstance(chunk, TextStreamChunk) and chunk.type is _T.DONE else data

    def _bytes(self, _chunk: BaseStreamChunk, events: Events) -> bytes:
        """Return the bytes of the *events* for a chunk."""
        return b"".join(map(self._event, events))

    @abstractmethod
    def _event(self, body: Data) -> bytes:
        """Return the bytes of one event, and set `_said`."""

    @abstractmethod
    def _lost_fields(self, chunk: BaseStreamChunk) -> list[str]:
        """Return one line for each field of *chunk*, which was said otherwise, that has no place."""

    @abstractmethod
    def _opening(self, chunk: TextStreamChunk) -> Events:
        """Return the events for the first `start`."""

    @abstractmethod
    def _vendor_error(self, chunk: TextStreamChunk) -> Events:
        """Return the events for an error of the vendor's."""

    def _terminator(self, _chunk: TextStreamChunk) -> bytes:
        """Return what comes after the last event of a stream that nothing broke."""
        return b""

    def _or_lose(self, chunk: BaseStreamChunk, events: Events | None) -> Events:
        """Return *events*; for None the chunk is lost, and which of its fields have no place is named too."""
        if events is None:
            self._lose(chunk, self.UNSAID)
        return events or []

    def _start(self, chunk: TextStreamChunk) -> Events:
        return self._opening(chunk) if self._begins(chunk) else []

    def _error(self, chunk: TextStreamChunk) -> Events:
        if is_broken(chunk.error_info or {}):
            self._broken = chunk
            return []
        return self._vendor_error(chunk)

    def _tail(self, chunk: TextStreamChunk) -> bytes:
        """Return what ends the stream after its last event: the terminator, or what broke it."""
        self._ended = True
        if self._broken is None:
            return self._terminator(chunk)
        return self._breaking(self._broken)

    SHARED: ClassVar[Mapping[str, Say]] = {
        _T.START: _start,
        _T.REASONING_DONE: no_events,
        _T.COMPLETE_MESSAGE: no_events,
        _T.ERROR: _error,
    }
    """The rows that are the same for most protocols."""


def encode_document(document: Any, *, event: str | None = None) -> bytes:
    """Return an event whose payload is *document* as compact JSON."""
    return encode_event(json.dumps(document, separators=(",", ":")).encode(), event=event)
