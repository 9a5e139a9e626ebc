"""Chunks as the encoder wants them: each with its item, and each item with its end.

Scripts and default answers say neither; OpenAI's streams tell both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.text import TextStreamChunk
from .ids import ENCRYPTED, encrypted, item_id
from .response_ask import ResponseAsk

Data = dict[str, Any]
Chunks = Iterator[BaseStreamChunk]
_T = ChunkType
_PROTOCOL = "openai.responses"
_SPOKEN = frozenset((_T.CONTENT, _T.REFUSAL, _T.CITATION))
_THOUGHT = frozenset((_T.REASONING, _T.REASONING_DONE, _T.REASONING_SUMMARY, _T.REASONING_SUMMARY_DONE))


class ItemEnds:
    """The items of one answer while it is told.

    Args:
        ask: The request.
    """

    def __init__(self, ask: ResponseAsk) -> None:
        self._ask = ask
        self._response_id, self._count = "resp_sim", 0
        self._message: str | None = None
        self._step: _Step | None = None
        self._calls: dict[str, _Call] = {}
        self._is_cut = False

    def feed(self, chunk: BaseStreamChunk) -> Chunks:
        """Yield *chunk* with its item, after the ends of the items before it."""
        if not isinstance(chunk, TextStreamChunk):
            yield from self._end(None)
            yield chunk
            return
        self._is_cut = chunk.type is _T.DONE and chunk.finish_reason == "length"
        if chunk.type is _T.START:
            self._response_id = chunk.response_id or self._response_id
        if chunk.type in (_T.START, _T.ERROR, _T.BACKEND_STATUS, _T.USAGE):
            yield chunk
        elif chunk.type in _SPOKEN:
            yield from self._spoken(chunk)
        elif chunk.type in _THOUGHT:
            yield from self._thought(chunk)
        elif chunk.type is _T.TOOL_CALL_DELTA:
            yield from self._called(chunk)
        else:
            self._calls = {} if chunk.type is _T.TOOL_CALLS else self._calls
            yield from self._end(None)
            yield chunk

    def _new(self, prefix: str) -> str:
        self._count += 1
        return item_id(prefix, self._response_id, self._count - 1)

    def _spoken(self, chunk: TextStreamChunk) -> Chunks:
        yield from self._end("message")
        self._message = chunk.item_id or self._message or self._new("msg")
        yield replace(chunk, item_id=self._message)

    def _thought(self, chunk: TextStreamChunk) -> Chunks:
        yield from self._end("step")
        if self._step is None:
            self._step = _Step(chunk.item_id or self._new("rs"))
        self._step.take(chunk)
        yield replace(chunk, item_id=self._step.id)

    def _called(self, chunk: TextStreamChunk) -> Chunks:
        call_id = chunk.tool_call_id or ""
        yield from self._end(call_id)
        if call_id not in self._calls:
            self._calls[call_id] = _Call(self._new("fc"), chunk.tool_name or "")
        self._calls[call_id].arguments += chunk.arguments_delta or ""
        yield chunk

    def _end(self, kept: str | None) -> Chunks:
        """Yield the ends of all open items but the one that goes on."""
        if kept != "message":
            self._message = None
        if kept != "step" and self._step is not None:
            step, self._step = self._step, None
            yield from step.end(is_encrypted=ENCRYPTED in self._ask.include)
        ended = {call_id: call for call_id, call in self._calls.items() if call_id != kept}
        for call_id, call in ended.items():
            del self._calls[call_id]
            kind = "custom" if call.name in self._ask.custom else "function"
            yield call.end(call_id, kind, is_cut=self._is_cut)


class _Step:
    """A step of reasoning."""

    def __init__(self, step_id: str) -> None:
        self.id = step_id
        self._text = self._summary = ""
        self._is_whole = False

    def take(self, chunk: TextStreamChunk) -> None:
        self._text += chunk.reasoning_delta or ""
        self._summary += chunk.reasoning_summary_delta or ""
        self._is_whole = self._is_whole or bool(chunk.provider_data)

    def end(self, *, is_encrypted: bool) -> Chunks:
        if self._is_whole:
            return
        item: Data = {"id": self.id, "type": "reasoning", "summary": []}
        if self._summary:
            item["summary"] = [{"type": "summary_text", "text": self._summary}]
            yield TextStreamChunk(
                type=_T.REASONING_SUMMARY_DONE,
                reasoning_summary_text=self._summary,
                summary_index=0,
                item_id=self.id,
            )
        if self._text:
            item["content"] = [{"type": "reasoning_text", "text": self._text}]
        if is_encrypted:
            item["encrypted_content"] = encrypted(self.id)
        data = {_PROTOCOL: {"item": item}}
        yield TextStreamChunk(type=_T.REASONING, reasoning_delta="", item_id=self.id, provider_data=data)


class _Call:
    """A call of one of the client's tools."""

    def __init__(self, own_id: str, name: str) -> None:
        self.name, self.arguments = name, ""
        self._id = own_id

    def end(self, call_id: str, kind: str, *, is_cut: bool) -> TextStreamChunk:
        call: Data = {"id": call_id, "name": self.name, "arguments": self.arguments, "kind": kind}
        call["provider_data"] = {_PROTOCOL: {"item": {"id": self._id}}}
        if is_cut:
            call["invalid"] = {"reason": "cut_off"}
        return TextStreamChunk(type=_T.TOOL_CALLS, tool_calls=[call])
