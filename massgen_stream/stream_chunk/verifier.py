"""Names every breach of the grammar of a stream, as `grammar.GRAMMAR` states it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from ..errors import InvalidChunk
from .base import BaseStreamChunk
from .grammar import Breach, Faults
from .kinds import ChunkType
from .media_rules import MediaRules
from .multimodal import MultimodalStreamChunk
from .odd_values import Item, key_of, number_of, shown, text_of
from .text import TextStreamChunk
from .turn_rules import ENDED_EARLY, FAILED, TurnRules

_COUNTED: Final = frozenset(("reported", "estimated"))
"""Sources of usage that come with usage."""


class StreamVerifier:
    """Checks a whole stream, chunk by chunk, from its first one.

    It reads chunks and changes nothing; its work is linear in the stream, and it keeps digests, not text or media.
    Whatever the chunks hold, it raises nothing but what *raising* asks for.

    Args:
        raising: Raise at the first breach.
        numbered: False for the output of a decoder, which the gate has not passed: numbers, the usage of a `done` and
            its source, and the finals of media may be missing. Numbers that are there must be right all the same.

    Attributes:
        breaches: Every breach so far, in order.
    """

    def __init__(self, *, raising: bool = False, numbered: bool = True) -> None:
        self.breaches: list[Breach] = []
        self._raising, self._numbered = raising, numbered
        self._position = 0
        self._numbers = _Numbers(demanded=numbered)
        self._turns: defaultdict[Item, TurnRules] = defaultdict(TurnRules)
        self._media: defaultdict[Item, MediaRules] = defaultdict(MediaRules)
        self._failed = self._ended = self._closed = False

    def feed(self, chunk: BaseStreamChunk) -> list[Breach]:
        """Return what *chunk*, the next one of the stream, breaks.

        Raises:
            InvalidChunk: It breaks something, and the verifier is a raising one.
        """
        found = self._report(self._faults(chunk))
        self._position += 1
        return self._raised(found)

    def close(self) -> list[Breach]:
        """Return what is missing at the end of the stream; nothing the second time.

        Raises:
            InvalidChunk: Something is missing, and the verifier is a raising one.
        """
        missing = not self._ended and not self._closed
        self._closed = True
        return self._raised(self._report([("done", "the stream has no done")] if missing else ()))

    def _report(self, faults: Iterable[tuple[str, str]]) -> list[Breach]:
        found = [Breach(rule, self._position, message) for rule, message in faults]
        self.breaches += found
        return found

    def _raised(self, found: list[Breach]) -> list[Breach]:
        if found and self._raising:
            raise InvalidChunk("stream", [f"{rule} at {position}: {message}" for rule, position, message in found])
        return found

    def _faults(self, chunk: object) -> Faults:
        if not isinstance(chunk, BaseStreamChunk) or not isinstance(chunk.type, str):
            yield "chunk", f"a {type(chunk).__name__} is no chunk"
            return
        yield from _own_faults(chunk)
        yield from self._numbers.feed(chunk)
        if self._ended:
            yield "after_done", f"{shown(chunk.type)} after done"
        elif isinstance(chunk, TextStreamChunk | MultimodalStreamChunk):
            yield from self._place(chunk)

    def _place(self, chunk: TextStreamChunk | MultimodalStreamChunk) -> Faults:
        """Yield what *chunk* breaks at its place in its turn."""
        source = key_of(chunk.source)
        if isinstance(chunk, MultimodalStreamChunk):
            yield from self._media[source].feed(chunk)
        elif chunk.type is ChunkType.DONE:
            yield from self._done(chunk)
            return
        elif chunk.type is ChunkType.TURN_DONE:
            yield from self._turn_done(source, chunk)
            return
        elif chunk.type is ChunkType.ERROR:
            self._failed = True
            if chunk.media_id is not None:
                self._media[source].excuse(chunk.media_id)
        yield from self._turns[source].feed(chunk)

    def _turn_done(self, source: Item, chunk: TextStreamChunk) -> Faults:
        turn = self._turns.pop(source, None) or TurnRules()
        reason = text_of(chunk.finish_reason)
        if reason in FAILED and not turn.failed:
            yield "error_missing", f"finish_reason {reason} without an error chunk in its turn"
        yield from turn.end(reason)
        yield from self._usage(chunk, metered=turn.metered)
        if reason in ENDED_EARLY and source in self._media:
            self._media[source].excuse_all()

    def _done(self, chunk: TextStreamChunk) -> Faults:
        self._ended = True
        turns = list(self._turns.values())
        failed = any(turn.failed for turn in turns) if any(turn.begun for turn in turns) else self._failed
        reason = text_of(chunk.finish_reason)
        if reason in FAILED and not failed:
            yield "error_missing", f"finish_reason {reason} without an error chunk"
        for turn in turns:
            yield from turn.end(reason)
        yield from self._usage(chunk, metered=any(turn.metered for turn in turns))
        if self._numbered and reason not in ENDED_EARLY:
            for media in self._media.values():
                for media_id in media.open():
                    yield "media_open", f"medium {media_id} has no final chunk"

    def _usage(self, chunk: TextStreamChunk, *, metered: bool) -> Faults:
        source = chunk.usage_source
        counted = text_of(source) in _COUNTED
        if chunk.usage is None and counted:
            yield "usage_source", f"usage_source is {shown(source)}, but there is no usage"
        elif chunk.usage is not None and not counted and (self._numbered or source is not None):
            yield "usage_source", f"there is usage, but usage_source is {shown(source)}"
        if metered and chunk.usage is None and self._numbered:
            yield "usage_missing", "there is no usage, though a usage chunk came in its turn"


_UNSEEN: Final = object()


class _Numbers:
    """Number, time and id of the chunks."""

    def __init__(self, *, demanded: bool) -> None:
        self._demanded = demanded
        self._next = 0
        self._time: float | None = None
        self._stream_id: object = _UNSEEN

    def feed(self, chunk: BaseStreamChunk) -> Faults:
        number = chunk.sequence_number
        if number != self._next and (self._demanded or number is not None):
            yield "sequence", f"sequence_number is {shown(number)}, not {shown(self._next)}"
        # one wrong number is one breach: the next chunk is compared with this one
        self._next = (number if isinstance(number, int) else self._next) + 1
        time = number_of(chunk.timestamp)
        if time is not None:
            if self._time is not None and time < self._time:
                yield "timestamp", f"timestamp falls from {shown(self._time)} to {shown(time)}"
            self._time = time
        if self._stream_id is _UNSEEN:
            self._stream_id = chunk.stream_id if self._demanded or chunk.stream_id is not None else _UNSEEN
        elif chunk.stream_id != self._stream_id and (self._demanded or chunk.stream_id is not None):
            yield "stream_id", f"stream_id is {shown(chunk.stream_id)}, not {shown(self._stream_id)}"


def _own_faults(chunk: BaseStreamChunk) -> Faults:
    try:
        chunk.check()
    except InvalidChunk as invalid:
        for fault in invalid.faults:
            yield "chunk", f"{invalid.chunk_type}: {fault}"
