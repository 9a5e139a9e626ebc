"""Gemini's transcription: https://ai.google.dev/gemini-api/docs/generate-content/transcribe.

The recording goes to ``generateContent`` as it would in a chat; long ones are uploaded first.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Any, ClassVar, Final

from msgspec.structs import asdict, replace

from ...backend.gemini import GeminiBackend
from ...backend.turn import Turn
from ...backend.waiting_media import with_media
from ...errors import ConfigurationError
from ...media.origin import BytesOrigin
from ...media.source import MediaSource
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ...wire.openai_transcription.marks import TRANSCRIPT
from ..clients import lent_client
from ..config_values import part_of
from .engine import Asked, Engine
from .input import check_heard
from .options import flag, language_code, languages, named_model, phrases

Data = dict[str, Any]
_PROTOCOL: Final = "google.generate_content"
_TRANSCRIBES: Final = "transcribe"
"""In the names of models that do nothing else, and that alone tell times and speakers."""
_MOST_PHRASES: Final = 1000
_PROMPT: Final = "Write down word for word what is said in this recording. Answer with the transcript alone."
_CONFIG: Final = "audio_transcription_config"
_ALONE: Final = "Gemini takes keywords alone, without words and speakers"


class GeminiTranscription(Engine):
    """Listens with a model that transcribes, or with any other that hears, which gets a prompt."""

    libraries: ClassVar = {"google.genai": "google"}

    def __init__(self, asked: Asked) -> None:
        self.model = named_model(asked.model) or asked.host.default_model
        given = {name: value for name, value in asked.options.items() if value is not None}
        options = {"media_policy": "upload", **_options_of(given, self.model)}
        account = asked.account
        door: Data = {"api_key": account.api_key, "base_url": account.base_url, "environ": {}, "model": self.model}
        self._backend, self._clients = GeminiBackend(asked.spec, **door, **asdict(asked.limits)), asked.clients
        part = part_of("audio", "source", asked.source)
        self._source = _near(part)
        parts = [part]
        prompt = given.get("prompt", None if _TRANSCRIBES in self.model else _PROMPT)
        parts += [] if prompt is None else [{"type": "text", "text": prompt}]
        self._prepared = self._backend.prepare([{"role": "user", "content": parts}], [], self.model, options)
        self.losses = tuple(self._prepared.losses)

    @property
    def payload(self) -> Any:
        """The request, as the backend has it."""
        return self._prepared.payload

    async def attempt(self, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield the transcript part by part, as it comes."""
        with turn.preparing():
            if self._source is not None:
                check_heard(await self._source.head(), self._source)
        heard = _Heard()
        async with self._lent(turn) as backend, aclosing(self._said(backend, turn)) as chunks:
            async for chunk in chunks:
                yield heard.take(chunk)

    def _said(self, backend: GeminiBackend, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        media = self._prepared.media
        if media is None:
            return backend.stream_attempt(turn)
        return with_media(backend.stream_attempt, media, backend.uploads, turn)

    def _lent(self, turn: Turn) -> AbstractAsyncContextManager[GeminiBackend]:
        """Lend the backend; all backends with the same door and limits do the same."""
        account = self._backend.account
        key = (GeminiBackend, account.api_key, account.base_url, self._backend.limits)

        async def opening() -> GeminiBackend:
            return self._backend

        return lent_client(self._clients, turn, key, opening, lambda backend: backend.aclose())


def _near(part: Data) -> MediaSource | None:
    """Return the source of a part that is here; None where only the vendor, or whoever fetches it, sees what it is.

    Raises:
        MediaError: It holds its bytes, and they are no recording.
    """
    if part.get("file_id") or (part.get("url") or "data:")[:5].lower() != "data:":
        return None
    source = MediaSource.of(part)
    if isinstance(source.origin, BytesOrigin):
        check_heard(source.origin.data, source)
    return source


class _Heard:
    """Puts what is told of each part into the form that all transcripts have."""

    def __init__(self) -> None:
        self._has_text = False

    def take(self, chunk: BaseStreamChunk) -> BaseStreamChunk:
        """Return *chunk* with its text and its marks."""
        if not isinstance(chunk, TextStreamChunk) or chunk.type is not ChunkType.CONTENT:
            return chunk
        parts = ((chunk.provider_data or {}).get(_PROTOCOL) or {}).get("parts") or []
        told = [part["audioTranscription"] for part in parts if isinstance(part.get("audioTranscription"), dict)]
        text = chunk.content or " ".join(one["text"] for one in told if isinstance(one.get("text"), str))
        if told and not chunk.content and text and self._has_text:
            text = f" {text}"  # parts are whole turns of a conversation, without space around them
        self._has_text = self._has_text or bool(text)
        marks = _marks_of(told)
        data = {**(chunk.provider_data or {}), TRANSCRIPT: marks} if marks else chunk.provider_data
        return replace(chunk, content=text, provider_data=data)


def _options_of(given: Data, model: str) -> Data:
    """Return the options of the request.

    Raises:
        ConfigurationError: One cannot be, or the model does not take it.
    """
    rest = {name: value for name, value in given.items() if name != "prompt"}
    words, speakers = (flag(rest, name) for name in ("words", "speakers"))
    phrased = phrases("keywords", rest.pop("keywords")) if "keywords" in rest else []
    spoken = [language_code("language", rest.pop("language"))] if "language" in rest else []
    spoken += languages("languages", rest.pop("languages")) if "languages" in rest else []
    config = {
        "languageCodes": spoken,
        "customVocabulary": phrased,
        "wordTimestamp": words or speakers,  # parts have no times of their own: they are those of their words
        "diarization": speakers,
        **(rest.pop(_CONFIG, None) or {}),
    }
    wanted = {name: value for name, value in config.items() if value not in (False, [])}
    if _TRANSCRIBES not in model and wanted:
        raise ConfigurationError(f"model {model} takes no {', '.join(wanted)}; gemini-3.5-transcribe does")
    if phrased and (words or speakers):
        raise ConfigurationError(f"{_ALONE}; leave one of them out")
    if len(phrased) > _MOST_PHRASES:
        raise ConfigurationError(f"keywords holds {len(phrased)} phrases; at most {_MOST_PHRASES}")
    return {**rest, **({_CONFIG: wanted} if wanted else {})}


def _marks_of(told: list[Data]) -> Data:
    """Return the marks of parts, of which google.genai's `Transcription` and `WordInfo` say the fields."""
    words = [word for one in told for word in _words(one)]
    spoken = dict.fromkeys(one["languageCode"] for one in told if isinstance(one.get("languageCode"), str))
    marks = {"segments": [mark for one in told if (mark := _segment(one))], "words": words, "languages": list(spoken)}
    return {name: value for name, value in marks.items() if value}


def _segment(one: Data) -> Data:
    words = list(_words(one))
    times = _times(one) or {
        **({"start_seconds": words[0]["start_seconds"]} if words and "start_seconds" in words[0] else {}),
        **({"end_seconds": words[-1]["end_seconds"]} if words and "end_seconds" in words[-1] else {}),
    }
    who = one.get("speakerLabel")
    known = {**times, **({"speaker": who} if isinstance(who, str) else {})}
    return {"text": str(one.get("text") or ""), **known} if known else {}


def _words(one: Data) -> Iterator[Data]:
    words = one.get("words")
    for word in words if isinstance(words, list) else ():
        if isinstance(word, dict) and isinstance(word.get("word"), str):
            who = word.get("speakerLabel", one.get("speakerLabel"))
            yield {"text": word["word"], **_times(word), **({"speaker": who} if isinstance(who, str) else {})}


def _times(one: Mapping[str, Any]) -> Data:
    edges = {"start_seconds": one.get("startOffset"), "end_seconds": one.get("endOffset")}
    found = {name: _seconds(value) for name, value in edges.items()}
    return {name: value for name, value in found.items() if value is not None}


def _seconds(offset: object) -> float | None:
    """Return the seconds of ``1.500s``, https://protobuf.dev/reference/protobuf/google.protobuf/#duration."""
    if not isinstance(offset, str) or not offset.endswith("s"):
        return None
    try:
        return float(offset.removesuffix("s"))
    except ValueError:
        return None
