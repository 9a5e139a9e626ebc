"""One choice or candidate of a stream while it grows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from .call_arguments import settled_call
from .final_texts import FinalTexts, Settled
from .kinds import ChunkType
from .media_item import MediaItem
from .message_parts import CallPart, Part, ReasoningPart, RecordPart, TextPart
from .text import TextStreamChunk

Data = dict[str, Any]
_RECORD_FIELDS: Final = (
    "tool_call_id", "tool_name", "arguments", "status", "content", "attachments", "is_error", "provider_data",
)  # fmt: skip
_CONTENT: Final = ChunkType.CONTENT  # looking a member up costs more than the test that it serves


class Choice:
    """Text, reasoning, calls and message of one choice.

    Attributes:
        finish_reason: Why it ended, in our word; None until then.
        raw_finish_reason: The same in the vendor's word.
        turn_over: Whether its latest turn has ended, and nothing of another has come.
        reasoning_texts: Reasoning of the latest turn, by item and `content_index`.
        summary_texts: Summaries of the latest turn, by item and `summary_index`.
    """

    def __init__(self) -> None:
        self.finish_reason: str | None = None
        self.raw_finish_reason: str | None = None
        self.turn_over = False
        self.reasoning_texts, self.summary_texts = FinalTexts(), FinalTexts()
        self._parts: list[Part] = []
        self._turn_start = 0
        self._last: Any = None
        self._items: dict[tuple[str, str | None], Any] = {}
        self._calls: dict[str, CallPart] = {}
        self._records: dict[tuple[str, str], RecordPart] = {}
        self._client_calls: set[str] = set()

    def feed(self, chunk: TextStreamChunk) -> None:
        """Take a chunk of text, reasoning or tools."""
        if self.turn_over:
            self._start_turn()
        if chunk.type is _CONTENT:
            last = self._last
            if last.__class__ is not TextPart or last.item_id != chunk.item_id or last.kind != "text":
                last = self._text_part("text", chunk)
            last.pieces.append(chunk.content or "")
            if chunk.provider_data:
                last.data.append(chunk.provider_data)
        else:
            self._TAKE[chunk.type](self, chunk)

    def hold(self, medium: MediaItem) -> None:
        """A medium has begun: its part stands here in the message."""
        if self.turn_over:
            self._start_turn()
        self._open(medium)

    def end(self, finish_reason: str | None, raw_finish_reason: str | None) -> None:
        """The turn has ended; the next chunk starts another message."""
        self.finish_reason, self.raw_finish_reason = finish_reason, raw_finish_reason
        self.turn_over = True

    @property
    def text(self) -> str:
        """Visible text over all turns."""
        return "".join(part.pieces.join() for part in self._parts if isinstance(part, TextPart) and part.kind == "text")

    @property
    def refusal(self) -> str:
        """Text of refusals."""
        kind = "refusal"
        return "".join(part.pieces.join() for part in self._parts if isinstance(part, TextPart) and part.kind == kind)

    @property
    def reasoning(self) -> str:
        """Text of the reasoning."""
        return "".join(part.pieces.join() for part in self._parts if isinstance(part, ReasoningPart))

    @property
    def reasoning_summary(self) -> str:
        """Text of the summaries of the reasoning."""
        return "".join(part.summary_text() for part in self._parts if isinstance(part, ReasoningPart))

    @property
    def tool_calls(self) -> list[Data]:
        """Calls over all turns, in order of arrival."""
        return [part.call() for part in self._parts if isinstance(part, CallPart)]

    @property
    def called(self) -> bool:
        """Whether this turn has a complete and valid call."""
        return any(part.final is not None and "invalid" not in part.final for part in self.calls_of_turn())

    @property
    def refused(self) -> bool:
        """Whether this turn has text of a refusal."""
        parts = [] if self.turn_over else self._parts[self._turn_start :]
        return any(isinstance(part, TextPart) and part.kind == "refusal" and part.pieces.join() for part in parts)

    def is_client_call(self, call_id: str) -> bool:
        """Return whether that call is one of the client's own tools."""
        return call_id in self._client_calls

    def call_part(self, call_id: str) -> CallPart | None:
        """Return what is known of a call of this turn."""
        return None if self.turn_over else self._calls.get(call_id)

    def calls_of_turn(self) -> list[CallPart]:
        """Return the calls of this turn in order of arrival."""
        return [] if self.turn_over else list(self._calls.values())

    def open_calls(self, *, whole: bool) -> list[Data]:
        """Return the calls of this turn that no `tool_calls` chunk has completed, complete.

        Args:
            whole: Whether the vendor finished the turn.
        """
        return [settled_call(part.told(), whole=whole) for part in self.calls_of_turn() if part.final is None]

    def message(self) -> Data:
        """Return the neutral assistant message of the latest turn."""
        parts = (part.neutral() for part in self._parts[self._turn_start :])
        return {"role": "assistant", "content": [part for part in parts if part is not None]}

    def _start_turn(self) -> None:
        self._turn_start, self.turn_over, self._last = len(self._parts), False, None
        self._items, self._calls, self._records = {}, {}, {}
        self.reasoning_texts, self.summary_texts = FinalTexts(), FinalTexts()

    def _open(self, part: Any) -> Any:
        self._parts.append(part)
        self._last = part
        return part

    def _text_part(self, kind: str, chunk: TextStreamChunk) -> TextPart:
        part = self._known(kind, chunk.item_id)
        if part is None:
            part = self._items[kind, chunk.item_id] = self._open(TextPart(kind, chunk.item_id, chunk.phase))
        return part  # type: ignore[no-any-return]

    def _known(self, kind: str, item_id: str | None) -> Any:
        """The part that a delta extends: that of its item; without one the part before it, if that is of its kind."""
        part = self._items.get((kind, item_id))
        if item_id is None and part is not self._last:
            return None
        self._last = part if part is not None else self._last
        return part

    def _take_refusal(self, chunk: TextStreamChunk) -> None:
        self._text_part("refusal", chunk).pieces.append(chunk.content or "")

    def _reasoning_part(self, item_id: str | None) -> ReasoningPart:
        part = self._known("reasoning", item_id)
        if part is None:
            part = self._items["reasoning", item_id] = self._open(ReasoningPart(item_id))
        return part  # type: ignore[no-any-return]

    def _take_reasoning(self, chunk: TextStreamChunk) -> None:
        text = chunk.reasoning_delta or ""
        self.reasoning_texts.add(chunk.item_id, chunk.content_index, text)
        part = self._reasoning_part(chunk.item_id)
        part.pieces.append(text)
        part.keep(chunk.provider_data)

    def _take_summary(self, chunk: TextStreamChunk) -> None:
        text = chunk.reasoning_summary_delta or ""
        self.summary_texts.add(chunk.item_id, chunk.summary_index, text)
        part = self._reasoning_part(chunk.item_id)
        part.summary(chunk.summary_index).append(text)
        part.keep(chunk.provider_data)

    def _take_reasoning_done(self, chunk: TextStreamChunk) -> None:
        settled = self.settled_reasoning(chunk)
        self.reasoning_texts.add(chunk.item_id, chunk.content_index, settled.delta)
        self.reasoning_texts.close(chunk.item_id, chunk.content_index)
        part = self._finished_part(chunk.item_id, settled)
        part.pieces.append(settled.delta)
        part.keep(chunk.provider_data)

    def _take_summary_done(self, chunk: TextStreamChunk) -> None:
        settled = self.settled_summary(chunk)
        self.summary_texts.add(chunk.item_id, chunk.summary_index, settled.delta)
        self.summary_texts.close(chunk.item_id, chunk.summary_index)
        part = self._finished_part(chunk.item_id, settled)
        part.summary(chunk.summary_index).append(settled.delta)
        part.keep(chunk.provider_data)

    def settled_reasoning(self, chunk: TextStreamChunk) -> Settled:
        """Return what a `reasoning_done`, which has not been fed, comes to."""
        if self.turn_over:
            return Settled(chunk.reasoning_text or "", chunk.reasoning_text or "")
        return self.reasoning_texts.settle(chunk.item_id, chunk.content_index, chunk.reasoning_text or "")

    def settled_summary(self, chunk: TextStreamChunk) -> Settled:
        """Return what a `reasoning_summary_done`, which has not been fed, comes to."""
        if self.turn_over:
            return Settled(chunk.reasoning_summary_text or "", chunk.reasoning_summary_text or "")
        return self.summary_texts.settle(chunk.item_id, chunk.summary_index, chunk.reasoning_summary_text or "")

    def _finished_part(self, item_id: str | None, settled: Settled) -> ReasoningPart:
        """The part that a final belongs to: the latest of its item, unless all of its text is new."""
        part = self._items.get(("reasoning", item_id))
        if part is None or (item_id is None and settled.delta and settled.delta == settled.text):
            return self._reasoning_part(item_id)
        return part  # type: ignore[no-any-return]

    def _call(self, call_id: str) -> CallPart:
        part = self._calls.get(call_id)
        if part is None:
            part = self._calls[call_id] = self._open(CallPart(call_id))
            self._client_calls.add(call_id)
        self._last = part
        return part

    def _take_call_delta(self, chunk: TextStreamChunk) -> None:
        part = self._call(chunk.tool_call_id or "")
        part.announced = True
        part.pieces.append(chunk.arguments_delta or "")
        part.name = part.name or chunk.tool_name or ""

    def _take_calls(self, chunk: TextStreamChunk) -> None:
        for call in chunk.tool_calls or ():
            self._call(str(call.get("id", ""))).final = call

    def _take_record(self, chunk: TextStreamChunk) -> None:
        said = chunk.set_fields()
        fields = {name: said[name] for name in _RECORD_FIELDS if name in said}
        key = (chunk.type.value, chunk.tool_call_id or "")
        part = self._records.get(key)
        if part is None:
            part = self._records[key] = self._open(RecordPart(chunk.type.value))
        if chunk.type is ChunkType.TOOL_RESULT:
            part.fields = fields
        else:
            part.fields |= fields  # what a later state of a call leaves out stays

    _TAKE: ClassVar[Mapping[str, Callable[[Choice, TextStreamChunk], None]]] = {
        ChunkType.REFUSAL: _take_refusal,
        ChunkType.REASONING: _take_reasoning,
        ChunkType.REASONING_DONE: _take_reasoning_done,
        ChunkType.REASONING_SUMMARY: _take_summary,
        ChunkType.REASONING_SUMMARY_DONE: _take_summary_done,
        ChunkType.TOOL_CALL_DELTA: _take_call_delta,
        ChunkType.TOOL_CALLS: _take_calls,
        ChunkType.SERVER_TOOL_CALL: _take_record,
        ChunkType.TOOL_RESULT: _take_record,
    }
