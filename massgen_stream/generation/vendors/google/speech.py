"""Speech by Gemini, through Interactions: https://ai.google.dev/gemini-api/docs/speech-generation."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any, ClassVar, Final

from ....backend.turn import Turn
from ....provider.gemini import SPEC
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ...choices import AudioType, OutputFormat
from ...config import GenerationConfig
from ...generator import Generator
from ...offer import Offer
from ...order import Order
from .interacting import Body
from .sound import GoogleSound, sounding

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_USUAL_VOICE: Final = "Kore"
_MOST_SPEAKERS: Final = 2
_FORMATS: Final = {
    # google.genai AudioResponseFormatMimeType; samples are made to a WAV file here, since a stream has them bare
    OutputFormat.WAV: "audio/l16",
    OutputFormat.PCM: "audio/l16",
    OutputFormat.MP3: "audio/mp3",
    OutputFormat.OPUS: "audio/ogg_opus",
    OutputFormat.ULAW: "audio/mulaw",
    OutputFormat.ALAW: "audio/alaw",
}


class _SpeechOffer(Offer, frozen=True, kw_only=True):
    """Speech by Gemini's models: of one voice, or of two that talk."""

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return the words beside a dialogue."""
        return {"prompt": "the dialogue says what is spoken"} if config.dialogue else {}

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if not config.dialogue and not config.prompt.strip():
            yield "it needs a prompt, or a dialogue"
        cast = _cast(config)
        if len(cast) > _MOST_SPEAKERS:
            yield f"dialogue has {len(cast)} speakers; it has room for {_MOST_SPEAKERS}"
        for line in config.dialogue:
            if _voice(config, line) != cast[_speaker(config, line)]:
                yield f"dialogue: {_speaker(config, line)} has more than one voice"


class GoogleSpeech(Generator):
    """Speaks a text, or a dialogue of two voices; the sound comes while it is made."""

    name = "google"
    title = "Google Gemini"
    aliases = ("gemini",)
    host = SPEC
    libraries: ClassVar = {"google.genai": "google"}
    offers: ClassVar = {
        MediaType.AUDIO: _SpeechOffer(
            default_model="gemini-3.8-flash-tts",
            models=("gemini-*-tts*",),
            options=frozenset((
                "audio_type", "dialogue", "instructions", "language", "output_format", "seed", "voice",
            )),
            priority=30,
            formats=tuple(_FORMATS),
            audio_types=(AudioType.SPEECH, AudioType.DIALOGUE),
            needs_prompt=False,
            retired=dict.fromkeys(
                ("gemini-3.1-flash-tts-preview", "gemini-2.5-*-preview-tts"),
                "will be shut down on 2026-12-18; use gemini-3.8-flash-lite-tts",
            ),
        )
    }  # fmt: skip

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield the sound in segments, from its first bytes on, and what was said."""
        config = order.config
        sound = GoogleSound(config.output_format, said=_said(config))
        async with aclosing(sounding(order, turn, _body(config, order.model), sound)) as chunks:
            async for chunk in chunks:
                yield chunk


def _body(config: GenerationConfig, model: str) -> Body:
    form = config.output_format or OutputFormat.WAV
    settings: dict[str, Any] = {"speech_config": _voices(config)}
    if config.seed is not None:
        settings["seed"] = config.seed
    return {
        "model": model,
        "input": [{"type": "user_input", "content": _lines(config)}],
        "response_format": {"type": "audio", "mime_type": _FORMATS[form]},
        "generation_config": settings,
        "stream": True,
        "store": False,
    }


def _lines(config: GenerationConfig) -> list[Body]:
    """Return the words, which are spoken as they stand: who speaks, and how, is said beside them."""
    if not config.dialogue:
        return [_line(config.prompt, style=config.instructions)]
    several = len(_cast(config)) > 1
    return [
        _line(
            line["text"],
            speaker=_speaker(config, line) if several else None,
            style=line.get("instructions") or config.instructions,
        )
        for line in config.dialogue
    ]


def _line(text: str, **said: str | None) -> Body:
    known = {name: value for name, value in said.items() if value}
    return {"type": "text", "text": text, **({"annotations": [{"type": "speech_metadata", **known}]} if known else {})}


def _voices(config: GenerationConfig) -> Any:
    language = {} if config.language is None else {"language": config.language}
    cast = _cast(config)
    if len(cast) < _MOST_SPEAKERS:
        return [{"voice": next(iter(cast.values()), config.voice or _USUAL_VOICE), **language}]
    speakers = [{"speaker": name, "voice": voice, **language} for name, voice in cast.items()]
    return {"mode": "conversational", "speakers": speakers}


def _cast(config: GenerationConfig) -> dict[str, str]:
    """Return the voice of each speaker, in order of their first lines."""
    return {_speaker(config, line): _voice(config, line) for line in config.dialogue}


def _speaker(config: GenerationConfig, line: dict[str, Any]) -> str:
    return str(line.get("speaker") or _voice(config, line))


def _voice(config: GenerationConfig, line: dict[str, Any]) -> str:
    return str(line.get("voice") or config.voice or _USUAL_VOICE)


def _said(config: GenerationConfig) -> str:
    return "\n".join(line["text"] for line in config.dialogue) if config.dialogue else config.prompt
