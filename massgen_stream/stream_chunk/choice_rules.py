"""The rules for one choice of one turn: deltas, calls and the complete message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Final

from .grammar import Faults
from .kinds import ChunkType
from .odd_values import Item, dicts_in, key_of, shown, text_of
from .running_text import ItemTexts, RunningText
from .text import TextStreamChunk

_PARTS: Final = frozenset((
    ChunkType.CONTENT, ChunkType.REFUSAL, ChunkType.REASONING, ChunkType.REASONING_SUMMARY,
    ChunkType.TOOL_CALL_DELTA, ChunkType.TOOL_CALLS,
))  # fmt: skip
"""What a complete message holds, so that nothing of it may follow."""


class DeltasOfItems:
    """Deltas of one kind and the finals that must equal them."""

    __slots__ = ("_open", "turn")

    def __init__(self) -> None:
        self.turn = ItemTexts()
        self._open: defaultdict[tuple[Item, Item], RunningText] = defaultdict(RunningText)

    def add(self, item: Item, part: Item, text: str) -> None:
        """Take a delta of *part* of *item*."""
        self.turn.add(item, text)
        self._open[item, part].add(text)

    def equals(self, item: Item, part: Item, text: str) -> bool:
        """Return whether *text* is what came since the last final; without *part* it may be the whole item."""
        since = self._open.pop((item, part), None) or RunningText()
        return since.equals([text]) or (part is None and self.turn.item(item).equals([text]))


class CallState:
    """A call of one of the client's tools."""

    __slots__ = ("announced", "deltas", "final")

    def __init__(self) -> None:
        self.deltas = RunningText()
        self.announced = self.final = False

    def agrees(self, arguments: str) -> bool:
        """Return whether the deltas, if there were any, concatenate to *arguments*."""
        if not self.announced or self.deltas.equals([arguments]):
            return True
        return arguments == "{}" and (self.deltas.length == 0 or self.deltas.equals(["null"]))


class ChoiceRules:
    """One choice of one turn.

    Attributes:
        refused: Whether it has text of a refusal.
        called: Whether it has a valid call.
    """

    def __init__(self) -> None:
        self.refused = self.called = False
        self._texts = {"text": ItemTexts(), "refusal": ItemTexts()}
        self._reasoning, self._summary = DeltasOfItems(), DeltasOfItems()
        self._calls: defaultdict[Item, CallState] = defaultdict(CallState)
        self._message = False

    def feed(self, chunk: TextStreamChunk) -> Faults:
        """Yield what *chunk* breaks."""
        if self._message and chunk.type in _PARTS:
            yield "message_late", f"{chunk.type.value} after the complete_message of its turn"
        take = self._TAKE.get(chunk.type)
        if take is not None:
            yield from take(self, chunk)

    def open_calls(self) -> list[str]:
        """Return the ids of calls that were announced and not completed."""
        return [shown(call_id) for call_id, call in self._calls.items() if not call.final]

    def _take_content(self, chunk: TextStreamChunk) -> Faults:
        self._texts["text"].add(key_of(chunk.item_id), text_of(chunk.content))
        return _none()

    def _take_refusal(self, chunk: TextStreamChunk) -> Faults:
        self._texts["refusal"].add(key_of(chunk.item_id), text_of(chunk.content))
        self.refused = self.refused or bool(chunk.content)
        return _none()

    def _take_reasoning(self, chunk: TextStreamChunk) -> Faults:
        self._reasoning.add(key_of(chunk.item_id), key_of(chunk.content_index), text_of(chunk.reasoning_delta))
        return _none()

    def _take_summary(self, chunk: TextStreamChunk) -> Faults:
        self._summary.add(key_of(chunk.item_id), key_of(chunk.summary_index), text_of(chunk.reasoning_summary_delta))
        return _none()

    def _take_reasoning_done(self, chunk: TextStreamChunk) -> Faults:
        text = text_of(chunk.reasoning_text)
        if not self._reasoning.equals(key_of(chunk.item_id), key_of(chunk.content_index), text):
            yield "reasoning", f"reasoning_text of item {shown(chunk.item_id)} is not the concatenation of its deltas"

    def _take_summary_done(self, chunk: TextStreamChunk) -> Faults:
        text = text_of(chunk.reasoning_summary_text)
        if not self._summary.equals(key_of(chunk.item_id), key_of(chunk.summary_index), text):
            what = f"reasoning_summary_text of item {shown(chunk.item_id)}"
            yield "reasoning_summary", f"{what} is not the concatenation of its deltas"

    def _take_call_delta(self, chunk: TextStreamChunk) -> Faults:
        call = self._calls[key_of(chunk.tool_call_id)]
        if call.final:
            yield "call_late", f"delta of call {shown(chunk.tool_call_id)} after the complete call"
        call.announced = True
        call.deltas.add(text_of(chunk.arguments_delta))

    def _take_calls(self, chunk: TextStreamChunk) -> Faults:
        for data in dicts_in(chunk.tool_calls):
            call_id = key_of(data.get("id"))
            call = self._calls[call_id]
            if call.final:
                yield "call_twice", f"call {shown(call_id)} is complete for the second time"
            elif not call.agrees(text_of(data.get("arguments"))):
                yield "call_arguments", f"arguments of call {shown(call_id)} are not the concatenation of its deltas"
            call.final = True
            self.called = self.called or data.get("invalid") is None

    def _take_message(self, chunk: TextStreamChunk) -> Faults:
        if self._message:
            yield "message_twice", f"second complete_message of choice {shown(chunk.choice_index or 0)}"
            return
        self._message = True
        message = chunk.complete_message if isinstance(chunk.complete_message, dict) else {}
        yield from self._texts_of(message)
        calls = {
            key_of(call.get("id")) for call in [*_parts(message, "tool_call"), *dicts_in(message.get("tool_calls"))]
        }
        known = {call_id for call_id, call in self._calls.items() if call.final}
        if calls != known:
            yield "message_calls", f"complete_message has {len(calls)} calls, not the {len(known)} of its turn"

    def _texts_of(self, message: Mapping[str, Any]) -> Faults:
        for kind, texts in (*self._texts.items(), ("reasoning", self._reasoning.turn)):
            parts = [(key_of(part.get("item_id")), text_of(part.get("text"))) for part in _parts(message, kind)]
            if (parts or kind == "text") and not texts.equals(parts):
                yield "message_text", f"{kind} of the complete_message is not that of its turn"

    _TAKE: ClassVar[Mapping[str, Callable[[ChoiceRules, TextStreamChunk], Faults]]] = {
        ChunkType.CONTENT: _take_content,
        ChunkType.REFUSAL: _take_refusal,
        ChunkType.REASONING: _take_reasoning,
        ChunkType.REASONING_DONE: _take_reasoning_done,
        ChunkType.REASONING_SUMMARY: _take_summary,
        ChunkType.REASONING_SUMMARY_DONE: _take_summary_done,
        ChunkType.TOOL_CALL_DELTA: _take_call_delta,
        ChunkType.TOOL_CALLS: _take_calls,
        ChunkType.COMPLETE_MESSAGE: _take_message,
    }


def _parts(message: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    content = message.get("content")
    if isinstance(content, str):
        return [{"text": content}] if kind == "text" else []
    return [part for part in dicts_in(content) if part.get("type") == kind]


def _none() -> Iterator[tuple[str, str]]:
    return iter(())
