"""What one source of a stream has said, and the finals that it owes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec.structs import replace

from .accumulator import Accumulator
from .base import BaseStreamChunk
from .choice import Choice
from .kinds import ChunkType, MediaEncoding
from .media_finals import MediaFinals
from .multimodal import MultimodalStreamChunk
from .settled_finals import settled_calls, settled_reasoning, settled_summary
from .settled_message import settled_message
from .text import TextStreamChunk

_T = ChunkType
Data = dict[str, Any]
_CUT: Final = frozenset(("error", "incomplete", "cancelled"))
"""Ends after which media stay open."""
_WHOLE: Final = frozenset(("stop", "tool_calls", "refusal", "other"))
"""Ends after which the answer is whole."""
_INLINE: Final = (MediaEncoding.BINARY, MediaEncoding.BASE64)
_SETTLE: Final[Mapping[ChunkType, Callable[[TextStreamChunk, Choice], list[BaseStreamChunk]]]] = {
    _T.REASONING_DONE: settled_reasoning,
    _T.REASONING_SUMMARY_DONE: settled_summary,
    _T.TOOL_CALLS: settled_calls,
}


class SourceFinals:
    """Settles the finals of one source with its deltas, and makes those that did not come.

    Attributes:
        failed: Whether the turn has an `error` chunk, other than one about a single tool or medium.
    """

    def __init__(self) -> None:
        self.failed = self._begun = False
        self._media = MediaFinals()
        self._whole = Accumulator()
        self._choices = self._whole.choices
        self._told: set[int] = set()

    @property
    def usage(self) -> Data | None:
        """The latest usage report of the turn."""
        return self._whole.usage

    @property
    def begun(self) -> bool:
        """Whether anything of a turn has come that has not ended."""
        return self._begun or bool(self._open_choices())

    def results(self) -> list[Data]:
        """Return a summary of each medium that the turn has finished."""
        return self._media.results

    def say(self, chunk: Any) -> None:
        """Take a `content` chunk that has passed; most chunks are such."""
        (self._choices.get(chunk.choice_index or 0) or self._choice(chunk.choice_index)).feed(chunk)

    def settle(self, chunk: BaseStreamChunk) -> list[BaseStreamChunk]:
        """Return what to pass for *chunk*: a final comes with a last delta, or with a status where it contradicts."""
        if isinstance(chunk, MultimodalStreamChunk):
            return self._media.settle(chunk)
        if not isinstance(chunk, TextStreamChunk):
            return [chunk]
        if chunk.type is _T.COMPLETE_MESSAGE:
            return self._message(chunk)
        settle = _SETTLE.get(chunk.type)
        return [chunk] if settle is None else settle(chunk, self._choice(chunk.choice_index))

    def take(self, chunk: BaseStreamChunk) -> None:
        """Take a chunk that has passed."""
        self._begun = True
        if isinstance(chunk, MultimodalStreamChunk):
            chunk = _without_bytes(chunk)
        elif chunk.type is _T.ERROR and isinstance(chunk, TextStreamChunk):
            self.failed = self.failed or (chunk.tool_call_id is None and chunk.media_id is None)
        elif chunk.type is _T.COMPLETE_MESSAGE and isinstance(chunk, TextStreamChunk):
            self._told.add(chunk.choice_index or 0)
        self._whole.feed(chunk)

    def finals(self, reason: str) -> Iterator[BaseStreamChunk]:
        """Yield what a turn that ends with *reason* owes; each must be taken before the next is asked for."""
        for index, choice in self._open_choices():
            yield from _open_finals(index or None, choice, whole=reason in _WHOLE)
        if reason not in _CUT:
            yield from self._media.open_finals()
        for index, choice in self._open_choices():
            message = choice.message()
            if message["content"] and index not in self._told:
                yield TextStreamChunk(type=_T.COMPLETE_MESSAGE, complete_message=message, choice_index=index or None)

    @property
    def called(self) -> bool:
        """Whether choice 0 of the turn has a valid call of a client's tool."""
        return self._choices[0].called

    @property
    def refused(self) -> bool:
        """Whether choice 0 of the turn has text of a refusal."""
        return self._choices[0].refused

    def end(self, chunk: TextStreamChunk) -> None:
        """The turn has ended with *chunk*."""
        self._whole.feed(chunk)
        self._whole.usage = None
        self._told.clear()
        self._media.results = []
        self.failed = self._begun = False

    def _choice(self, index: int | None) -> Choice:
        return self._choices.get(index or 0) or self._choices.setdefault(index or 0, Choice())

    def _open_choices(self) -> list[tuple[int, Choice]]:
        """Return the choices that have said something in this turn."""
        return sorted((index, choice) for index, choice in self._choices.items() if not choice.turn_over)

    def _message(self, chunk: TextStreamChunk) -> list[BaseStreamChunk]:
        """A message comes once, after the finals of its choice."""
        if (chunk.choice_index or 0) in self._told:
            return []
        choice = self._choice(chunk.choice_index)
        finals = [replace(final, source=chunk.source) for final in _open_finals(chunk.choice_index, choice, whole=True)]
        return [*finals, *settled_message(chunk, choice)]


def ended_for(reason: str, ending: Iterable[SourceFinals]) -> str:
    """Return why a turn ended: what came in it wins over a *reason* that does not tell of it."""
    sources = list(ending)
    if reason not in _CUT and any(source.failed for source in sources):
        return "error"
    if reason in _WHOLE and any(source.called for source in sources):
        return "tool_calls"
    return "refusal" if reason in _WHOLE and any(source.refused for source in sources) else reason


def _open_finals(index: int | None, choice: Choice, *, whole: bool) -> Iterator[TextStreamChunk]:
    """Yield the finals of one choice that have not come."""
    for item_id, part, text in list(choice.reasoning_texts.open()):
        yield TextStreamChunk(
            type=_T.REASONING_DONE, reasoning_text=text, item_id=item_id, content_index=part, choice_index=index
        )
    for item_id, part, text in list(choice.summary_texts.open()):
        yield TextStreamChunk(
            type=_T.REASONING_SUMMARY_DONE,
            reasoning_summary_text=text,
            item_id=item_id,
            summary_index=part,
            choice_index=index,
        )
    calls = choice.open_calls(whole=whole)
    if calls:
        yield TextStreamChunk(type=_T.TOOL_CALLS, tool_calls=calls, choice_index=index)


def _without_bytes(chunk: MultimodalStreamChunk) -> MultimodalStreamChunk:
    """Media would fill the memory; a message names them where it can do so without their bytes."""
    if chunk.media_data is None or chunk.media_encoding not in _INLINE:
        return chunk
    return replace(chunk, media_data=None, media_encoding=None)
