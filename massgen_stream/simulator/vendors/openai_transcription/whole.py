"""The answer in one piece: a document, plain text, or subtitles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from ....stream_chunk.base import BaseStreamChunk
from ....wire.openai_transcription.events import SEGMENT, TRANSCRIBED
from ...openai_errors import openai_refusal, refuse_of
from ...stream_documents import documents_of
from ...vendor import Refused
from .transcription_wiring import TranscriptionWiring

Data = dict[str, Any]
_BETWEEN: Final = {"srt": ",", "vtt": "."}


def whole_transcript(stream: bytes, form: str) -> Data:
    """Return the document that the events of *stream* make.

    Raises:
        Refused: One of them is an error.
        ValueError: One of them is no JSON object, or the end is missing.
    """
    segments: list[Data] = []
    document: Data | None = None
    for said in documents_of(stream):
        if "error" in said:
            raise Refused(refuse_of(said["error"]))
        if said.get("type") == SEGMENT:
            segments.append(said)
        if said.get("type") == TRANSCRIBED:
            document = {name: value for name, value in said.items() if name != "type"}
    if document is None:
        raise ValueError("no event holds the transcript")
    if form == "diarized_json":
        return {"task": "transcribe", "duration": 0.0, **document, "segments": segments}
    if form == "verbose_json":
        return {"task": "transcribe", "language": "en", "duration": 0.0, **document}
    return document


class TextWiring:
    """Encodes one answer as plain text (``text``) or subtitles (``srt``, ``vtt``), all of it at the end."""

    def __init__(self, form: str) -> None:
        self._events = TranscriptionWiring()
        self._form = form
        self._stream = bytearray()

    def events(self, chunk: BaseStreamChunk) -> Iterator[bytes]:
        """Yield nothing yet."""
        self._stream += b"".join(self._events.events(chunk))
        return iter(())

    def close(self) -> bytes:
        """Return the whole text; of an error, its document."""
        self._stream += self._events.close()
        try:
            document = whole_transcript(bytes(self._stream), self._form)
        except Refused as problem:
            return json.dumps(openai_refusal(problem.refuse)).encode()
        except ValueError:
            return bytes(self._stream)
        return text_of(document, self._form).encode()


def text_of(document: Data, form: str) -> str:
    """Return a transcript as text or subtitles."""
    if form not in _BETWEEN:
        return f"{document['text']}\n"
    end = document.get("duration", 0.0)
    cues = document.get("segments") or [{"text": document["text"], "start": 0.0, "end": end}]
    head = "WEBVTT\n\n" if form == "vtt" else ""
    return head + "\n".join(_cue(number, cue, form) for number, cue in enumerate(cues, 1))


def _cue(number: int, cue: Data, form: str) -> str:
    times = f"{_time(cue['start'], form)} --> {_time(cue['end'], form)}"
    name = f"{number}\n" if form == "srt" else ""
    return f"{name}{times}\n{cue['text'].strip()}\n"


def _time(seconds: float, form: str) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{_BETWEEN[form]}{rest % 1000:03}"
