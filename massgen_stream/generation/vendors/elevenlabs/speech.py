"""Speech by ElevenLabs, of one voice or of several: https://elevenlabs.io/docs/api-reference/text-to-speech/stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Final

from ....backend.turn import Turn
from ....provider.elevenlabs import HOST
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ...address_segments import address_segment
from ...choices import AudioType, OutputFormat
from ...config import GenerationConfig
from ...generator import Generator
from ...order import Order
from .client import LIBRARIES, opened
from .formats import FORMATS, coding_of
from .sound import NAME, Call, SoundOffer, sounding
from .voices import USUAL, voice_ids

_Chunks = AsyncGenerator[BaseStreamChunk, None]
TIMED: Final = "with_timestamps"
"""In `extra_params`: asks for the times of characters, and with them for another endpoint."""
_MOST_CHARACTERS: Final = {  # https://elevenlabs.io/docs/overview/models#character-limits
    "eleven_v3*": 5000,
    "eleven_multilingual_*": 10_000,
    "eleven_*_v2_5": 40_000,
    "eleven_flash_v2": 30_000,
    "eleven_turbo_v2": 30_000,
}
_SLOWEST, _FASTEST = 0.7, 1.2
"""https://elevenlabs.io/docs/overview/capabilities/text-to-speech/best-practices#speed"""
_OF_ANY_LANGUAGE: Final = "eleven_multilingual_*"
"""Models that take no ``language_code``."""
_FORMATS: Final = (*FORMATS, OutputFormat.WAV)


class SpokenOffer(SoundOffer, frozen=True, kw_only=True):
    """Speech of one voice, or of several."""

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return the language, where the model takes none."""
        model = config.model or self.default_model
        return {"language": f"{model} finds it out itself"} if fnmatchcase(model, _OF_ANY_LANGUAGE) else {}


class _SpeechOffer(SpokenOffer, frozen=True, kw_only=True):
    """Speech of one voice."""

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if config.audio_type is None and config.instrumental is not None:
            yield "instrumental is a matter of music"
        most = most_characters(config.model or self.default_model)
        if most is not None and len(config.prompt) > most:
            yield f"the text has {len(config.prompt)} characters; it speaks at most {most} at a time"
        if config.speed is not None and not _SLOWEST <= config.speed <= _FASTEST:
            yield f"speed is {config.speed:g}; it speaks at {_SLOWEST:g} to {_FASTEST:g}"


class ElevenLabsSpeech(Generator):
    """Speaks a text; the sound comes while it is made.

    ``extra_params={"with_timestamps": True}`` asks for the times of characters: they come with each segment in
    ``provider_data["elevenlabs.sound"]``, and those of words with the final chunk in ``provider_data["transcript"]``.
    """

    name = NAME
    title = "ElevenLabs"
    host = HOST
    libraries: ClassVar = LIBRARIES
    offers: ClassVar = {
        MediaType.AUDIO: _SpeechOffer(
            default_model="eleven_v3",
            models=("eleven_v*", "eleven_multilingual_*", "eleven_flash_*", "eleven_turbo_*", "eleven_monolingual_*"),
            options=frozenset((
                "audio_type", "language", "output_format", "quality", "seed", "speed", "voice", "voice_settings",
            )),
            priority=10,
            formats=_FORMATS,
            audio_types=(AudioType.SPEECH,),
            retired=dict.fromkeys(("eleven_turbo_*",), "outdated; ElevenLabs recommends eleven_flash_v2_5"),
        )
    }  # fmt: skip

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield the sound in segments, from its first bytes on, and what was said."""
        config, voice = order.config, order.config.voice or USUAL
        more, timed = without_flag(config.extra_params, TIMED)
        async with opened(order.account, turn, "text_to_speech", "voices", clients=order.clients) as sdk:
            ids = await voice_ids(sdk, [voice])
            call = Call(
                resource="text_to_speech",
                method="stream_with_timestamps" if timed else "stream",
                arguments={"voice_id": address_segment(ids[voice], "voice"), **_fields(config, order.model)},
                coding=coding_of(config),
                more=more,
                details="lines" if timed else None,
                said=config.prompt,
            )
            async with aclosing(sounding(sdk, turn, call)) as chunks:
                async for chunk in chunks:
                    yield chunk


def most_characters(model: str) -> int | None:
    """Return how long a text may be; None: it is not known."""
    return next((most for pattern, most in _MOST_CHARACTERS.items() if fnmatchcase(model, pattern)), None)


def without_flag(params: dict[str, Any], name: str) -> tuple[dict[str, Any], bool]:
    """Return parameters without a flag, and whether it was set."""
    return {key: value for key, value in params.items() if key != name}, bool(params.get(name))


def _fields(config: GenerationConfig, model: str) -> dict[str, Any]:
    speed = {} if config.speed is None else {"speed": config.speed}
    return {
        "text": config.prompt,
        "model_id": model,
        "voice_settings": {**config.voice_settings, **speed} or None,
        "language_code": config.language,
        "seed": config.seed,
    }
