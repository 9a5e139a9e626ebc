"""Interactions bytes to chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Final

from msgspec import MsgspecError

from ...errors import Truncated
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..answer_decoder import AnswerDecoder, event_document
from ..event_stream import DONE
from ..failure import failure_of_wire
from ..json_value import finite
from ..metadata import Metadata
from ..sse import DEFAULT_MAX_EVENT_BYTES, ServerSentEvent
from . import events as on_wire
from .envelope import Envelope
from .events import MEDIA, Event, decode_event
from .fields import Data, unusable_object
from .finish import finish_reason_of, is_whole
from .step import Chunks
from .steps import Steps

_STATUS: Final = ChunkType.BACKEND_STATUS
_BESIDE: Final = frozenset((_STATUS, ChunkType.ERROR))
"""Chunks that are no part of the answer."""


class InteractionsDecoder(AnswerDecoder):
    """Decodes one answer of the Interactions API; keeps the laws of `massgen_stream.wire.base.Decoder`.

    The documented end is ``interaction.completed``. With the status ``requires_continuation`` it is not the end of the
    answer: the bytes of the next request's stream may be fed to the same decoder, and at the end of the input the
    answer is one that paused. A decoder may also be given the rest of a stream that was cut.

    Args:
        id_prefix: Put before ids that are made up because the vendor sent none.
        max_event_bytes: Limit on one event.

    Attributes:
        last_event_id: The vendor's id of the latest whole event; empty when it sends none.
    """

    def __init__(self, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        super().__init__(id_prefix=id_prefix, max_event_bytes=max_event_bytes)
        self.last_event_id = ""
        self._steps = Steps(self._minting, self._add_error)
        self._envelope = Envelope()
        self._opening = self._completed = False
        self._said = False  # whether the interaction has streamed any of its answer

    @property
    def interaction_id(self) -> str:
        """Id of the latest interaction; empty when it is not known, or when nothing is stored."""
        return self._envelope.interaction_id

    @property
    def continuation_token(self) -> str | None:
        """With which the answer goes on in another request; None unless this response ended so."""
        return (self._envelope.token or None) if self._envelope.paused else None

    @property
    def is_over(self) -> bool:
        """Whether the vendor has told the end of the answer, or of this part of it."""
        return self._ended or self._envelope.over

    def _end_of_input(self, out: Chunks) -> None:
        if self._envelope.over:
            self._end(out)
        elif self._errors:
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
        if delta is None or event.metadata is not None or event.event_type != on_wire.STEP_DELTA:
            return False
        if self._envelope.paused:
            self._envelope.go_on()
        place = len(out)
        if delta.type == "text":
            taken = self._steps.text(event.index, delta.text or "", out)
        elif delta.type == "arguments_delta" and isinstance(delta.arguments, str):
            taken = self._steps.arguments(event.index, delta.arguments, out)
        else:
            taken = delta.type in MEDIA and self._steps.medium(event.index, delta, out)
        self._said = self._said or len(out) > place
        if taken and event.event_id:
            self.last_event_id = event.event_id
        return taken

    def _unusual(self, event: ServerSentEvent, out: Chunks) -> None:
        payload = event.data.strip()
        if not payload or payload == DONE:  # comes after the interaction's own end
            return
        doc = event_document(payload, event.event)
        if not isinstance(doc, dict):
            return
        kind = doc.get("event_type")
        take = self._TAKE.get(kind) if isinstance(kind, str) else None
        if take is not None:
            self._take(take, doc, out)
        elif kind == on_wire.ERROR or (kind is None and (event.event == on_wire.ERROR or doc.get("error"))):
            self._error(doc, out)

    def _take(
        self, take: Callable[[InteractionsDecoder, Data, Metadata, Chunks], None], doc: Data, out: Chunks
    ) -> None:
        """Take an event; before its chunks comes the `start`, if it is the first that says something."""
        place, read = len(out), Metadata(out, self._dropped)
        if self._envelope.paused:
            self._envelope.go_on()
        try:
            self._envelope.take_reports(doc, read)
            take(self, doc, read, out)
        finally:
            self._said = self._said or any(chunk.type not in _BESIDE for chunk in out[place:])
            self._begin(place, out)
        self.last_event_id = read.text(doc, "event_id", "") or self.last_event_id
        if self._completed:
            self._end(out)

    def _begin(self, place: int, out: Chunks) -> None:
        """Put the `start` at *place*, if it is due."""
        if not self._started and (self._opening or any(chunk.type != _STATUS for chunk in out[place:])):
            self._started = True
            out.insert(place, self._envelope.start())

    def _created(self, doc: Data, read: Metadata, _: Chunks) -> None:
        self._opening = self._envelope.take_interaction(read.data(doc, "interaction"), read)
        if not self._started:
            self._minting.response_id = self._envelope.response_id

    def _updated(self, doc: Data, read: Metadata, _: Chunks) -> None:
        self._envelope.take_update(doc, read)
        if not self._started:
            self._minting.response_id = self._envelope.response_id

    def _step_start(self, doc: Data, read: Metadata, out: Chunks) -> None:
        self._steps.start(read.index(doc), _object(doc, "step"), read, out)

    def _step_delta(self, doc: Data, read: Metadata, out: Chunks) -> None:
        self._steps.delta(read.index(doc), _object(doc, "delta"), read, out)

    def _step_stop(self, doc: Data, read: Metadata, out: Chunks) -> None:
        self._steps.stop(read.index(doc), read.data(doc, "step"), out)

    def _complete(self, doc: Data, read: Metadata, out: Chunks) -> None:
        interaction = read.data(doc, "interaction")
        self._envelope.take_completed(interaction, read)
        if not self._started:
            self._minting.response_id = self._envelope.response_id
        steps = interaction.get("steps")
        for step in steps if isinstance(steps, list) and not self._said else ():
            if isinstance(step, dict):  # a server that did not stream them
                self._steps.start(None, step, read, out)
        self._steps.stop_all(out)
        self._tell_failure(out)
        told = None if self._envelope.paused else self._envelope.final_steps()
        if told is not None:
            self._steps.settle(list(_texts(told)), out)
        self._steps.forget()
        self._said, self._completed = False, not self._envelope.paused

    def _error(self, doc: Data, out: Chunks) -> None:
        self.last_event_id = word if isinstance(word := doc.get("event_id"), str) and word else self.last_event_id
        error = doc.get("error")
        if not isinstance(error, dict):
            error = {name: value for name, value in doc.items() if name not in ("event_type", "event_id")}
        self._add_error(error, out)

    def _end(self, out: Chunks) -> None:
        """End an answer of which the vendor told the end."""
        status, place = self._envelope.status, len(out)
        self._steps.stop_all(out)
        self._begin(place, out)
        self._tell_failure(out)
        if status == "requires_action":
            self._steps.wait(out)
        self._finish(out, None, self._envelope.response())

    def _tell_failure(self, out: Chunks) -> None:
        """Tell the error of an interaction that failed, unless an event told it."""
        if self._envelope.status == "failed" and not self._errors:
            self._add_error(_reason_of_failure(self._envelope.response()), out)

    def _finish(self, out: Chunks, reason: str | None = None, response: Data | None = None) -> None:
        """Add the last chunks; *reason* is our finish reason where the vendor told no end."""
        self._ended = True
        self._steps.cut_all(out)
        status = self._envelope.status
        calls = self._steps.calls(whole=reason is None and is_whole(status))
        if calls:
            out.append(TextStreamChunk(type=ChunkType.TOOL_CALLS, tool_calls=calls))
        if response:
            out.append(TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=response))
        if reason is None:
            called = any("invalid" not in call for call in calls)
            said = "error" if self._errors else finish_reason_of(status, called=called)
            out.append(self._envelope.done(said, normal=True))
        else:
            out.append(self._envelope.done(reason, normal=False))

    _TAKE: ClassVar[Mapping[str, Take]] = {
        on_wire.CREATED: _created,
        on_wire.STATUS_UPDATE: _updated,
        on_wire.STEP_START: _step_start,
        on_wire.STEP_DELTA: _step_delta,
        on_wire.STEP_STOP: _step_stop,
        on_wire.COMPLETED: _complete,
    }


Take = Callable[[InteractionsDecoder, Data, Metadata, Chunks], None]


def _object(doc: Data, name: str) -> Data:
    value = doc.get(name)
    if value is not None and not isinstance(value, dict):
        raise unusable_object(str(doc["event_type"]), name, value)
    return value or {}


def _texts(steps: list[Any]) -> Iterator[str]:
    """Yield what the model says in *steps*."""
    for step in steps:
        contents = step.get("content") if isinstance(step, dict) and step.get("type") == "model_output" else None
        for content in contents if isinstance(contents, list) else ():
            if isinstance(content, dict) and content.get("type") == "text" and isinstance(content.get("text"), str):
                yield content["text"]


def _reason_of_failure(interaction: Data) -> Data:
    """Return the error of an interaction that failed without an error event."""
    errors = interaction.get("errors")
    for said in (errors[0] if isinstance(errors, list) and errors else None, interaction.get("error")):
        if isinstance(said, dict) and said:
            return dict(finite(said))
    return {"message": "the interaction failed, and the provider did not say why", "code": "server_error"}
