"""Chunks to Transcription bytes: what a server sends for them."""

from __future__ import annotations

from typing import Any

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import literal_form
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..endpoint_encoder import EndpointEncoder
from .events import DELTA, LANGUAGE, METADATA, PROTOCOL, SEGMENT, TRANSCRIBED
from .marks import TRANSCRIPT, marks_of, segment_of

Data = dict[str, Any]
_T = ChunkType
_OF_EVENT = frozenset(("type", "text", "usage", "error"))


class TranscriptionEncoder(EndpointEncoder):
    """Encodes one stream of the Transcription API; keeps the laws of `massgen_stream.wire.base.Encoder`.

    Marks of the whole transcript wait for the `complete_response`, whose event says them. Never said again, and losses,
    are an event over the decoder's limit and a foreign document over 64 KiB; a document has no log probabilities of
    single deltas.

    Args:
        whole: Write one document, as a server does that was not asked for a stream; all of it comes with `done`.

    Attributes:
        losses: What could not be said, one line each.
    """

    UNSAID = "a Transcription stream has no place for it"
    BARE = {"type": DELTA, "delta": ""}  # noqa: RUF012 - never changed
    PLACES = {  # noqa: RUF012 - never changed
        _T.START: ("provider", "response_id", "request_id"),
        _T.CONTENT: ("phase",),
        _T.ERROR: ("tool_call_id", "media_id"),
        _T.DONE: ("finish_details", "raw_finish_reason", "media_results"),
    }
    OWN = (PROTOCOL, frozenset(("logprobs",)))
    FIELDS = frozenset(METADATA)
    DOCUMENT = frozenset(("text",))

    def __init__(self, *, whole: bool = False) -> None:
        super().__init__(whole=whole)
        self._pieces: list[str] = []
        self._marks: Data | None = None  # wait
        self._response: Data | None = None  # waits for the usage

    def _first(self, start: TextStreamChunk, body: Data) -> Data:
        return {"model": start.model} if start.model and "model" not in body else {}

    def _lost(self, chunk: BaseStreamChunk) -> list[str]:
        return [name for name in super()._lost(chunk) if name != f"provider_data[{TRANSCRIPT}]"]

    def _say(self, chunk: BaseStreamChunk) -> list[Data] | None:
        if not isinstance(chunk, TextStreamChunk):
            return None
        if chunk.type is _T.CONTENT:
            return self._content(chunk)
        if chunk.type is _T.COMPLETE_RESPONSE:
            return self._envelope(chunk)
        told = chunk.type is _T.BACKEND_STATUS and chunk.status == "contradiction"
        return [] if told and (chunk.detail or "").startswith((SEGMENT, TRANSCRIBED)) else None

    def _content(self, chunk: TextStreamChunk) -> list[Data]:
        text, data = chunk.content or "", chunk.provider_data or {}
        self._pieces.append(text)
        marks = data.get(TRANSCRIPT)
        marks = marks if isinstance(marks, dict) and marks else None
        if marks is not None and _is_segment(marks) and (text or chunk.item_id is not None):
            return [*self._waiting(), _segment(marks["segments"][0])]
        events = self._waiting()
        logprobs = (data.get(PROTOCOL) or {}).get("logprobs")
        said = {"logprobs": logprobs} if logprobs else {}
        if text or said:
            segment = {} if chunk.item_id is None else {"segment_id": chunk.item_id}
            events.append({"type": DELTA, "delta": text, **segment, **said})
        self._marks = marks
        return events

    def _envelope(self, chunk: TextStreamChunk) -> list[Data]:
        response = chunk.response or {}
        said = {name: value for name, value in response.items() if name not in _OF_EVENT or name == "text"}
        self._response = literal_form(said)
        if self._marks is not None and self._marks == marks_of(response):
            self._marks = None
        return self._waiting()

    def _waiting(self) -> list[Data]:
        marks, self._marks = self._marks, None
        if marks is None:
            return []
        languages = marks.get("languages")
        if marks.keys() == {"languages"} and isinstance(languages, list) and len(languages) == 1:
            return [{"type": LANGUAGE, "audio_language": languages[0]}]
        self.losses += (f"content.provider_data[{TRANSCRIPT}][{n}]: {self.UNSAID}" for n in marks if n != "segments")
        segments = marks.get("segments")
        return [_segment(one) for one in segments if isinstance(one, dict)] if isinstance(segments, list) else []

    def _end(self, chunk: TextStreamChunk, usage: Data | None) -> list[Data]:
        if chunk.finish_reason == "other" and self._response is None:
            self._terminates = True
            said = self._waiting()
            return [*said, *self._report(usage)] if usage else said or self._bare()
        return [*self._waiting(), *self._whole(usage)]

    def _break_off(self, usage: Data | None) -> list[Data]:
        return super()._break_off(usage) if self._response is None else [*self._waiting(), *self._whole(usage)]

    def _whole(self, usage: Data | None) -> list[Data]:
        """Return the event of the whole transcript, after one for a model that it does not say itself."""
        said, response = {"usage": usage} if usage else {}, self._response or {}
        is_named = self._start is not None and bool(self._start.model) and "model" not in response
        whole = {"type": TRANSCRIBED, "text": "".join(self._pieces), **response, **said}
        return [*(self._bare() if is_named else ()), whole]

    def _fold(self, event: Data, document: Data) -> None:
        kind = event.pop("type")
        document.setdefault("text", "")
        if kind == DELTA and event.pop("logprobs", None):
            self._unfolded(f"{kind}.logprobs")
        if kind == LANGUAGE:
            event = {} if "language" in document else {"language": event["audio_language"]}
        if kind == SEGMENT:
            event = {"segments": [*document.get("segments", ()), {**event, "type": SEGMENT}]}
        document.update((name, value) for name, value in event.items() if name not in ("delta", "segment_id"))

    def _report(self, usage: Data) -> list[Data]:
        return [{**self.BARE, "usage": usage}]


def _is_segment(marks: Data) -> bool:
    """Return whether *marks* are those of one segment alone."""
    segments = marks.get("segments")
    one = isinstance(segments, list) and len(segments) == 1 and isinstance(segments[0], dict)
    return one and marks.keys() == {"segments"}


def _segment(mark: Data) -> Data:
    return {"type": SEGMENT, **segment_of(mark)}
