"""Chunks to ``streamGenerateContent`` bytes: what Google sends for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import literal_form
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..event_stream_encoder import Data, Events, EventStreamEncoder, Say, encode_document
from ..minting import Minting
from .encoder_calls import CallEncoder
from .encoder_dropped import dropped_event, is_said_by_usage
from .encoder_ends import finish_body
from .encoder_losses import UNSAID, lost_fields
from .encoder_parts import MediaEncoder, SourceEncoder, own_data, text_part
from .envelope import FIELDS
from .usage import raw_of

_T = ChunkType
_PLAIN: Final = frozenset((_T.BACKEND_STATUS, _T.TOOL_CALL_DELTA, _T.TOOL_CALLS))
"""What is said in words of our own or of parsed JSON, NaN among them."""

_HEAD: Final = ("responseId", "modelVersion")
_RESPONSE: Final = (*_HEAD, *FIELDS, "candidates")


class GenerateContentEncoder(EventStreamEncoder):
    """Encodes one ``streamGenerateContent`` response; keeps the laws of `massgen_stream.wire.base.Encoder`.

    Every event names the response's id and model, as Google's do. What ends a call is said with the chunk after it.
    One thing is never said again, and is a loss: an event over the decoder's limit.

    Attributes:
        losses: What could not be said, one line each.
    """

    UNSAID = UNSAID

    def __init__(self) -> None:
        super().__init__()
        self._head: Data = {}
        self._minting = Minting("")
        self._calls = CallEncoder(self._minting)
        self._sources, self._media_parts = SourceEncoder(), MediaEncoder()
        self._waits = False

    def close(self) -> bytes:
        """Return what waited for the end."""
        return self._held()

    def _say(self, chunk: BaseStreamChunk, say: Say) -> bytes:
        held = b"" if chunk.type in (_T.TOOL_CALL_DELTA, _T.TOOL_CALLS) else self._held()
        return held + super()._say(chunk, say)

    def _bytes(self, chunk: BaseStreamChunk, events: Events) -> bytes:
        return super()._bytes(chunk, events if chunk.type in _PLAIN else [literal_form(body) for body in events])

    def _lost_fields(self, chunk: BaseStreamChunk) -> list[str]:
        return lost_fields(chunk)

    def _held(self) -> bytes:
        """Return the end of a call that waited for its complete form."""
        return b"".join(map(self._event, self._parts(self._calls.flush())))

    def _event(self, body: Data) -> bytes:
        self._said = True
        before = b""
        if self._waits:
            self._waits = False
            if "error" in body or any(body[name] != self._head.get(name) for name in _HEAD if name in body):
                before = encode_document({"candidates": [], **self._head})
        return before + encode_document(body if "error" in body else {**self._head, **body})

    def _candidate(self, index: int | None, said: Data) -> Events:
        return [{"candidates": [{**said, "index": index or 0}]}]

    def _part(self, index: int | None, part: Data) -> Events:
        return self._candidate(index, {"content": {"parts": [part], "role": "model"}})

    def _parts(self, parts: Iterable[tuple[int, Data]]) -> Events:
        bodies = [body for index, part in parts for body in self._part(index, part)]
        self.losses += self._calls.losses
        self._calls.losses = []
        return bodies

    def _opening(self, chunk: TextStreamChunk) -> Events:
        self._waits = True
        said = zip(_HEAD, (chunk.response_id, chunk.model), strict=True)
        self._head = {name: value for name, value in said if value}
        self._minting.response_id = chunk.response_id or ""
        return []

    def _content(self, chunk: TextStreamChunk) -> Events:
        return self._part(chunk.choice_index, text_part(chunk.content or "", chunk.provider_data))

    def _reasoning(self, chunk: TextStreamChunk) -> Events:
        part = text_part(chunk.reasoning_delta or "", chunk.provider_data)
        return self._part(chunk.choice_index, {**part, "thought": True})

    def _call_delta(self, chunk: TextStreamChunk) -> Events:
        return self._parts(self._calls.piece(chunk))

    def _tool_calls(self, chunk: TextStreamChunk) -> Events:
        return self._parts(self._calls.finals(chunk))

    def _server_tool(self, chunk: TextStreamChunk) -> Events:
        part = own_data(chunk.provider_data).get("part")
        if not isinstance(part, dict):
            return self._or_lose(chunk, None)
        return self._part(chunk.choice_index, part)

    def _citation(self, chunk: TextStreamChunk) -> Events:
        said = self._sources.metadata(chunk.choice_index or 0, chunk.citation or {})
        return self._candidate(chunk.choice_index, said)

    def _usage(self, chunk: TextStreamChunk) -> Events:
        return [{"usageMetadata": raw_of(chunk.usage or {})}]

    def _media(self, chunk: MultimodalStreamChunk) -> Events:
        if not chunk.is_partial and chunk.media_data is None and chunk.media_metadata is not None:
            return []  # the end of what came in segments; a reader makes it of them
        found = self._media_parts.part(chunk)
        return self._or_lose(chunk, None if found is None else self._part(*found))

    def _vendor_error(self, chunk: TextStreamChunk) -> Events:
        info = chunk.error_info or {}
        raw = info.get("raw")
        if not raw:
            raw = {"code": info.get("status") or 500, "message": chunk.error, "status": info.get("code") or "INTERNAL"}
        return [{"error": raw}]

    def _status(self, chunk: TextStreamChunk) -> Events:
        detail = chunk.detail or ""
        if chunk.status == "ignored_field" and is_said_by_usage(detail):
            return []
        if chunk.status == "contradiction" and chunk.tool_call_id is not None:
            part = {"functionCall": {"args": {"": "contradiction"}, "willContinue": True}}
            return self._part(self._calls.index_of(chunk.tool_call_id), part)
        event = dropped_event(detail) if chunk.status == "ignored_field" else None
        return self._or_lose(chunk, None if event is None else [event])

    def _response(self, chunk: TextStreamChunk) -> Events:
        response = chunk.response or {}
        body = {name: value for name, value in response.items() if name in _RESPONSE}
        self.losses += [f"complete_response.{name}: {UNSAID}" for name in response if name not in body]
        return [body] if body else []

    def _done(self, chunk: TextStreamChunk) -> Events:
        body = finish_body(chunk, raw_of(chunk.usage) if chunk.usage else None)
        if self._waits and not body:
            return [{"candidates": []}]  # the stream has begun, and that is all
        return [body] if body else []

    SAY: ClassVar[Mapping[str, Say]] = {
        **EventStreamEncoder.SHARED,
        _T.CONTENT: _content,
        _T.REASONING: _reasoning,
        _T.TOOL_CALL_DELTA: _call_delta,
        _T.TOOL_CALLS: _tool_calls,
        _T.SERVER_TOOL_CALL: _server_tool,
        _T.TOOL_RESULT: _server_tool,
        _T.CITATION: _citation,
        _T.USAGE: _usage,
        _T.MEDIA: _media,
        _T.COMPLETE_RESPONSE: _response,
        _T.BACKEND_STATUS: _status,
        _T.DONE: _done,
    }
