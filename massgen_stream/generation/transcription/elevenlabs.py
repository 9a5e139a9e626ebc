"""Scribe, ElevenLabs' transcription: https://elevenlabs.io/docs/api-reference/speech-to-text/convert."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from itertools import groupby
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from ...backend.parameters import refuse_formless, refuse_misplaced, transport_of
from ...backend.turn import Turn
from ...errors import ConfigurationError
from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ...wire.openai_transcription import TranscriptionDecoder
from ...wire.openai_transcription.marks import TRANSCRIPT
from ..sdk_answers import answer
from ..vendors.elevenlabs.client import LIBRARIES, calling, opened
from .engine import Asked, Engine
from .input import Recording
from .options import flag, language_code, languages, named_model, phrases, temperature

Data = dict[str, Any]
_RESOURCE: Final = "speech_to_text"
_MOST_TEMPERATURE: Final = 2
_MORE_FORMATS: Final = {
    "audio/aac": "aac",
    "audio/aiff": "aiff",
    "video/quicktime": "mov",
    "video/x-matroska": "mkv",
    "video/x-msvideo": "avi",
}
_OF_SDK: Final = frozenset((
    "additional_formats", "detect_speaker_roles", "diarization_threshold", "enable_logging", "entity_detection",
    "entity_redaction", "entity_redaction_mode", "file_format", "no_verbatim", "num_speakers", "numbers_format", "seed",
    "secondary_language_codes", "tag_audio_events", "timestamps_granularity", "transcript_edit", "use_multi_channel",
    "use_speaker_library", "multichannel_output_style",
))  # fmt: skip
_REFUSED: Final = {
    "prompt": "Scribe takes no prompt; give keywords",
    "response_format": "Scribe answers in one format; leave response_format out",
    "webhook": "a webhook gets the transcript instead of this stream; leave webhook out",
    "source_url": "give the address as the source: it is fetched here",
    "cloud_storage_url": "give the address as the source: it is fetched here",
}


class ElevenLabsTranscription(Engine):
    """Sends a form; the answer is one document, with the times of all words."""

    libraries: ClassVar = LIBRARIES

    def __init__(self, asked: Asked) -> None:
        self._account, self._clients = asked.account, asked.clients
        self.model = named_model(asked.model) or asked.host.default_model
        self._fields, self._more, self._transport = _form_of(asked.options)
        self._recording = Recording(asked.source, asked.spec.name, asked.host.max_bytes, more_formats=_MORE_FORMATS)

    async def attempt(self, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield the transcript, and the marks of its words; who speaks when, where that is asked for."""
        async with (
            self._recording.opened() as file,
            opened(self._account, turn, _RESOURCE, clients=self._clients) as sdk,
        ):
            arguments = {"file": tuple(file), "model_id": self.model, **self._fields, "more": self._more}
            client = calling(sdk, _RESOURCE, "convert")
            chunks = answer(
                client,
                turn,
                lambda _: TranscriptionDecoder(response_format="json"),
                arguments,
                transport=self._transport,
            )
            async with aclosing(chunks):
                async for chunk in chunks:
                    yield _with_segments(chunk) if self._fields.get("diarize") else chunk


def _form_of(options: Mapping[str, Any]) -> tuple[Data, Data, Data]:
    """Return arguments of the SDK's method, fields that it does not know, and ``extra_headers`` and ``extra_query``.

    Raises:
        ConfigurationError: An option cannot be.
    """
    refuse_misplaced(options)
    given = {name: value for name, value in options.items() if value is not None and not name.startswith("extra_")}
    for name, why in _REFUSED.items():
        if name in given:
            raise ConfigurationError(f"{name}: {why}")
    flag(given, "words")  # they always come
    fields: Data = {"diarize": True} if flag(given, "speakers") else {}
    fields |= _languages(given)
    if "keywords" in given:
        fields["keyterms"] = phrases("keywords", given.pop("keywords"))
    if "temperature" in given:
        fields["temperature"] = temperature("temperature", given.pop("temperature"), _MOST_TEMPERATURE)
    fields |= {name: given.pop(name) for name in list(given) if name in _OF_SDK}
    if fields.get("use_multi_channel"):  # several transcripts have no place in one stream
        fields.setdefault("multichannel_output_style", "combined")
    more = {**given, **(options.get("extra_body") or {})}
    refuse_formless({**fields, **more})
    return fields, more, transport_of(options)


def _languages(given: Data) -> Data:
    if "language" in given and "languages" in given:
        raise ConfigurationError("language and languages are both given; put one language, or several, into one")
    if "language" in given:
        return {"language_code": language_code("language", given.pop("language"))}
    if "languages" not in given:
        return {}
    first, *others = languages("languages", given.pop("languages"))
    return {"language_code": first, **({"secondary_language_codes": others} if others else {})}


def _with_segments(chunk: BaseStreamChunk) -> BaseStreamChunk:
    """Return *chunk*, its words also as segments: what one speaker says until another does."""
    marks = (chunk.provider_data or {}).get(TRANSCRIPT) if isinstance(chunk, TextStreamChunk) else None
    if not isinstance(chunk, TextStreamChunk) or not isinstance(marks, dict) or marks.get("segments"):
        return chunk
    segments = list(_segments(marks.get("words") or []))
    if not segments:
        return chunk
    return replace(chunk, provider_data={**(chunk.provider_data or {}), TRANSCRIPT: {**marks, "segments": segments}})


def _segments(words: list[Data]) -> Iterator[Data]:
    for number, (speaker, found) in enumerate(groupby(words, lambda word: word.get("speaker"))):
        said = list(found)
        times = {
            "start_seconds": next((word["start_seconds"] for word in said if "start_seconds" in word), None),
            "end_seconds": next((word["end_seconds"] for word in reversed(said) if "end_seconds" in word), None),
            "speaker": speaker,
        }
        known = {name: value for name, value in times.items() if value is not None}
        yield {"id": number, "text": " ".join(word.get("text", "") for word in said), **known}
