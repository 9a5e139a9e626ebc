"""Transcription bytes to chunks: events, JSON documents, and plain text or subtitles where they were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import MsgspecError

from ...errors import ConfigurationError, EventTooLarge
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..endpoint import EndpointDecoder
from ..event_stream import Chunks
from ..failure import failure_of_wire
from ..json_value import finite
from ..sse import DEFAULT_MAX_EVENT_BYTES
from .channels import flat, is_by_channel
from .events import (
    DELTA,
    KINDS,
    LANGUAGE,
    PROTOCOL,
    SEGMENT,
    TRANSCRIBED,
    decode_event,
    text_of,
    without_unusable,
)
from .heard import HeardText, HeardTexts
from .marks import TRANSCRIPT, marks_of, segment_mark
from .subtitles import SUBTITLES, cues_of
from .untold import UntoldBody, format_of

Data = dict[str, Any]
_BOM: Final = b"\xef\xbb\xbf"
_NOT_KEPT: Final = frozenset(("type", "text", "usage", "error"))
FORMATS: Final = ("json", "verbose_json", "diarized_json", "text", "srt", "vtt")
TEXTS: Final = frozenset(("text", *SUBTITLES))
"""Formats of the answer that have no end of their own."""
_PAGES: Final = (b"<!doctype", b"<html")


class TranscriptionDecoder(EndpointDecoder):
    """Decodes one response of the Transcription API; keeps the laws of `massgen_stream.wire.base.Decoder`.

    Text is content; that of a segment has its id as `item_id`. Times, words, speakers and languages are in one form for
    all vendors: see `massgen_stream.wire.openai_transcription.marks`. Log probabilities of a delta are in
    ``provider_data["openai.transcription"]["logprobs"]``. The final object, without text and usage, is the
    `complete_response`; its text is there only where it is not what the deltas said. A JSON document says what
    ``transcript.text.done`` does, and so do plain text and subtitles, which are kept as ``body`` of the response.

    The documented end is ``transcript.text.done``, or the end of a document.

    Args:
        id_prefix: Put before ids that are made up; this wire needs none.
        max_event_bytes: Limit on one event, and on a document.
        response_format: What was asked for. Without it, a body that shows no event, JSON or page is plain text or
            subtitles, at its end; who asked for events or JSON should tell, so that such a body is a cut one. A JSON
            error is one whatever was asked for.

    Raises:
        ConfigurationError: There is no such format.
    """

    KNOWN = frozenset(KINDS)
    WHOLE = TRANSCRIBED

    def __init__(
        self,
        *,
        id_prefix: str = "",
        max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES,
        response_format: str | None = None,
    ) -> None:
        super().__init__(id_prefix, max_event_bytes)
        if response_format is not None and response_format not in FORMATS:
            raise ConfigurationError(
                f"unknown response_format {response_format!r:.40}; use one of {', '.join(FORMATS)}"
            )
        self._format = response_format
        self._untold = UntoldBody() if response_format is None else None
        self._text: bytearray | None = bytearray() if response_format in TEXTS else None
        self._heard = HeardTexts()

    def feed(self, data: bytes) -> Chunks:
        """Return the chunks that *data* completes."""
        if self._untold is not None:
            return self._feed_untold(self._untold, data)
        if self._text is None or self._ended:
            return super().feed(data)
        self._text += data
        return self._too_large(len(self._text))

    def _feed_untold(self, untold: UntoldBody, data: bytes) -> Chunks:
        if self._ended:
            return []
        known = untold.feed(data)
        if not known:
            return self._too_large(untold.size_bytes)
        self._untold = None
        return super().feed(known)

    def _too_large(self, size_bytes: int) -> Chunks:
        out: Chunks = []
        if size_bytes > self._max_event_bytes:
            self._break(failure_of_wire(EventTooLarge(self._max_event_bytes)), "error", out)
        return out

    def close(self) -> Chunks:
        """Return the chunks that the end of the input completes."""
        if self._untold is not None:
            kept, is_text = self._untold.close()
            self._untold = None
            if not is_text:
                return self.feed(kept) + super().close()
            self._format, self._text = format_of(kept.removeprefix(_BOM).decode("utf-8", "replace")), bytearray(kept)
        if self._text is None or self._ended:
            return super().close()
        out: Chunks = []
        body = bytes(self._text).removeprefix(_BOM)
        if body.lstrip().lower().startswith((b"{", *_PAGES)):
            self._other_body(body.lstrip(), out)
        else:
            self._take(self._document_of(body.decode("utf-8", "replace")), TRANSCRIBED, out)
        return out

    def _document_of(self, text: str) -> Data:
        if self._format == "text":
            return {"text": text}
        cues = cues_of(text)
        said = "\n".join(cue["text"] for cue in cues) if cues else text
        return {"text": said, "segments": cues, "format": self._format, "body": text}

    def _fast(self, payload: bytes, out: Chunks, *, whole: bool) -> bool:
        try:
            event = decode_event(payload)
        except (MsgspecError, UnicodeDecodeError):
            return False
        if whole or event.type != DELTA or event.error is not None:
            return False
        self._begin(out, event.model)
        self._take_usage(event.usage, out)
        self._say(event.segment_id, event.delta or "", event.logprobs, out)
        return True

    def _take(self, doc: Data, kind: str, out: Chunks) -> None:
        doc, dropped = without_unusable(doc)
        text = text_of(doc, kind, "delta" if kind == DELTA else "text")
        self._begin(out, doc.get("model"))
        self._tell_dropped(dropped, out)
        self._take_usage(doc.get("usage"), out)
        known = KINDS[kind]
        if known == DELTA:
            self._say(doc.get("segment_id"), text, doc.get("logprobs"), out)
        elif known == LANGUAGE:
            self._tell_language(doc.get("audio_language"), out)
        elif known == SEGMENT:
            self._take_segment(doc, text, out)
        else:
            self._take_whole(doc, text if "text" in doc else flat(doc).get("text", ""), out)

    def _is_document(self, doc: Data) -> bool:
        return "text" in doc or is_by_channel(doc) or _is_accepted(doc)

    def _say(self, segment: str | None, text: str, logprobs: Sequence[Any] | None, out: Chunks) -> None:
        own = {PROTOCOL: {"logprobs": logprobs}} if logprobs else None
        if text:
            self._heard.add(segment, text)
        if text or own:
            out.append(TextStreamChunk(type=ChunkType.CONTENT, content=text, item_id=segment, provider_data=own))

    def _tell_language(self, language: str | None, out: Chunks) -> None:
        if language:
            data = {TRANSCRIPT: {"languages": [language]}}
            out.append(TextStreamChunk(type=ChunkType.CONTENT, content="", provider_data=data))

    def _take_segment(self, doc: Data, text: str, out: Chunks) -> None:
        """Take a segment: text that has not come in deltas, and its marks."""
        own = doc.get("id")
        segment = None if own is None else str(own)
        heard = self._heard.segment(segment)
        rest = self._rest(heard, text, f"{SEGMENT} of {segment}", out) if heard is not None else ""
        if rest:
            self._heard.add_segment(segment, rest)
        marks = segment_mark(doc)
        if rest or marks:
            data = {TRANSCRIPT: {"segments": [marks]}} if marks else None
            out.append(TextStreamChunk(type=ChunkType.CONTENT, content=rest, item_id=segment, provider_data=data))

    def _take_whole(self, doc: Data, text: str, out: Chunks) -> None:
        """Take the whole transcript, which ends the response."""
        response = {name: finite(value) for name, value in doc.items() if name not in _NOT_KEPT}
        if text and self._heard.whole.rest_of(text) is None:
            response["text"] = text
        rest = self._rest(self._heard.whole, text, TRANSCRIBED, out)
        if rest:
            out.append(TextStreamChunk(type=ChunkType.CONTENT, content=rest))
        marks = marks_of(response)
        if marks:
            data = {TRANSCRIPT: marks}
            out.append(TextStreamChunk(type=ChunkType.CONTENT, content="", provider_data=data))
        if response:
            out.append(TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=response))
        self._complete = True
        self._finish(out)

    def _rest(self, heard: HeardText, text: str, final: str, out: Chunks) -> str:
        """Return what the *text* of a *final* adds to its deltas, and tell if it contradicts them."""
        rest = heard.rest_of(text)
        if rest is None and text and not heard.agrees(text):
            detail = f"{final} contradicts its deltas; the deltas stand"
            out.append(TextStreamChunk(type=ChunkType.BACKEND_STATUS, status="contradiction", detail=detail))
        return rest or ""


def _is_accepted(doc: Data) -> bool:
    """Return whether a host only tells that it will send the transcript: to a webhook of ElevenLabs or Deepgram."""
    return "transcription_id" in doc or doc.keys() == {"request_id"}
