"""Chunks to Chat Completions bytes: what a server sends for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import literal_form
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..event_stream import DONE
from ..event_stream_encoder import Data, Events, EventStreamEncoder, Say, encode_document
from ..sse_encoder import encode_event
from .encoder_calls import CallEncoder
from .encoder_dropped import dropped_event
from .encoder_ends import finish_choices
from .encoder_extras import SourceEncoder, ToolEncoder, media_delta
from .encoder_losses import UNSAID, lost_fields
from .envelope import FIELDS
from .usage import raw_of

_T = ChunkType
_LATE: Final = frozenset((_T.USAGE, _T.TOOL_CALLS, _T.COMPLETE_RESPONSE, _T.DONE))
"""What a usage report lets pass, since servers send it last."""
_MADE: Final = frozenset((_T.BACKEND_STATUS,))
"""What is said in words of our own, NaN among them."""
_UNSAID_ENDS: Final = frozenset(("incomplete", "cancelled"))
"""Ends that a server tells by sending nothing more."""


class ChatEncoder(EventStreamEncoder):
    """Encodes one Chat Completions stream; keeps the laws of `massgen_stream.wire.base.Encoder`.

    Every event names the response's id and model, as OpenAI's do. One thing is never said again, and is a loss: an
    event over the decoder's limit.

    Attributes:
        losses: What could not be said, one line each.
        created: Unix time that the events name, until the stream itself says one.
    """

    UNSAID = UNSAID

    def __init__(self) -> None:
        super().__init__()
        self.created = 0
        self._head: Data = {"id": "", "object": "chat.completion.chunk", "model": ""}
        self._calls = CallEncoder()
        self._sources = SourceEncoder()
        self._tools = ToolEncoder()
        self._usage: object = None  # the latest that was said, or waits
        self._waiting: list[Data] = []

    def close(self) -> bytes:
        """Return what waited for the end; a stream without `done` is a cut one."""
        return self._waited()

    def _bytes(self, chunk: BaseStreamChunk, events: Events) -> bytes:
        literal = events if chunk.type in _MADE else [literal_form(event) for event in events]
        waiting = self._waited() if literal and chunk.type not in _LATE else b""
        return waiting + super()._bytes(chunk, literal)

    def _lost_fields(self, chunk: BaseStreamChunk) -> list[str]:
        return lost_fields(chunk)

    def _waited(self) -> bytes:
        """Return the usage report that waits for its place after the finish reasons."""
        waiting, self._waiting = self._waiting, []
        return b"".join(map(self._event, waiting))

    def _event(self, body: Data) -> bytes:
        self._said = True
        if "error" in body:
            return _error_event(body)
        document = {"created": self.created, **self._head, **body}
        return encode_document(document)

    def _delta(self, chunk: TextStreamChunk, delta: Data) -> Events:
        return [{"choices": [{"index": chunk.choice_index or 0, "delta": delta, "finish_reason": None}]}]

    def _opening(self, chunk: TextStreamChunk) -> Events:
        self._head |= {"id": chunk.response_id or "", "model": chunk.model or ""}
        return self._delta(chunk, {"role": "assistant", "content": ""})

    def _content(self, chunk: TextStreamChunk) -> Events:
        own = _own_data(chunk)
        parts = own.get("content_parts")
        if isinstance(parts, list):
            text = [{"type": "text", "text": chunk.content}] if chunk.content else []
            return self._delta(chunk, {"content": [*text, *parts]})
        extra = {"extra_content": own["extra_content"]} if "extra_content" in own else {}
        return self._delta(chunk, {"content": chunk.content, **extra})

    def _refusal(self, chunk: TextStreamChunk) -> Events:
        return self._delta(chunk, {"refusal": chunk.content})

    def _reasoning(self, chunk: TextStreamChunk) -> Events:
        own, text = _own_data(chunk), chunk.reasoning_delta
        if "reasoning_details" in own:
            said = {"reasoning": text} if text else {}
            return self._delta(chunk, {**said, "reasoning_details": own["reasoning_details"]})
        if "thinking_signature" in own:
            thought = [{"type": "text", "text": text}]
            part = {"type": "thinking", "thinking": thought, "signature": own["thinking_signature"]}
            return self._delta(chunk, {"content": [part]})
        return self._delta(chunk, {"reasoning_content": text})

    def _call_delta(self, chunk: TextStreamChunk) -> Events:
        return self._delta(chunk, {"tool_calls": [self._calls.piece(chunk)]})

    def _tool_calls(self, chunk: TextStreamChunk) -> Events:
        pieces = self._calls.rest(chunk)
        return self._delta(chunk, {"tool_calls": pieces}) if pieces else []

    def _server_tool(self, chunk: TextStreamChunk) -> Events:
        item = _own_data(chunk).get("executed_tool")
        if not isinstance(item, dict):
            return self._or_lose(chunk, None)
        return self._delta(chunk, {"executed_tools": [item]}) if self._tools.is_new(chunk, item) else []

    def _citation(self, chunk: TextStreamChunk) -> Events:
        citation = chunk.citation or {}
        listed = self._sources.lists(citation)
        if listed is not None:
            return [{"choices": [], **listed}]
        return self._delta(chunk, {"annotations": [self._sources.annotation(citation)]})

    def _usage_event(self, chunk: TextStreamChunk) -> Events:
        before, self._usage = self._waiting, raw_of(chunk.usage or {})
        self._waiting = [{"choices": [], "usage": self._usage}]
        return before

    def _media(self, chunk: MultimodalStreamChunk) -> Events:
        delta = media_delta(chunk)
        if delta is None:
            return self._or_lose(chunk, None)
        return [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}] if delta else []

    def _vendor_error(self, chunk: TextStreamChunk) -> Events:
        info = chunk.error_info or {}
        raw = info.get("raw")
        if raw is None:
            raw = {"message": chunk.error, "type": info.get("kind"), "code": info.get("code")}
        return [{"error": raw}]

    def _status(self, chunk: TextStreamChunk) -> Events:
        event = dropped_event(chunk.detail or "") if chunk.status == "ignored_field" else None
        if event is None:
            return self._or_lose(chunk, None)
        if "usage" in event:
            self._usage = None  # the report itself must be said after it
        return [event]

    def _response(self, chunk: TextStreamChunk) -> Events:
        response = chunk.response or {}
        known = {name: value for name, value in response.items() if name in (*FIELDS, "id", "model")}
        before = self._early_usage(known)
        self._head |= known
        rows = response.get("choices")
        rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        choices = [{"index": row.get("index"), "delta": {}, "logprobs": row.get("logprobs")} for row in rows]
        self.losses += [f"complete_response.{name}: {UNSAID}" for name in response if name not in (*known, "choices")]
        return [*before, {"choices": choices}]

    def _early_usage(self, known: Data) -> Events:
        """What waits must come before what was not known at the start, so that a reader starts without it too."""
        start = {name: self._head[name] for name in ("id", "model")}
        if all(known.get(name, "") == value for name, value in start.items()):
            return []
        waiting, self._waiting = self._waiting, []
        return [{**event, **start} for event in waiting]

    def _done(self, chunk: TextStreamChunk) -> Events:
        waiting, self._waiting = self._waiting, []
        usage = raw_of(chunk.usage) if chunk.usage else None
        choices = finish_choices(chunk, cut=self._broken is not None)
        if usage is not None and usage != self._usage:
            choices = choices or [{"index": 0, "delta": {}, "finish_reason": None}]
            return [*waiting, {"choices": choices, "usage": usage}]
        return [*([{"choices": choices}] if choices else []), *waiting]

    def _terminator(self, chunk: TextStreamChunk) -> bytes:
        unsaid = chunk.finish_reason in _UNSAID_ENDS and chunk.raw_finish_reason is None
        return b"" if unsaid else encode_event(DONE)

    SAY: ClassVar[Mapping[str, Say]] = {
        **EventStreamEncoder.SHARED,
        _T.CONTENT: _content,
        _T.REFUSAL: _refusal,
        _T.REASONING: _reasoning,
        _T.TOOL_CALL_DELTA: _call_delta,
        _T.TOOL_CALLS: _tool_calls,
        _T.SERVER_TOOL_CALL: _server_tool,
        _T.TOOL_RESULT: _server_tool,
        _T.CITATION: _citation,
        _T.USAGE: _usage_event,
        _T.MEDIA: _media,
        _T.COMPLETE_RESPONSE: _response,
        _T.BACKEND_STATUS: _status,
        _T.DONE: _done,
    }


def _error_event(body: Data) -> bytes:
    """Nothing else is beside an error; one that says nothing is told by the event's name."""
    if body["error"]:
        return encode_document(body)
    return encode_event(json.dumps(body["error"]).encode(), event="error")


def _own_data(chunk: TextStreamChunk) -> Data:
    own = (chunk.provider_data or {}).get("openai.chat")
    return own if isinstance(own, dict) else {}
