"""Sound effects by ElevenLabs: https://elevenlabs.io/docs/api-reference/text-to-sound-effects/convert."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import ClassVar, Final

from ....backend.turn import Turn
from ....provider.elevenlabs import HOST
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ...choices import AudioType, OutputFormat
from ...config import GenerationConfig
from ...generator import Generator
from ...offer import Durations
from ...order import Order
from .client import LIBRARIES, opened
from .formats import FORMATS, coding_of
from .sound import NAME, Call, SoundOffer, sounding

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_MOST_INFLUENCE: Final = 1


class _EffectOffer(SoundOffer, frozen=True, kw_only=True):
    """Sounds that are neither spoken nor played; `guidance_scale` is ElevenLabs' ``prompt_influence``."""

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        own_model = config.model is not None and self.knows_model(config.model)
        if config.audio_type is None and not own_model:
            yield "it makes sound effects: say audio_type sound_effect"
        if config.guidance_scale is not None and config.guidance_scale > _MOST_INFLUENCE:
            yield f"guidance_scale is {config.guidance_scale:g}; it takes 0 to {_MOST_INFLUENCE}"


class ElevenLabsEffects(Generator):
    """Makes a sound effect; ``extra_params={"loop": True}`` one that goes on without a seam."""

    name = NAME
    title = "ElevenLabs"
    host = HOST
    libraries: ClassVar = LIBRARIES
    offers: ClassVar = {
        MediaType.AUDIO: _EffectOffer(
            default_model="eleven_text_to_sound_v2",
            models=("eleven_text_to_sound_*",),
            options=frozenset(("audio_type", "duration", "guidance_scale", "output_format", "quality")),
            priority=12,
            durations=Durations(0.5, 30),
            formats=(*FORMATS, OutputFormat.WAV),
            audio_types=(AudioType.SOUND_EFFECT,),
        )
    }

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield the sound in segments, from its first bytes on."""
        config = order.config
        fields = {
            "text": config.prompt,
            "model_id": order.model,
            "duration_seconds": config.duration,
            "prompt_influence": config.guidance_scale,
        }
        coding = coding_of(config, has_wave=True, is_mono=False)
        async with opened(order.account, turn, "text_to_sound_effects", clients=order.clients) as sdk:
            call = Call("text_to_sound_effects", "convert", fields, coding, config.extra_params)
            async with aclosing(sounding(sdk, turn, call)) as chunks:
                async for chunk in chunks:
                    yield chunk
