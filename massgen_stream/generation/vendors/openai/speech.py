"""Speech by OpenAI's Speech API, and by hosts that speak it: https://developers.openai.com/api/docs/guides/text-to-speech."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from ....backend.turn import Turn
from ....provider.openai import SPEC
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ....wire.openai_speech import SpeechDecoder
from ...choices import AudioType, OutputFormat
from ...config import GenerationConfig
from ...generator import Generator
from ...offer import Offer
from ...openai_sdk import opened
from ...order import Order
from ...sdk_answers import answer
from ...segments import is_final
from .deprecations import DEPRECATIONS

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_PROTOCOL: Final = "openai.speech"
_USUAL_FORMAT: Final = "mp3"
_USUAL_VOICE: Final = "alloy"
"""The one that every model has."""
_OWN_VOICE: Final = "voice_*"
"""Ids of voices that somebody made of their own."""
_MOST_CHARACTERS: Final = 4096
_SLOWEST, _FASTEST = 0.25, 4.0
_OLD: Final = "tts-1*"
"""Models that take no instructions, and send no events."""
_EVENTS: Final = ("stream_format", "sse")
"""Of `extra_params`: the sound comes in events, which end with the usage, and whose cut can be seen."""
_FORMATS: Final = (
    OutputFormat.MP3, OutputFormat.OPUS, OutputFormat.AAC, OutputFormat.FLAC, OutputFormat.WAV, OutputFormat.PCM,
)  # fmt: skip


class _SpeechOffer(Offer, frozen=True, kw_only=True):
    """Speech by OpenAI's models; the bounds are those that the openai SDK 3.51 states."""

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return the instructions, where the model takes none."""
        model = config.model or self.default_model
        return {"instructions": f"{model} takes none"} if fnmatchcase(model, _OLD) else {}

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if len(config.prompt) > _MOST_CHARACTERS:
            yield f"the text has {len(config.prompt)} characters; it speaks at most {_MOST_CHARACTERS} at a time"
        if config.speed is not None and not _SLOWEST <= config.speed <= _FASTEST:
            yield f"speed is {config.speed:g}; it speaks at {_SLOWEST:g} to {_FASTEST:g}"
        if _EVENTS in config.extra_params.items() and fnmatchcase(config.model or self.default_model, _OLD):
            yield f"stream_format is sse; {config.model} sends no events"


class OpenAISpeech(Generator):
    """Speaks a text; the sound comes while it is made: as it is, or in events with ``stream_format="sse"``."""

    name = "openai"
    title = "OpenAI"
    host = SPEC
    libraries: ClassVar = {"openai": "openai"}
    offers: ClassVar = {
        MediaType.AUDIO: _SpeechOffer(
            default_model="gpt-4o-mini-tts",
            models=("gpt-4o-mini-tts*", "tts-1*"),
            options=frozenset(("audio_type", "instructions", "output_format", "speed", "voice")),
            priority=20,
            formats=_FORMATS,
            audio_types=(AudioType.SPEECH,),
            retired=dict.fromkeys(("gpt-4o-mini-tts*", "tts-1*"), f"will be shut down on 2027-01-06; {DEPRECATIONS}"),
        )
    }

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield the sound in segments, from its first bytes on, and what was said."""
        config = order.config
        form = _USUAL_FORMAT if config.output_format is None else config.output_format.value

        def decoder(_: object) -> SpeechDecoder:
            return SpeechDecoder(id_prefix=turn.id_prefix, audio_format=form)

        arguments = {**_fields(config, order.model), "extra_body": config.extra_params}
        async with (
            opened(order, turn, self.host, resource="audio.speech", protocol=_PROTOCOL) as client,
            aclosing(answer(client, turn, decoder, arguments, is_endless=True)) as chunks,
        ):
            async for chunk in chunks:
                yield _captioned(chunk, config.prompt)


def _fields(config: GenerationConfig, model: str) -> dict[str, Any]:
    voice: Any = config.voice or _USUAL_VOICE
    fields = {
        "input": config.prompt,
        "model": model,
        "voice": {"id": voice} if fnmatchcase(voice, _OWN_VOICE) else voice,
        "response_format": None if config.output_format is None else config.output_format.value,
        "instructions": config.instructions,
        "speed": config.speed,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _captioned(chunk: BaseStreamChunk, text: str) -> BaseStreamChunk:
    """Return *chunk*, the final one with the words that it speaks."""
    return replace(chunk, text_content=text) if is_final(chunk) else chunk
