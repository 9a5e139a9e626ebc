"""Responses bytes to chunks."""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec import MsgspecError

from ...errors import MalformedEvent, Truncated
from ...stream_chunk.text import TextStreamChunk
from ..event_stream import DONE, Chunks, EventStreamDecoder
from ..failure import failure_of_wire, is_error
from ..json_value import parse
from ..sse import DEFAULT_MAX_EVENT_BYTES, ServerSentEvent
from .documents import HANDLERS
from .events import TEXT_DELTAS, Piece, decode_piece
from .metadata import clean, index_at
from .response import ResponseState

Data = dict[str, Any]


class Cursor(NamedTuple):
    """Where a response that goes on without its reader can be read on.

    Attributes:
        response_id: Its id.
        sequence_number: Of the last event that came whole.
    """

    response_id: str
    sequence_number: int


class ResponsesDecoder(EventStreamDecoder):
    """Decodes one response of the Responses API; keeps the laws of `massgen_stream.wire.base.Decoder`.

    The documented end is ``response.completed``, ``response.failed`` or ``response.incomplete``.

    Args:
        id_prefix: Put before ids that are made up because the vendor sent none.
        max_event_bytes: Limit on one event.
    """

    def __init__(self, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        super().__init__(max_event_bytes)
        self._state = ResponseState(id_prefix, self._dropped)
        self._texts = self._state.items.texts
        self._latest = b""

    def cursor(self) -> Cursor | None:
        """Return where the response can be read on; None where its events do not tell."""
        try:
            doc = parse(self._latest)
        except MalformedEvent:
            return None
        number = index_at(doc, "sequence_number") if isinstance(doc, dict) else None
        response_id = self._state.response_id
        return Cursor(response_id, number) if response_id and number is not None else None

    def _end_of_input(self, out: Chunks) -> None:
        if self._state.failed:
            self._state.finish(out)
            self._ended = True
        else:
            self._break(failure_of_wire(Truncated()), "incomplete", out)

    def _break(self, failure: TextStreamChunk, reason: str, out: Chunks) -> None:
        self._state.break_off(failure, reason, out)
        self._ended = True

    def _event(self, event: ServerSentEvent, out: Chunks) -> None:
        self._latest = event.data
        place = len(out)
        try:
            self._take(event, out)
        finally:
            if len(out) > place and not self._state.started:
                out.insert(place, self._state.start({}))
            self._ended = self._state.ended

    def _take(self, event: ServerSentEvent, out: Chunks) -> None:
        try:
            piece = decode_piece(event.data)
        except (MsgspecError, UnicodeDecodeError, RecursionError):
            piece = None
        kind = TEXT_DELTAS.get(piece.type) if piece is not None else None
        if piece is None or kind is None or piece.delta is None:
            self._rare(event, out)
        elif piece.delta:
            self._say(kind, piece, out)

    def _say(self, kind: str, piece: Piece, out: Chunks) -> None:
        item = self._texts.get(piece.output_index) or self._state.items.text(piece.output_index, piece.item_id)
        index = piece.summary_index if kind == "summary" else piece.content_index
        out.append(item.say(kind, index, piece.delta or ""))

    def _rare(self, event: ServerSentEvent, out: Chunks) -> None:
        """An event that is no usual piece of text."""
        payload = event.data.strip()
        if not payload or payload == DONE:
            return
        doc = self._parsed(payload, event.event)
        if not isinstance(doc, dict):
            return
        said = doc.get("type")
        name = said if isinstance(said, str) and said else event.event
        handle = HANDLERS.get(name)
        if handle is not None:
            self._dropped.tell(clean(doc), out)
            handle(self._state, doc, name, out)
        elif name == "error" or (not name.startswith("response.") and is_error(doc, event.event)):
            self._state.fail(doc, out)
