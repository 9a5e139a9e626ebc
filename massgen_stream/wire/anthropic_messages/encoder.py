"""Chunks to Messages bytes: what Claude sends for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import literal_form
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..event_stream_encoder import Events, EventStreamEncoder, Say, encode_document
from .encoder_blocks import BlockWriter
from .encoder_dropped import ODD_ID, dropped_event
from .encoder_ends import Ending, error_event
from .encoder_losses import UNSAID, lost_fields
from .encoder_media import media_events
from .encoder_tools import ToolEncoder, own_of
from .events import TYPES
from .fields import Data
from .raw_block import COMPACTION, FALLBACK, fallback_detail

_T = ChunkType
_STARTED: Final = frozenset((
    _T.CONTENT, _T.REASONING, _T.TOOL_CALL_DELTA, _T.TOOL_CALLS, _T.SERVER_TOOL_CALL, _T.TOOL_RESULT, _T.CITATION,
    _T.MEDIA,
))  # fmt: skip
"""What a `message_start` must come before."""


class MessagesEncoder(EventStreamEncoder):
    """Encodes one Messages stream; keeps the laws of `massgen_stream.wire.base.Encoder`.

    One thing is never said again, and is a loss: an event over the decoder's limit.

    Attributes:
        losses: What could not be said, one line each.
        start_usage: The usage report in ``message_start``, in Claude's names. The chunks tell usage only at the end;
            a server that knows how long the request is sets it before the first chunk.
    """

    UNSAID = UNSAID
    ONE_CHOICE = True
    NEEDS_START = _STARTED

    def __init__(self) -> None:
        super().__init__()
        self.start_usage: dict[str, Any] = {}
        self._writer = BlockWriter(self.losses)
        self._tools = ToolEncoder(self._writer, self.losses)
        self._ending = Ending(self.losses)
        self._cited: list[Any] = []
        self._compactions: list[str | None] = []
        self._derived: str | None = None  # the status that a reader makes of the latest fallback

    def _lost_fields(self, chunk: BaseStreamChunk) -> list[str]:
        return lost_fields(chunk)

    def _event(self, body: Data) -> bytes:
        name = kind if isinstance(kind := body.get("type"), str) and kind in TYPES else "error"
        data = encode_document(literal_form(body), event=name)
        self._said = True
        return data

    def _opening(self, chunk: TextStreamChunk) -> Events:
        identity: Data = {"id": chunk.response_id or "", "model": chunk.model or ""}
        self._writer.minting.response_id = identity["id"]
        self._ending.identity = identity
        message: Data = {
            "id": identity["id"], "type": "message", "role": "assistant", "model": identity["model"], "content": [],
            "stop_reason": None, "stop_sequence": None, "usage": self.start_usage,
        }  # fmt: skip
        return [{"type": "message_start", "message": message}]

    def _content(self, chunk: TextStreamChunk) -> Events:
        own, key = own_of(chunk.provider_data), ("text", chunk.item_id)
        events = self._raw(chunk, own) if own.keys() & {"block", "deltas"} else []
        citations = own.get("citations")
        for citation in citations if isinstance(citations, list) else ():
            if citation in self._cited:
                self._cited.remove(citation)
            else:
                events += [*self._block(key), self._writer.delta(key, "citations_delta", citation=citation)]
        if chunk.content:
            events += [*self._block(key), self._writer.delta(key, "text_delta", text=chunk.content)]
        return events

    def _block(self, key: tuple[str, str | None]) -> Events:
        """Return what begins a block of text or thinking, unless it has begun."""
        if self._writer.has(key):
            return []
        empty = (
            {"type": "text", "text": ""} if key[0] == "text" else {"type": "thinking", "thinking": "", "signature": ""}
        )
        return self._writer.start(key, empty)

    def _raw(self, chunk: TextStreamChunk, own: Data) -> Events:
        """Return the events of a block that is kept as it is."""
        key, block = ("block", chunk.item_id), own.get("block")
        events: Events = []
        if isinstance(block, dict) and self._writer.has(key):
            events.append(self._writer.delta(key, "compaction_delta", **block))
        elif isinstance(block, dict):
            compacts = block.get("type") == COMPACTION
            events += self._writer.start(key, block, stays_open=compacts)
            if compacts:
                self._compactions.append(chunk.item_id)
            if block.get("type") == FALLBACK:
                self._derived = fallback_detail(block)
        deltas = own.get("deltas") if self._writer.has(key) else None
        return events + [self._writer.raw_delta(key, delta) for delta in deltas or ()]

    def _reasoning(self, chunk: TextStreamChunk) -> Events:
        own, key = own_of(chunk.provider_data), ("thinking", chunk.item_id)
        if isinstance(own.get("block"), dict):
            return self._writer.start(key, own["block"])
        events: Events = []
        if chunk.reasoning_delta:
            events += [*self._block(key), self._writer.delta(key, "thinking_delta", thinking=chunk.reasoning_delta)]
        if own.get("signature"):
            events += [*self._block(key), self._writer.delta(key, "signature_delta", signature=own["signature"])]
        return events

    def _citation(self, chunk: TextStreamChunk) -> Events:
        citation, key = chunk.citation or {}, ("text", chunk.item_id)
        raw = citation.get("raw")
        if isinstance(raw, dict):
            self._cited.append(raw)
        else:
            known = {name: citation[name] for name in ("url", "title", "cited_text") if name in citation}
            raw = {"type": "web_search_result_location", **known}
        return [*self._block(key), self._writer.delta(key, "citations_delta", citation=raw)]

    def _result(self, chunk: TextStreamChunk) -> Events:
        return self._or_lose(chunk, self._tools.result(chunk))

    def _media(self, chunk: MultimodalStreamChunk) -> Events:
        return self._or_lose(chunk, media_events(self._writer, chunk))

    def _vendor_error(self, chunk: TextStreamChunk) -> Events:
        return [error_event(chunk)]

    def _status(self, chunk: TextStreamChunk) -> Events:
        if chunk.status == "info" and chunk.detail == self._derived:
            return []
        if chunk.status == "ignored_field" and chunk.detail == ODD_ID:
            self._tools.odd_id = True
            return []
        event = dropped_event(chunk.detail or "") if chunk.status == "ignored_field" else None
        return self._or_lose(chunk, None if event is None else [event])

    def _compression(self, chunk: TextStreamChunk) -> Events:
        if chunk.status == "started":
            return []  # told by the block
        if chunk.status != "completed" or not self._compactions:
            return self._or_lose(chunk, None)
        return [self._writer.stop(("block", self._compactions.pop(0)))]

    def _response(self, chunk: TextStreamChunk) -> Events:
        self._ending.take(chunk.response or {})
        return []

    def _done(self, chunk: TextStreamChunk) -> Events:
        return self._ending.events(chunk, self._writer.stop_current())

    SAY: ClassVar[Mapping[str, Say]] = {
        **EventStreamEncoder.SHARED,
        _T.CONTENT: _content,
        _T.REASONING: _reasoning,
        _T.TOOL_CALL_DELTA: lambda self, chunk: self._tools.piece(chunk),
        _T.TOOL_CALLS: lambda self, chunk: self._tools.rest(chunk),
        _T.SERVER_TOOL_CALL: lambda self, chunk: self._tools.server_call(chunk),
        _T.TOOL_RESULT: _result,
        _T.CITATION: _citation,
        _T.MEDIA: _media,
        _T.COMPLETE_RESPONSE: _response,
        _T.BACKEND_STATUS: _status,
        _T.COMPRESSION_STATUS: _compression,
        _T.DONE: _done,
    }
