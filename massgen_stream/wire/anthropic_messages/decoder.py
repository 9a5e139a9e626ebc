"""Messages bytes to chunks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from msgspec import MsgspecError

from ...errors import Truncated
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..answer_decoder import AnswerDecoder, event_document
from ..event_stream import DONE
from ..failure import failure_of_wire
from ..metadata import Metadata
from ..sse import DEFAULT_MAX_EVENT_BYTES, ServerSentEvent
from .block import Chunks
from .blocks import Blocks
from .envelope import Envelope
from .events import Event, decode_event
from .fields import Data, unusable_object

_STATUS = ChunkType.BACKEND_STATUS


class MessagesDecoder(AnswerDecoder):
    """Decodes one Messages response; keeps the laws of `massgen_stream.wire.base.Decoder`.

    The documented end is ``message_stop``.

    Args:
        id_prefix: Put before ids that are made up because the vendor sent none.
        max_event_bytes: Limit on one event.
    """

    def __init__(self, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        super().__init__(id_prefix=id_prefix, max_event_bytes=max_event_bytes)
        self._blocks = Blocks(self._minting)
        self._envelope = Envelope()
        self._opening = self._stopped = False

    def _end_of_input(self, out: Chunks) -> None:
        if self._errors:
            self._finish(out, "error")
        else:
            self._break(failure_of_wire(Truncated()), "incomplete", out)

    def _event(self, event: ServerSentEvent, out: Chunks) -> None:
        try:
            parsed = decode_event(event.data)
        except (MsgspecError, UnicodeDecodeError, RecursionError):
            parsed = None
        if parsed is None or not self._started or not self._take_usual(parsed, out):
            self._unusual(event, out)

    def _take_usual(self, event: Event, out: Chunks) -> bool:
        """Take one of the deltas that make up most of a stream; return whether it was one."""
        delta = event.delta
        if delta is None or event.type != "content_block_delta":
            return event.type == "ping"
        if delta.type == "text_delta":
            self._blocks.text(event.index, delta.text or "", out)
        elif delta.type == "input_json_delta":
            self._blocks.arguments(event.index, delta.partial_json or "", out)
        elif delta.type == "thinking_delta":
            self._blocks.thinking(event.index, delta.thinking or "", out)
        else:
            return False
        return True

    def _unusual(self, event: ServerSentEvent, out: Chunks) -> None:
        payload = event.data.strip()
        if not payload or payload == DONE:  # some gateways send it after their own end of the stream
            return
        doc = event_document(payload, event.event)
        if not isinstance(doc, dict):
            return
        kind = doc.get("type")
        take = self._TAKE.get(kind) if isinstance(kind, str) else None
        if take is not None:
            self._take(take, doc, out)
        elif kind == "error" or event.event == "error":
            self._add_error(doc, out)

    def _take(self, take: Callable[[MessagesDecoder, Data, Metadata, Chunks], None], doc: Data, out: Chunks) -> None:
        """Take an event; before its chunks comes the `start`, if it is the first that says something."""
        place = len(out)
        try:
            take(self, doc, Metadata(out, self._dropped), out)
        finally:
            if not self._started and (self._opening or any(chunk.type != _STATUS for chunk in out[place:])):
                self._started = True
                out.insert(place, self._envelope.start())
        if self._stopped:
            self._finish(out, "error" if self._errors else None)

    def _message_start(self, doc: Data, read: Metadata, out: Chunks) -> None:
        message = read.data(doc, "message")
        self._envelope.take_start(message, read, first=not self._started)
        if self._started:
            return
        self._opening = True
        self._minting.response_id = self._envelope.response_id
        content = message.get("content")
        for block in content if isinstance(content, list) else ():
            if isinstance(block, dict):
                self._blocks.start(None, block, read, out)
                self._blocks.stop(None, {}, out)

    def _block_start(self, doc: Data, read: Metadata, out: Chunks) -> None:
        self._blocks.start(read.index(doc), _object(doc, "content_block"), read, out)

    def _block_delta(self, doc: Data, read: Metadata, out: Chunks) -> None:
        self._blocks.delta(read.index(doc), _object(doc, "delta"), read, out)

    def _block_stop(self, doc: Data, read: Metadata, out: Chunks) -> None:
        block = doc.get("content_block")
        self._blocks.stop(read.index(doc), block if isinstance(block, dict) else {}, out)

    def _message_delta(self, doc: Data, read: Metadata, _: Chunks) -> None:
        self._envelope.take_delta(doc, read)

    def _message_stop(self, _: Data, __: Metadata, out: Chunks) -> None:
        self._blocks.stop_all(out)
        self._stopped = True

    def _ping(self, _: Data, __: Metadata, ___: Chunks) -> None:
        """Keeps the connection open."""

    def _finish(self, out: Chunks, reason: str | None = None) -> None:
        """Add the last chunks; *reason* is our finish reason where the end was not a normal one."""
        self._ended = True
        self._blocks.cut_all(out)
        ending = self._envelope.ending
        calls = self._blocks.calls(whole=ending.is_whole() and (reason is None or ending.raw is not None))
        if calls:
            out.append(TextStreamChunk(type=ChunkType.TOOL_CALLS, tool_calls=calls))
        response = self._envelope.complete_response()
        if response is not None:
            out.append(response)
        out.append(self._envelope.done(reason or ending.reason(calls)))

    _TAKE: ClassVar[Mapping[str, Callable[[MessagesDecoder, Data, Metadata, Chunks], None]]] = {
        "message_start": _message_start,
        "content_block_start": _block_start,
        "content_block_delta": _block_delta,
        "content_block_stop": _block_stop,
        "message_delta": _message_delta,
        "message_stop": _message_stop,
        "ping": _ping,
    }


def _object(doc: Data, name: str) -> Data:
    value = doc.get(name)
    if value is not None and not isinstance(value, dict):
        raise unusable_object(str(doc["type"]), name, value)
    return value or {}
