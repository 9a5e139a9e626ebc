"""Chat Completions bytes to chunks."""

from __future__ import annotations

from typing import Any, Final

from msgspec import MsgspecError

from ...errors import EventTooLarge, MalformedEvent, Truncated, WireError
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..body import BodySniffer
from ..sse import DEFAULT_MAX_EVENT_BYTES, ServerSentEvent, SSEDecoder
from .choice import ChoiceState, Chunks, Data
from .events import Event, decode_event
from .failure import failure_of_body, failure_of_wire, is_error, vendor_error
from .lenient import Lenient, parse
from .sources import SourceList
from .usage import usage_of

_DONE: Final = b"[DONE]"


class ChatDecoder:
    """Decodes one Chat Completions response; keeps the laws of `massgen_stream.wire.base.Decoder`.

    The documented end is ``[DONE]`` or a finish reason of every choice; usage may follow the finish reason, so `done`
    comes at ``[DONE]`` or at the end of the input.

    Args:
        id_prefix: Put before ids that are made up because the vendor sent none.
        max_event_bytes: Limit on one event.
    """

    def __init__(self, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        self._sse = SSEDecoder(max_event_bytes)
        self._sniffer: BodySniffer | None = BodySniffer()
        self._prefix = id_prefix
        self._minted: dict[str, int] = {}
        self._id = self._model = ""
        self._started = self._ended = False
        self._choices: dict[int, ChoiceState] = {}
        self._usage: Data | None = None
        self._envelope: Data = {}
        self._sources = SourceList()
        self._errors: list[TextStreamChunk] = []
        self._dropped: set[str] = set()

    def feed(self, data: bytes) -> list[BaseStreamChunk]:
        """Return the chunks that *data* completes."""
        out: Chunks = []
        if self._ended or not self._is_stream(data):
            return out
        try:
            for event in self._sse.feed(data):
                if not self._ended:  # whatever follows the end says nothing
                    self._event(event, out)
        except EventTooLarge as problem:
            self._fail(problem, out)
        return out

    def close(self) -> list[BaseStreamChunk]:
        """Return the chunks that the end of the input completes, `done` among them unless it came before."""
        out: Chunks = []
        if self._ended:
            return out
        if self._sniffer is not None and self._sniffer.is_stream is False:
            self._errors.append(failure_of_body(self._sniffer.body))
            self._finish([self._errors[0]], out, "error")
            return out
        try:
            for event in self._sse.close():
                if _is_complete(event.data):
                    self._event(event, out)
        except EventTooLarge as problem:
            self._fail(problem, out)
        if not self._ended:
            self._end_of_input(out)
        return out

    def _is_stream(self, data: bytes) -> bool:
        if self._sniffer is None:
            return True
        if not self._sniffer.feed(data):
            return False
        if self._sniffer.is_stream:
            self._sniffer = None
        return True

    def _end_of_input(self, out: Chunks) -> None:
        reasons = [choice.finish_reason for choice in self._choices.values()]
        if self._errors or (reasons and all(reasons)):
            self._finish([], out)
        else:
            self._finish([failure_of_wire(Truncated())], out, "incomplete")

    def _event(self, event: ServerSentEvent, out: Chunks) -> None:
        try:
            try:
                parsed = decode_event(event.data)
            except (MsgspecError, UnicodeDecodeError):
                parsed = None
            if parsed is not None and parsed.choices is not None and parsed.error is None:
                self._take(parsed, out)
            else:
                self._unusual(event, out)
        except MalformedEvent as problem:
            self._fail(problem, out, event.data)

    def _unusual(self, event: ServerSentEvent, out: Chunks) -> None:
        """The end, an error, or an event that is not in the usual types."""
        payload = event.data.strip()
        if payload in (_DONE, b""):
            if payload:
                self._finish([], out)
            return
        doc = self._parsed(payload, event.event)
        if not isinstance(doc, dict):
            return
        lenient = Lenient()
        parsed = lenient.event(doc)
        self._take(parsed, out, lenient.dropped)
        if is_error(doc, event.event):
            self._report(doc["error"] if isinstance(doc.get("error"), dict) else doc, out)

    def _parsed(self, payload: bytes, event_name: str) -> Any:
        try:
            return parse(payload)
        except MalformedEvent:
            if event_name != "error":
                raise
            return {"error": {"message": payload.decode("utf-8", "replace")}}

    def _report(self, said: Data, out: Chunks) -> None:
        error = vendor_error(said)
        if error not in self._errors:
            self._errors.append(error)
            out.append(error)

    def _take(self, event: Event, out: Chunks, dropped: list[str] | None = None) -> None:
        before = len(out)
        if dropped:
            self._tell_dropped(dropped, out)
        if event.id and not self._id:
            self._id = event.id
        for choice in event.choices or ():
            index = choice.index or 0
            state = self._choices.get(index)
            if state is None:
                state = self._choices[index] = ChoiceState(index, self._mint)
            state.feed(choice, out)
            if choice.usage:
                self._usage = choice.usage
        if event.citations or event.search_results:
            out.extend(self._sources.feed(event))
        if event.usage or event.x_groq is not None:
            self._take_usage(event, out)
        self._take_envelope(event)
        if not self._started and (self._id or len(out) > before):  # a prelude may come without an id
            self._started = True
            start = TextStreamChunk(type=ChunkType.START, model=self._model or None, response_id=self._id or None)
            out.insert(before, start)

    def _tell_dropped(self, dropped: list[str], out: Chunks) -> None:
        for path in dropped:
            if path not in self._dropped:
                self._dropped.add(path)
                out.append(TextStreamChunk(type=ChunkType.BACKEND_STATUS, status="ignored_field", detail=path))

    def _take_usage(self, event: Event, out: Chunks) -> None:
        if event.usage:
            self._usage = event.usage
            if not event.choices:
                out.append(TextStreamChunk(type=ChunkType.USAGE, usage=usage_of(event.usage)))
        elif event.x_groq is not None and isinstance(event.x_groq.get("usage"), dict):
            self._usage = event.x_groq["usage"]

    def _take_envelope(self, event: Event) -> None:
        if event.model and not self._model:
            self._model = event.model
        if event.created:
            self._envelope["created"] = event.created
        if event.system_fingerprint:
            self._envelope["system_fingerprint"] = event.system_fingerprint
        if event.service_tier:
            self._envelope["service_tier"] = event.service_tier
        if event.provider:
            self._envelope["provider"] = event.provider
        if event.prompt_filter_results:
            self._envelope["prompt_filter_results"] = event.prompt_filter_results

    def _mint(self, kind: str, number: object) -> str:
        """Return an id for something that the vendor gave none: unique in the response, and by its id beyond."""
        if number is None:
            number = self._minted[kind] = self._minted.get(kind, -1) + 1
        return f"{self._prefix}{self._id or 'response'}-{kind}-{number}"

    def _fail(self, problem: WireError, out: Chunks, payload: bytes = b"") -> None:
        self._finish([failure_of_wire(problem, payload)], out, "error")

    def _finish(self, failures: list[TextStreamChunk], out: Chunks, reason: str | None = None) -> None:
        """End the stream: *failures*, the finals, `done`."""
        self._ended = True
        out.extend(failures)
        choices = [self._choices[index] for index in sorted(self._choices)]
        reasons: list[Data] = []
        for choice in choices:
            if reason is None:
                out.extend(choice.media_finals())
            calls = choice.calls(whole=reason is None)
            if calls:
                where = choice.index or None
                out.append(TextStreamChunk(type=ChunkType.TOOL_CALLS, tool_calls=calls, choice_index=where))
            reasons.append({"index": choice.index, "finish_reason": choice.reason(calls), **_raw(choice)})
        response = self._response(choices)
        if response:
            out.append(TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=response))
        out.append(self._done(reasons, reason or ("error" if self._errors else None)))

    def _response(self, choices: list[ChoiceState]) -> Data:
        """The envelope: what the events said besides the message."""
        response: Data = {"id": self._id, "model": self._model, **self._envelope}
        logprobs = [{"index": choice.index, "logprobs": found} for choice in choices if (found := choice.logprobs())]
        return {name: value for name, value in (response | {"choices": logprobs}).items() if value}

    def _done(self, reasons: list[Data], forced: str | None) -> TextStreamChunk:
        first = next((row for row in reasons if row["index"] == 0), {})
        details = dict(self._choices[0].details) if 0 in self._choices else {}
        others = [row for row in reasons if row["index"] != 0]
        if others:
            details["choices"] = others
        return TextStreamChunk(
            type=ChunkType.DONE,
            finish_reason=forced or first.get("finish_reason", "other"),
            raw_finish_reason=first.get("raw_finish_reason"),
            finish_details=details or None,
            usage=usage_of(self._usage) if self._usage else None,
            usage_source="reported" if self._usage else "none",
        )


def _raw(choice: ChoiceState) -> Data:
    return {"raw_finish_reason": choice.finish_reason} if choice.finish_reason else {}


def _is_complete(payload: bytes) -> bool:
    """Whether a payload that waits for its blank line is whole, so that it may be used."""
    if payload.strip() == _DONE:
        return True
    try:
        parse(payload)
    except MalformedEvent:
        return False
    return True
