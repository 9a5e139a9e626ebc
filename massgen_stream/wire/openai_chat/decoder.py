"""Chat Completions bytes to chunks."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import MsgspecError

from ...errors import Truncated
from ..answer_decoder import AnswerDecoder
from ..event_stream import DONE
from ..failure import failure_of_wire, is_error
from ..sse import DEFAULT_MAX_EVENT_BYTES, ServerSentEvent
from .choice import ChoiceState, Chunks, Data
from .ending import Ended, ending_chunks
from .envelope import Envelope, dropped_figures, reported_usage, usage_chunk
from .events import Event, decode_event
from .lenient import Lenient, is_chat_event
from .media import AudioTracks
from .sources import SourceList


class ChatDecoder(AnswerDecoder):
    """Decodes one Chat Completions response; keeps the laws of `massgen_stream.wire.base.Decoder`.

    The documented end is ``[DONE]`` or a finish reason of every choice; usage may follow the finish reason, so `done`
    comes at ``[DONE]`` or at the end of the input.

    Args:
        id_prefix: Put before ids that are made up because the vendor sent none.
        max_event_bytes: Limit on one event.
    """

    def __init__(self, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        super().__init__(id_prefix=id_prefix, max_event_bytes=max_event_bytes)
        self._choices: dict[int, ChoiceState] = {}
        self._audio = AudioTracks()
        self._envelope = Envelope()
        self._latest = Event()  # what the last event said besides its choices; most events say the same again
        self._sources = SourceList()

    def _end_of_input(self, out: Chunks) -> None:
        reasons = [choice.ending.raw for choice in self._choices.values()]
        if self._errors or (reasons and all(reasons)):
            self._finish(out)
        else:
            self._break(failure_of_wire(Truncated()), "incomplete", out)

    def _event(self, event: ServerSentEvent, out: Chunks) -> None:
        try:
            parsed = decode_event(event.data)
        except (MsgspecError, UnicodeDecodeError):
            parsed = None
        if parsed is None or parsed.choices is None or parsed.error is not None:
            self._unusual(event, out)
        elif self._started:
            self._add(parsed, out, ())
        else:
            self._take(parsed, out)

    def _unusual(self, event: ServerSentEvent, out: Chunks) -> None:
        """The end, an error, or an event that is not in the usual types."""
        payload = event.data.strip()
        if payload == DONE:
            self._finish(out)
        elif payload:
            doc = self._parsed(payload, event.event)
            if isinstance(doc, dict):
                self._document(doc, event.event, out)

    def _document(self, doc: Data, event_name: str, out: Chunks) -> None:
        if is_chat_event(doc):
            lenient = Lenient()
            self._take(lenient.event(doc), out, lenient.dropped)
        if is_error(doc, event_name):
            self._add_error(doc["error"] if isinstance(doc.get("error"), dict) else doc, out)

    def _take(self, event: Event, out: Chunks, dropped: Sequence[str] = ()) -> None:
        if self._started:
            self._add(event, out, dropped)
            return
        self._envelope.identify(event)
        self._minting.response_id = self._envelope.response_id
        place = len(out)
        try:
            self._add(event, out, dropped)
        finally:
            if self._envelope.response_id or len(out) > place:  # Azure's prelude has no id, and nothing to tell
                self._started = True
                out.insert(place, self._envelope.start())

    def _add(self, event: Event, out: Chunks, dropped: Sequence[str]) -> None:
        if dropped:
            self._tell_dropped(dropped, out)
        choices, event.choices = event.choices, None
        for choice in choices or ():
            state = self._choices.get(choice.index or 0) or self._open(choice.index or 0)
            state.feed(choice, out)
            if choice.usage:
                self._take_usage(choice.usage, out)
        if event.usage is not None or event != self._latest:
            self._latest = event
            self._add_rest(event, out, alone=not choices)

    def _open(self, index: int) -> ChoiceState:
        state = self._choices[index] = ChoiceState(index, self._minting, self._audio)
        return state

    def _add_rest(self, event: Event, out: Chunks, *, alone: bool) -> None:
        """Take what an event says besides its choices; *alone* tells that it has none."""
        self._envelope.take(event)
        if event.citations or event.search_results:
            out.extend(self._sources.feed(event))
        usage = reported_usage(event)
        if usage is not None:
            self._take_usage(usage, out)
            if alone and event.usage:
                out.append(usage_chunk(usage))

    def _take_usage(self, usage: Data, out: Chunks) -> None:
        self._envelope.usage = usage
        self._tell_dropped(dropped_figures(usage), out)

    def _finish(self, out: Chunks, reason: str | None = None) -> None:
        self._ended = True
        choices = [self._choices[index] for index in sorted(self._choices)]
        ended = Ended(choices, self._envelope, self._audio, failed=bool(self._errors), reason=reason)
        out.extend(ending_chunks(ended))
