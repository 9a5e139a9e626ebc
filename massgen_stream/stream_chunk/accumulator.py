"""The one place that knows how deltas become a message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from .base import BaseStreamChunk
from .choice import Choice
from .kinds import ChunkType
from .media_item import MediaItem
from .multimodal import MultimodalStreamChunk
from .odd_values import dicts_in
from .text import TextStreamChunk

Data = dict[str, Any]
_PARTS: Final = (
    ChunkType.CONTENT, ChunkType.REFUSAL, ChunkType.REASONING, ChunkType.REASONING_DONE, ChunkType.REASONING_SUMMARY,
    ChunkType.REASONING_SUMMARY_DONE, ChunkType.TOOL_CALL_DELTA, ChunkType.TOOL_CALLS, ChunkType.SERVER_TOOL_CALL,
)  # fmt: skip
_FAILED: Final = frozenset(("error", "incomplete", "cancelled"))


class Accumulator:
    """Builds text, calls, media, usage and the message from the chunks of a stream.

    Feed it every chunk, in order; read it at any time. A chunk whose sequence number was fed before is skipped, so a
    resumed stream may overlap. Feeding is linear in everything; reading joins what is new. Flat attributes follow
    choice 0; `choices` has the others. Of a merged stream give each source an accumulator of its own.

    Attributes:
        choices: `Choice` by index.
        media: `MediaItem` by media id.
        tool_results: Results in order of arrival, a preliminary one replaced by the next of its call.
        citations: Citations in order of arrival.
        usage: The latest report, or None.
        usage_source: Where it comes from, once the stream has ended.
        finish_reason: Why the stream, or until then its last turn, ended.
        raw_finish_reason: The same in the vendor's word.
        error: The text of the first error, or None.
        error_info: What else was said of it.
        provider, model, response_id: From the latest `start`.
    """

    def __init__(self) -> None:
        self.choices: dict[int, Choice] = {0: Choice()}
        self.media: dict[str, MediaItem] = {}
        self.citations: list[Data] = []
        self.usage: Data | None = None
        self.usage_source: str | None = None
        self.finish_reason: str | None = None
        self.raw_finish_reason: str | None = None
        self.error: str | None = None
        self.error_info: Data | None = None
        self.provider: str | None = None
        self.model: str | None = None
        self.response_id: str | None = None
        self._results: dict[str, Data] = {}
        self._ended = False
        self._nameless = 0
        self._stream_id: str | None = None
        self._last_number = -1

    def feed(self, chunk: BaseStreamChunk) -> None:
        """Take the next chunk."""
        number = chunk.sequence_number
        if number is not None:
            if chunk.stream_id != self._stream_id:
                self._stream_id = chunk.stream_id
            elif number <= self._last_number:
                return
            self._last_number = number
        take = self._TAKE.get(chunk.type)
        if take is not None:
            take(self, chunk)

    @property
    def text(self) -> str:
        """Visible text of choice 0, over all turns."""
        return self.choices[0].text

    @property
    def reasoning(self) -> str:
        """Reasoning of choice 0."""
        return self.choices[0].reasoning

    @property
    def reasoning_summary(self) -> str:
        """Summaries of the reasoning of choice 0."""
        return self.choices[0].reasoning_summary

    @property
    def refusal(self) -> str:
        """Refusal of choice 0."""
        return self.choices[0].refusal

    @property
    def tool_calls(self) -> list[Data]:
        """Calls of the client's tools; one that is not complete yet says so under ``invalid``."""
        return self.choices[0].tool_calls

    @property
    def tool_results(self) -> list[Data]:
        """Results of tools."""
        return list(self._results.values())

    @property
    def complete(self) -> bool:
        """Whether the stream has ended, and not by a cut, an error or a cancel."""
        return self._ended and self.finish_reason not in _FAILED

    def message(self) -> Data:
        """Return the neutral assistant message of the latest turn of choice 0, its parts in order of arrival."""
        return self.choices[0].message()

    def _choice(self, chunk: TextStreamChunk) -> Choice:
        index = chunk.choice_index or 0
        choice = self.choices.get(index)
        if choice is None:
            choice = self.choices[index] = Choice()
        return choice

    def _take_part(self, chunk: TextStreamChunk) -> None:
        self._choice(chunk).feed(chunk)

    def _take_start(self, chunk: TextStreamChunk) -> None:
        self.provider = chunk.provider or self.provider
        self.model = chunk.model or self.model
        self.response_id = chunk.response_id or self.response_id

    def _take_result(self, chunk: TextStreamChunk) -> None:
        if chunk.tool_call_id is not None:
            fields = chunk.set_fields()
            names = ("tool_call_id", "tool_name", "content", "attachments", "is_error", "preliminary", "provider_data")
            self._results[chunk.tool_call_id] = {name: fields[name] for name in names if name in fields}
        if not any(choice.is_client_call(chunk.tool_call_id or "") for choice in self.choices.values()):
            self._choice(chunk).feed(chunk)  # only what the vendor ran belongs to the assistant's message

    def _take_citation(self, chunk: TextStreamChunk) -> None:
        self.citations.append(chunk.citation or {})

    def _take_usage(self, chunk: TextStreamChunk) -> None:
        self.usage = chunk.usage or self.usage

    def _take_error(self, chunk: TextStreamChunk) -> None:
        if self.error is None:
            self.error, self.error_info = chunk.error, chunk.error_info

    def _take_media(self, chunk: MultimodalStreamChunk) -> None:
        media_id = self._unnamed() if chunk.media_id is None else chunk.media_id
        item = self.media.get(media_id)
        if item is None:
            item = self.media[media_id] = MediaItem(media_id)
            self.choices[0].hold(item)
        item.feed(chunk)

    def _unnamed(self) -> str:
        """Return an id for a medium without one: it stands alone, since nothing can continue it."""
        self._nameless += 1
        return f"unnamed-{self._nameless}"

    def _take_turn_done(self, chunk: TextStreamChunk) -> None:
        self.finish_reason, self.raw_finish_reason = chunk.finish_reason, chunk.raw_finish_reason
        self.usage = chunk.usage or self.usage
        self.usage_source = chunk.usage_source or self.usage_source
        self.choices[0].end(chunk.finish_reason, chunk.raw_finish_reason)
        rows = {row.get("index"): row for row in dicts_in((chunk.finish_details or {}).get("choices"))}
        for index, choice in self.choices.items():
            if index and not choice.turn_over:
                row = rows.get(index, {})
                choice.end(row.get("finish_reason"), row.get("raw_finish_reason"))

    def _take_done(self, chunk: TextStreamChunk) -> None:
        self._take_turn_done(chunk)
        self._ended = True

    _TAKE: ClassVar[Mapping[str, Callable[[Accumulator, Any], None]]] = {
        **dict.fromkeys(_PARTS, _take_part),
        ChunkType.START: _take_start,
        ChunkType.TOOL_RESULT: _take_result,
        ChunkType.CITATION: _take_citation,
        ChunkType.USAGE: _take_usage,
        ChunkType.ERROR: _take_error,
        ChunkType.MEDIA: _take_media,
        ChunkType.TURN_DONE: _take_turn_done,
        ChunkType.DONE: _take_done,
    }
