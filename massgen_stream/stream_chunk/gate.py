"""The gate: every stream passes it on the way to its reader.

It numbers and stamps chunks, keeps time and progress from going back, adds what a decoder leaves to it (the finals of
reasoning, calls and media, and the complete message), and lets nothing follow `done`. Time is an argument.
"""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import force_setattr, replace

from .accumulator import Accumulator
from .base import BaseStreamChunk
from .choice import Choice
from .kinds import ChunkType
from .media_finals import MediaFinals
from .multimodal import MultimodalStreamChunk
from .text import TextStreamChunk

_T = ChunkType
INVISIBLE: Final = frozenset((
    _T.START, _T.USAGE, _T.COMPLETE_MESSAGE, _T.COMPLETE_RESPONSE, _T.TURN_DONE, _T.DONE, _T.ERROR, _T.AGENT_STATUS,
    _T.BACKEND_STATUS, _T.COMPRESSION_STATUS, _T.MCP_STATUS, _T.CUSTOM_TOOL_STATUS, _T.HOOK_EXECUTION,
))  # fmt: skip
"""Types that a reader would not notice: an attempt of which no other was read can be made again."""

_ENDS: Final = frozenset((_T.DONE, _T.TURN_DONE))
_CUT: Final = frozenset(("error", "incomplete", "cancelled"))


class Gate:
    """Makes one stream of the chunks of its attempts and turns.

    Args:
        stream_id: Id of the stream.
        source: Set on chunks that name no source.

    Attributes:
        visible: Whether anything that a reader would notice has passed; nothing is retried from then on.
        ended: Whether `done` has passed.
    """

    def __init__(self, *, stream_id: str, source: str | None = None) -> None:
        self.stream_id, self.source = stream_id, source
        self.visible = self.ended = False
        self._number, self._time = 0, 0.0
        self._whole = Accumulator()
        self._media = MediaFinals()
        self._final: set[tuple[int, str | None]] = set()
        self._told: set[int] = set()

    @property
    def usage(self) -> dict[str, Any] | None:
        """The best known usage of the stream."""
        return self._whole.usage

    def feed(self, chunk: BaseStreamChunk, now: float) -> list[BaseStreamChunk]:
        """Return the chunks to hand on for *chunk*, which came at *now* (Unix seconds); none after `done`."""
        if self.ended:
            return []
        if chunk.type is _T.CONTENT:
            self.visible = True
            return [self._pass(chunk, now)]
        if chunk.type in _ENDS and isinstance(chunk, TextStreamChunk):
            return self._end(chunk, now)
        if chunk.type is _T.REASONING_DONE and isinstance(chunk, TextStreamChunk):
            self._final.add((chunk.choice_index or 0, chunk.item_id))
        elif chunk.type is _T.COMPLETE_MESSAGE and isinstance(chunk, TextStreamChunk):
            self._told.add(chunk.choice_index or 0)
        elif isinstance(chunk, MultimodalStreamChunk):
            chunk = self._media.feed(chunk)
        self.visible = self.visible or chunk.type not in INVISIBLE
        return [self._pass(chunk, now)]

    def end(self, finish_reason: str, now: float, *, error: TextStreamChunk | None = None) -> list[BaseStreamChunk]:
        """Return the chunks that end a stream whose decoder did not: *error* if any, the finals and `done`."""
        before = self.feed(error, now) if error is not None else []
        return before + self.feed(TextStreamChunk(type=_T.DONE, finish_reason=finish_reason), now)

    def _pass(self, chunk: BaseStreamChunk, now: float) -> BaseStreamChunk:
        if chunk.sequence_number is not None:  # it belongs to another stream, or to the caller
            chunk = replace(chunk, sequence_number=None, stream_id=None)
        self._time = max(self._time, now)
        force_setattr(chunk, "sequence_number", self._number)
        force_setattr(chunk, "timestamp", self._time)
        force_setattr(chunk, "stream_id", self.stream_id)
        if chunk.source is None:
            force_setattr(chunk, "source", self.source)
        self._number += 1
        if chunk.__class__ is TextStreamChunk:  # media would fill the memory
            self._whole.feed(chunk)
        return chunk

    def _end(self, chunk: TextStreamChunk, now: float) -> list[BaseStreamChunk]:
        passed = [self._pass(final, now) for final in self._finals(chunk)]
        passed.append(self._pass(self._with_usage(chunk), now))
        self.ended = chunk.type is _T.DONE
        self._final.clear()
        self._told.clear()
        return passed

    def _with_usage(self, chunk: TextStreamChunk) -> TextStreamChunk:
        usage, source = chunk.usage, chunk.usage_source
        if usage is None:
            usage = self._whole.usage
            source = source if usage is None or source != "none" else None
        source = source or ("none" if usage is None else "reported")
        results = chunk.media_results or self._media.results()
        return replace(chunk, usage=usage, usage_source=source, media_results=results or None)

    def _finals(self, end: TextStreamChunk) -> list[BaseStreamChunk]:
        finals: list[BaseStreamChunk] = []
        for index, choice in self._choices():
            where = index or None
            finals += [
                TextStreamChunk(type=_T.REASONING_DONE, reasoning_text=text, item_id=item_id, choice_index=where)
                for item_id, text in choice.open_reasoning().items()
                if text and (index, item_id) not in self._final
            ]
            calls = choice.open_calls()
            if calls:
                finals.append(TextStreamChunk(type=_T.TOOL_CALLS, tool_calls=calls, choice_index=where))
        if end.finish_reason not in _CUT:
            finals += self._media.open_finals()
        return finals + self._messages()

    def _choices(self) -> list[tuple[int, Choice]]:
        """Return the choices that have said something in this turn."""
        return sorted((index, choice) for index, choice in self._whole.choices.items() if not choice.turn_over)

    def _messages(self) -> list[BaseStreamChunk]:
        messages = ((index, choice.message()) for index, choice in self._choices())
        return [
            TextStreamChunk(type=_T.COMPLETE_MESSAGE, complete_message=message, choice_index=index or None)
            for index, message in messages
            if message["content"] and index not in self._told
        ]
