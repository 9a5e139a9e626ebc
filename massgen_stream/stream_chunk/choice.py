"""One choice or candidate of a stream while it grows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from .kinds import ChunkType
from .message_parts import CallPart, Part, Pieces, ReasoningPart, RecordPart, TextPart
from .text import TextStreamChunk

Data = dict[str, Any]
_RECORD_FIELDS = (
    "tool_call_id",
    "tool_name",
    "arguments",
    "status",
    "content",
    "attachments",
    "is_error",
    "provider_data",
)


class Choice:
    """Text, reasoning, calls and message of one choice.

    Attributes:
        finish_reason: Why it ended, in our word; None until then.
        raw_finish_reason: The same in the vendor's word.
        turn_over: Whether its latest turn has ended, and nothing of another has come.
    """

    def __init__(self) -> None:
        self.finish_reason: str | None = None
        self.raw_finish_reason: str | None = None
        self._parts: list[Part] = []
        self._turn_start = 0
        self.turn_over = False
        self._last: Any = None
        self._items: dict[tuple[str, str], Any] = {}
        self._calls: dict[str, CallPart] = {}
        self._records: dict[tuple[str, str], RecordPart] = {}
        self._client_calls: set[str] = set()

    def feed(self, chunk: TextStreamChunk) -> None:
        """Take a chunk of text, reasoning or tools."""
        if self.turn_over:
            self._start_turn()
        if chunk.type is ChunkType.CONTENT:
            last = self._last
            if last.__class__ is not TextPart or last.item_id != chunk.item_id or last.kind != "text":
                last = self._text_part("text", chunk)
            last.pieces.append(chunk.content or "")
            if chunk.provider_data:
                last.data.append(chunk.provider_data)
        else:
            self._TAKE[chunk.type](self, chunk)

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

    def is_client_call(self, call_id: str) -> bool:
        """Return whether that call is one of the client's own tools."""
        return call_id in self._client_calls

    def open_calls(self) -> list[Data]:
        """Return the calls of this turn that no `tool_calls` chunk has completed."""
        return [part.call() for part in self._turn() if isinstance(part, CallPart) and part.final is None]

    def open_reasoning(self) -> dict[str | None, str]:
        """Return the reasoning of this turn, joined, by item id."""
        texts: dict[str | None, list[str]] = {}
        for part in self._turn():
            if isinstance(part, ReasoningPart):
                texts.setdefault(part.item_id, []).append(part.pieces.join())
        return {item_id: "".join(pieces) for item_id, pieces in texts.items()}

    def message(self) -> Data:
        """Return the neutral assistant message of the latest turn."""
        parts = (part.neutral() for part in self._turn())
        return {"role": "assistant", "content": [part for part in parts if part is not None]}

    def _turn(self) -> list[Part]:
        return self._parts[self._turn_start :]

    def _start_turn(self) -> None:
        self._turn_start, self.turn_over, self._last = len(self._parts), False, None
        self._items, self._calls, self._records = {}, {}, {}

    def _open(self, part: Any) -> Any:
        self._parts.append(part)
        self._last = part
        return part

    def _text_part(self, kind: str, chunk: TextStreamChunk) -> TextPart:
        part = self._known(kind, chunk.item_id)
        if part is None:
            part = self._open(TextPart(kind, chunk.item_id, chunk.phase))
            self._remember(kind, chunk.item_id, part)
        return part  # type: ignore[no-any-return]

    def _known(self, kind: str, item_id: str | None) -> Any:
        """The part that a delta extends: that of its item, else the one before it if that is of its kind."""
        if item_id is not None:
            part = self._items.get((kind, item_id))
        else:
            part = (
                self._last if self._last is not None and (self._last.kind, _item(self._last)) == (kind, None) else None
            )
        if part is not None:
            self._last = part
        return part

    def _remember(self, kind: str, item_id: str | None, part: Any) -> None:
        if item_id is not None:
            self._items[kind, item_id] = part

    def _take_refusal(self, chunk: TextStreamChunk) -> None:
        self._text_part("refusal", chunk).pieces.append(chunk.content or "")

    def _reasoning_part(self, chunk: TextStreamChunk) -> ReasoningPart:
        part = self._known("reasoning", chunk.item_id)
        if part is None:
            part = self._open(ReasoningPart(chunk.item_id))
            self._remember("reasoning", chunk.item_id, part)
        if chunk.provider_data:
            part.data.append(chunk.provider_data)
        return part  # type: ignore[no-any-return]

    def _take_reasoning(self, chunk: TextStreamChunk) -> None:
        self._reasoning_part(chunk).pieces.append(chunk.reasoning_delta or "")

    def _take_reasoning_done(self, chunk: TextStreamChunk) -> None:
        self._finish(chunk, chunk.reasoning_text, lambda part: part.pieces)

    def _take_summary(self, chunk: TextStreamChunk) -> None:
        self._reasoning_part(chunk).summary(chunk.summary_index).append(chunk.reasoning_summary_delta or "")

    def _take_summary_done(self, chunk: TextStreamChunk) -> None:
        self._finish(chunk, chunk.reasoning_summary_text, lambda part: part.summary(chunk.summary_index))

    def _finish(self, chunk: TextStreamChunk, text: str | None, pieces_of: Callable[[ReasoningPart], Pieces]) -> None:
        """A final without deltas brings its text; with deltas, they stand and it brings only data."""
        held = [part for part in self._turn() if isinstance(part, ReasoningPart) and part.item_id == chunk.item_id]
        part = held[-1] if held else self._reasoning_part(chunk)
        if held and chunk.provider_data:
            part.data.append(chunk.provider_data)
        if not any(pieces_of(one).join() for one in held):
            pieces_of(part).append(text or "")

    def _call(self, call_id: str) -> CallPart:
        part = self._calls.get(call_id)
        if part is None:
            part = self._calls[call_id] = self._open(CallPart(call_id))
            self._client_calls.add(call_id)
        self._last = part
        return part

    def _take_call_delta(self, chunk: TextStreamChunk) -> None:
        part = self._call(chunk.tool_call_id or "")
        part.pieces.append(chunk.arguments_delta or "")
        part.name = part.name or chunk.tool_name or ""

    def _take_calls(self, chunk: TextStreamChunk) -> None:
        for call in chunk.tool_calls or ():
            self._call(str(call.get("id", ""))).final = call

    def _take_record(self, chunk: TextStreamChunk) -> None:
        fields = chunk.set_fields()
        key = (chunk.type.value, chunk.tool_call_id or "")
        part = self._records.get(key)
        if part is None:
            part = self._records[key] = self._open(RecordPart(chunk.type.value))
        part.update({name: fields[name] for name in _RECORD_FIELDS if name in fields})

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


def _item(part: Any) -> str | None:
    return getattr(part, "item_id", None)
