"""`collect_transcript`: what was said, for those who do not read the stream."""

from __future__ import annotations

from collections.abc import AsyncIterable
from typing import Any, Final

import msgspec

from ...errors import MassGenStreamError
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ...wire.openai_transcription.marks import TRANSCRIPT
from ...wire.openai_transcription.subtitles import subtitles_in
from .transcribing import transcribe

Data = dict[str, Any]
_NOTES: Final = ("warning", "loss", "info", "contradiction", "simulated")
_WHOLE: Final = "stop"


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    """What was said in a recording.

    Attributes:
        success: Whether the transcript is whole.
        text: Everything, as far as it came.
        segments: ``{"id", "text", "start_seconds", "end_seconds", "speaker"}``, as far as the model tells it.
        words: ``{"text", "start_seconds", "end_seconds", "speaker", "kind"}``, likewise.
        speakers: Who speaks, in order of their first words.
        languages: What is spoken, as codes or names.
        subtitles: The file that ``response_format="srt"`` or ``"vtt"`` asked for, as the vendor made it.
        duration_seconds: Length of the recording, where it was told.
        usage: Tokens; seconds that were billed are in its ``details``.
        provider: Who wrote it down; empty when nobody could be asked.
        model: The model, as the provider names it.
        finish_reason: Why it ended; None when it did not begin.
        error: What went wrong, one line.
        notes: Warnings and the like.
    """

    success: bool
    text: str = ""
    segments: list[Data] = []
    words: list[Data] = []
    speakers: list[str] = []
    languages: list[str] = []
    subtitles: str | None = None
    duration_seconds: float | None = None
    usage: Data | None = None
    provider: str = ""
    model: str = ""
    finish_reason: str | None = None
    error: str | None = None
    notes: list[str] = []


async def collect_transcript(source: Any, **options: Any) -> Transcript:
    """Transcribe a recording and return what was said; arguments as `transcribe`.

    Nothing that a user, a key or a vendor does wrong is raised: then `success` is False, and `error` says what it was.
    """
    try:
        stream = transcribe(source, **options)
    except MassGenStreamError as problem:
        return Transcript(success=False, error=str(problem))
    async with stream:
        return await transcript_of(stream)


async def transcript_of(stream: AsyncIterable[BaseStreamChunk]) -> Transcript:
    """Read a stream of `transcribe` to its end and return what was said."""
    heard = _Heard()
    async for chunk in stream:
        if isinstance(chunk, TextStreamChunk):
            heard.feed(chunk)
    return heard.transcript()


class _Heard:
    """What a stream has told."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._segments: dict[Any, Data] = {}
        self._words: list[Data] = []
        self._languages: dict[str, None] = {}
        self._subtitles: str | None = None
        self._seconds: float | None = None
        self._start: TextStreamChunk | None = None
        self._done: TextStreamChunk | None = None
        self._errors: list[str] = []
        self._notes: list[str] = []

    def feed(self, chunk: TextStreamChunk) -> None:
        if chunk.type is ChunkType.CONTENT:
            self._text.append(chunk.content or "")
            self._mark((chunk.provider_data or {}).get(TRANSCRIPT) or {})
        elif chunk.type is ChunkType.START:
            self._start = self._start or chunk
        elif chunk.type is ChunkType.COMPLETE_RESPONSE:
            self._subtitles = subtitles_in(chunk.response or {})
        elif chunk.type is ChunkType.DONE:
            self._done = chunk
        elif chunk.type is ChunkType.ERROR:
            self._errors.append(chunk.error or "")
        elif chunk.type is ChunkType.BACKEND_STATUS and chunk.status in _NOTES:
            self._notes.append(f"{chunk.status}: {chunk.detail}")

    def transcript(self) -> Transcript:
        start, done = self._start, self._done
        segments, words = list(self._segments.values()), self._words
        reason = done.finish_reason if done is not None else None
        success = reason == _WHOLE and not self._errors
        speakers = [one["speaker"] for one in (*segments, *words) if one.get("speaker")]
        return Transcript(
            success=success,
            text="".join(self._text),
            segments=segments,
            words=words,
            speakers=list(dict.fromkeys(speakers)),
            languages=list(self._languages),
            subtitles=self._subtitles,
            duration_seconds=self._duration(done),
            usage=done.usage if done is not None else None,
            provider=(start.provider or "") if start is not None else "",
            model=(start.model or "") if start is not None else "",
            finish_reason=reason,
            error=None if success else "; ".join(self._errors) or f"the stream ended with {reason or 'no end'}",
            notes=self._notes,
        )

    def _mark(self, marks: Data) -> None:
        for segment in marks.get("segments", ()):  # one that is told again replaces itself
            self._segments[segment.get("id", (len(self._segments),))] = segment
        self._words += marks.get("words", ())
        self._languages |= dict.fromkeys(marks.get("languages", ()))
        self._seconds = marks.get("duration_seconds", self._seconds)

    def _duration(self, done: TextStreamChunk | None) -> float | None:
        """Return the length that was told, else the one that is billed."""
        details = (done.usage or {}).get("details", {}) if done is not None else {}
        billed = details.get("seconds") if details.get("type") == "duration" else None
        return self._seconds if self._seconds is not None else billed
