"""The gate: every stream passes it on the way to its reader.

It numbers and stamps chunks, keeps time and progress from going back, adds what a decoder leaves to it (the finals of
reasoning, calls and media, and the complete message), makes finals agree with their deltas, and lets nothing follow
`done`. Time is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from msgspec.structs import force_setattr, replace

from .base import BaseStreamChunk
from .kinds import ChunkType
from .source_finals import SourceFinals, ended_for
from .text import TextStreamChunk
from .token_usage import add_usage

_T = ChunkType
_CONTENT: Final = ChunkType.CONTENT  # looking a member up costs more than the test that it serves
INVISIBLE: Final = frozenset((
    _T.START, _T.USAGE, _T.COMPLETE_MESSAGE, _T.COMPLETE_RESPONSE, _T.TURN_DONE, _T.DONE, _T.ERROR, _T.AGENT_STATUS,
    _T.BACKEND_STATUS, _T.COMPRESSION_STATUS, _T.MCP_STATUS, _T.CUSTOM_TOOL_STATUS, _T.HOOK_EXECUTION, _T.ATTACHMENT,
    _T.ATTACHMENT_COMPLETE,
))  # fmt: skip
"""Types that a reader would not notice: an attempt of which no other was read can be made again."""

_ENDS: Final = frozenset((_T.DONE, _T.TURN_DONE))
_FAILED: Final = frozenset(("error", "incomplete"))
"""Ends that follow an `error` chunk."""


class Gate:
    """Makes one stream of the chunks of its attempts and turns.

    Args:
        stream_id: Id of the stream.
        source: Set on chunks that name no source.

    Attributes:
        stream_id: Id of the stream.
        source: Set on chunks that name no source.
        visible: Whether anything that a reader would notice has passed; nothing is retried from then on.
        ended: Whether `done` has passed.
    """

    def __init__(self, *, stream_id: str, source: str | None = None) -> None:
        self.stream_id, self.source = stream_id, source
        self.visible = self.ended = False
        self._number, self._time = 0, 0.0
        self._sources: dict[str | None, SourceFinals] = {}
        self._spent: dict[str, Any] | None = None
        self._results: list[dict[str, Any]] = []
        self._failed = False

    @property
    def usage(self) -> dict[str, Any] | None:
        """The best known usage of the stream: the sum of its turns, of each the latest report."""
        reports = [self._spent, *(one.usage for one in self._sources.values())]
        known = [report for report in reports if report]
        if len(known) < 2:  # noqa: PLR2004 - one report keeps what sums leave out
            return known[0] if known else None
        total: dict[str, Any] = {}
        for report in known:
            total = add_usage(total, report)
        return total

    def feed(self, chunk: BaseStreamChunk, now: float) -> list[BaseStreamChunk]:
        """Return the chunks to hand on for *chunk*, which came at *now* (Unix seconds); none after `done`."""
        if self.ended:
            return []
        if chunk.type is _CONTENT:
            self.visible = True
            chunk = self._stamped(chunk, now)
            (self._sources.get(chunk.source) or self._of(chunk.source)).say(chunk)
            return [chunk]
        if chunk.type in _ENDS and isinstance(chunk, TextStreamChunk):
            return list(self._end(chunk, now))
        self.visible = self.visible or chunk.type not in INVISIBLE
        settled = self._of(self._source_of(chunk)).settle(chunk)
        return [self._pass(one, now) for one in settled]

    def end(self, finish_reason: str, now: float, *, error: TextStreamChunk | None = None) -> list[BaseStreamChunk]:
        """Return the chunks that end a stream whose decoder did not: *error* if any, the finals and `done`."""
        before = self.feed(error, now) if error is not None else []
        return before + self.feed(TextStreamChunk(type=_T.DONE, finish_reason=finish_reason), now)

    def _source_of(self, chunk: BaseStreamChunk) -> str | None:
        return self.source if chunk.source is None else chunk.source

    def _of(self, source: str | None) -> SourceFinals:
        known = self._sources.get(source)
        if known is None:
            known = self._sources[source] = SourceFinals()
        return known

    def _stamped(self, chunk: BaseStreamChunk, now: float) -> BaseStreamChunk:
        if chunk.sequence_number is not None:  # it belongs to another stream, or to the caller
            chunk = replace(chunk, sequence_number=None, stream_id=None)
        if now > self._time:  # noqa: PLR1730 - max() costs twice as much
            self._time = now
        force_setattr(chunk, "sequence_number", self._number)
        force_setattr(chunk, "timestamp", self._time)
        force_setattr(chunk, "stream_id", self.stream_id)
        if self.source is not None and chunk.source is None:
            force_setattr(chunk, "source", self.source)
        self._number += 1
        return chunk

    def _pass(self, chunk: BaseStreamChunk, now: float) -> BaseStreamChunk:
        chunk = self._stamped(chunk, now)
        self._of(chunk.source).take(chunk)
        return chunk

    def _end(self, chunk: TextStreamChunk, now: float) -> Iterator[BaseStreamChunk]:
        """Yield the finals, and the end itself."""
        own = self._source_of(chunk)
        ending = dict(self._sources) if chunk.type is _T.DONE else {own: self._of(own)}
        reason = chunk.finish_reason or "other"
        if reason in _FAILED and not self._explained(ending.values()):
            yield self._pass(replace(_unexplained(reason), source=own), now)
        for source, finals in ending.items():
            for final in finals.finals(reason):
                yield self._pass(replace(final, source=source), now)
        yield self._stamped(self._completed(chunk, list(ending.values())), now)
        for finals in ending.values():
            self._take_turn(finals, chunk)
        self.ended = chunk.type is _T.DONE

    def _explained(self, ending: Iterable[SourceFinals]) -> bool:
        """Whether an `error` chunk says why the turns that end now have failed."""
        begun = [finals for finals in ending if finals.begun]
        return any(finals.failed for finals in begun) if begun else self._failed

    def _completed(self, chunk: TextStreamChunk, ending: list[SourceFinals]) -> TextStreamChunk:
        """Return the end with the reason, usage and media that the chunks before it told."""
        turn = chunk.type is _T.TURN_DONE
        usage = chunk.usage
        if usage is None:
            usage = ending[0].usage if turn else self.usage
        source = "none"
        if usage is not None:
            source = "estimated" if chunk.usage_source == "estimated" else "reported"
        found = [result for finals in ending for result in finals.results()]
        results = chunk.media_results or (found if turn else self._results + found)
        reason = ended_for(chunk.finish_reason or "other", ending)
        return replace(chunk, finish_reason=reason, usage=usage, usage_source=source, media_results=results or None)

    def _take_turn(self, finals: SourceFinals, end: TextStreamChunk) -> None:
        """Remember what a turn that has ended leaves behind."""
        self._failed = self._failed or finals.failed
        self._results += finals.results()
        usage = end.usage or finals.usage
        if usage:
            self._spent = add_usage(self._spent, usage) if self._spent else usage
        finals.end(end)


def _unexplained(reason: str) -> TextStreamChunk:
    kind = "transport" if reason == "incomplete" else "unknown"
    message = "the stream was cut off" if reason == "incomplete" else "the stream failed and did not say why"
    return TextStreamChunk(type=_T.ERROR, error=message, error_info={"kind": kind, "retryable": False})
