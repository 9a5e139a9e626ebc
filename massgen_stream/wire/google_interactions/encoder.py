"""Chunks to Interactions bytes: what Google sends for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import literal_form
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..event_stream import DONE
from ..event_stream_encoder import Events, EventStreamEncoder, Say, encode_document, no_events
from ..part_writer import Key
from ..sse_encoder import encode_event
from .encoder_dropped import ODD_ID, dropped_event
from .encoder_ends import Ending, error_event
from .encoder_losses import UNSAID, lost_fields
from .encoder_media import MediaEncoder
from .encoder_steps import StepWriter, own_of
from .encoder_tools import ToolEncoder
from .events import COMPLETED, CREATED, STATUS_UPDATE
from .fields import Data
from .steps import CONTRADICTION
from .usage import raw_of

_T = ChunkType
_STARTED: Final = frozenset((
    _T.CONTENT, _T.REASONING, _T.REASONING_SUMMARY, _T.TOOL_CALL_DELTA, _T.TOOL_CALLS, _T.SERVER_TOOL_CALL,
    _T.TOOL_RESULT, _T.CITATION, _T.MEDIA,
))  # fmt: skip
"""What an ``interaction.created`` must come before."""


class InteractionsEncoder(EventStreamEncoder):
    """Encodes one Interactions stream; keeps the laws of `massgen_stream.wire.base.Encoder`.

    One thing is never said again, and is a loss: an event over the decoder's limit.

    Attributes:
        losses: What could not be said, one line each.
        event_ids: Makes the ``event_id`` of each event from its number; None for none. The chunks tell none: a server
            whose streams can go on after a cut sets it before the first chunk.
    """

    UNSAID = UNSAID
    ONE_CHOICE = True
    NEEDS_START = _STARTED

    def __init__(self) -> None:
        super().__init__()
        self.event_ids: Callable[[int], str] | None = None
        self._writer = StepWriter(self.losses)
        self._tools = ToolEncoder(self._writer, self.losses)
        self._media_encoder = MediaEncoder(self._writer)
        self._ending = Ending(self.losses)
        self._cited: list[Any] = []
        self._events = 0

    def _lost_fields(self, chunk: BaseStreamChunk) -> list[str]:
        return lost_fields(chunk)

    def _event(self, body: Data) -> bytes:
        if self.event_ids is not None:
            body = {**body, "event_id": self.event_ids(self._events)}
        data = encode_document(literal_form(body), event=body["event_type"])
        self._said = True
        self._events += 1
        if body["event_type"] == COMPLETED:
            data += encode_event(DONE, event="done")
        return data

    def _opening(self, chunk: TextStreamChunk) -> Events:
        response_id = self._writer.minting.response_id = chunk.response_id or ""
        self._ending.identity |= {"id": response_id, **({"model": chunk.model} if chunk.model else {})}
        created = {"event_type": CREATED, "interaction": {**self._ending.identity, "status": "in_progress"}}
        update = {"event_type": STATUS_UPDATE, "interaction_id": response_id, "status": "in_progress"}
        return [created, update]

    def _content(self, chunk: TextStreamChunk) -> Events:
        own, key = own_of(chunk.provider_data), ("text", chunk.item_id)
        events = self._raw(chunk, own) if own.keys() & {"step", "deltas"} else []
        if chunk.content:
            events += [*self._begin(key, "model_output"), self._delta(key, type="text", text=chunk.content)]
        annotations = own.get("annotations")
        if isinstance(annotations, list) and annotations:
            self._cited += annotations
            events += [*self._begin(key, "model_output"), self._annotations(key, annotations)]
        return events

    def _annotations(self, key: Key, annotations: list[Any]) -> Data:
        return self._delta(key, type="text_annotation_delta", annotations=annotations)

    def _begin(self, key: Key, kind: str) -> Events:
        """Return what begins a step, unless it has begun."""
        return [] if self._writer.has(key) else self._writer.start(key, {"type": kind})

    def _delta(self, key: Key, **delta: Any) -> Data:
        return self._writer.delta(key, delta)

    def _raw(self, chunk: TextStreamChunk, own: Data) -> Events:
        """Return the events of a step that is kept as it is."""
        key, step = ("step", chunk.item_id), own.get("step")
        events = self._writer.start(key, step) if isinstance(step, dict) else []
        deltas = own.get("deltas") if self._writer.has(key) else None
        return events + [self._writer.delta(key, delta) for delta in deltas or ()]

    def _reasoning(self, chunk: TextStreamChunk) -> Events:
        signature = own_of(chunk.provider_data).get("signature")
        events = self._summary_of(chunk.item_id, chunk.reasoning_delta)
        if isinstance(signature, str) and signature:
            key = ("thought", chunk.item_id)
            events += [*self._begin(key, "thought"), self._delta(key, type="thought_signature", signature=signature)]
        return events

    def _summary(self, chunk: TextStreamChunk) -> Events:
        return self._summary_of(chunk.item_id, chunk.reasoning_summary_delta)

    def _summary_of(self, item_id: str | None, text: str | None) -> Events:
        if not text:
            return []
        key, content = ("thought", item_id), {"type": "text", "text": text}
        return [*self._begin(key, "thought"), self._delta(key, type="thought_summary", content=content)]

    def _citation(self, chunk: TextStreamChunk) -> Events:
        citation, key = chunk.citation or {}, ("text", chunk.item_id)
        if citation.get("raw") in self._cited:
            self._cited.remove(citation["raw"])
            return []
        known = {name: citation[name] for name in ("url", "title") if name in citation}
        return [*self._begin(key, "model_output"), self._annotations(key, [{"type": "url_citation", **known}])]

    def _result(self, chunk: TextStreamChunk) -> Events:
        return self._or_lose(chunk, self._tools.result(chunk))

    def _media(self, chunk: MultimodalStreamChunk) -> Events:
        return self._or_lose(chunk, self._media_encoder.events(chunk))

    def _vendor_error(self, chunk: TextStreamChunk) -> Events:
        return [error_event(chunk)]

    def _status(self, chunk: TextStreamChunk) -> Events:
        if chunk.status == "ignored_field" and chunk.detail == ODD_ID:
            self._tools.odd_id = True
            return []
        if chunk.status == "contradiction" and chunk.detail == CONTRADICTION:
            return []  # readers see it from the final steps
        event = dropped_event(chunk.detail or "") if chunk.status == "ignored_field" else None
        return self._or_lose(chunk, None if event is None else [event])

    def _usage(self, chunk: TextStreamChunk) -> Events:
        return self._ending.report(raw_of(chunk.usage or {}))

    def _response(self, chunk: TextStreamChunk) -> Events:
        self._ending.response = chunk.response or {}
        return []

    def _done(self, chunk: TextStreamChunk) -> Events:
        return self._ending.events(chunk, self._writer.stop_current())

    SAY: ClassVar[Mapping[str, Say]] = {
        **EventStreamEncoder.SHARED,
        _T.CONTENT: _content,
        _T.REASONING: _reasoning,
        _T.REASONING_SUMMARY: _summary,
        _T.REASONING_SUMMARY_DONE: no_events,
        _T.TOOL_CALL_DELTA: lambda self, chunk: self._tools.piece(chunk),
        _T.TOOL_CALLS: lambda self, chunk: self._tools.rest(chunk),
        _T.SERVER_TOOL_CALL: lambda self, chunk: self._tools.server_call(chunk),
        _T.TOOL_RESULT: _result,
        _T.CITATION: _citation,
        _T.MEDIA: _media,
        _T.COMPLETE_RESPONSE: _response,
        _T.BACKEND_STATUS: _status,
        _T.USAGE: _usage,
        _T.DONE: _done,
    }
