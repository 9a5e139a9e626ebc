"""Music by ElevenLabs: https://elevenlabs.io/docs/api-reference/music/stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any, ClassVar, Final

from ....backend.turn import Turn
from ....provider.elevenlabs import HOST
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ...choices import AudioType
from ...config import GenerationConfig
from ...generator import Generator
from ...offer import Durations
from ...order import Order
from .client import LIBRARIES, opened
from .formats import FORMATS, coding_of
from .sound import NAME, Call, SoundOffer, sounding
from .speech import TIMED, without_flag

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_DETAILED: Final = "detailed"
_VISUAL: Final = "with_waveform_visual"
_MILLISECONDS: Final = 1000
_OF_PROMPT: Final = ("duration", "instrumental", "lyrics", "prompt")
"""What does not go with a composition."""


class _MusicOffer(SoundOffer, frozen=True, kw_only=True):
    """Music, of a prompt or of a composition."""

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return what has no say beside a composition, and what only has one beside it."""
        if config.composition:
            return dict.fromkeys(_OF_PROMPT, "the composition says it")
        return {"seed": "it goes with a composition alone"}

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        known = config.model is not None and self.knows_model(config.model)
        meant = known or config.lyrics is not None or config.composition or config.instrumental is not None
        if config.audio_type is None and not meant:
            yield "it makes music: say audio_type music"
        if not (config.prompt.strip() or config.lyrics or config.composition):
            yield "it needs a prompt, lyrics or a composition"
        if config.lyrics is not None and config.instrumental:
            yield "lyrics are given for a piece that is instrumental"


class ElevenLabsMusic(Generator):
    """Composes a piece of music; the sound comes while it is made.

    A `composition` is ElevenLabs' composition plan: ``sections`` of ``music_v1``, ``chunks`` of later models. With
    ``extra_params={"detailed": True}``, or ``"with_timestamps"`` for the times of the words, the plan and the song's
    metadata come before the sound, in ``provider_data["elevenlabs.sound"]`` of empty segments; that endpoint also
    has an end of its own, so that a cut is always noticed.
    """

    name = NAME
    title = "ElevenLabs"
    host = HOST
    libraries: ClassVar = LIBRARIES
    offers: ClassVar = {
        MediaType.AUDIO: _MusicOffer(
            default_model="music_v2_5",
            models=("music_v*",),
            options=frozenset((
                "audio_type", "composition", "duration", "instrumental", "lyrics", "output_format", "quality", "seed",
            )),
            priority=13,
            durations=Durations(3, 600),
            formats=FORMATS,
            audio_types=(AudioType.MUSIC,),
            needs_prompt=False,
        )
    }  # fmt: skip

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield the sound in segments, from its first bytes on; with details what is known of the piece."""
        config = order.config
        more, asked = without_flag(config.extra_params, _DETAILED)
        detailed = asked or bool(more.get(TIMED) or more.get(_VISUAL))
        async with opened(order.account, turn, "music", clients=order.clients) as sdk:
            call = Call(
                resource="music",
                method="compose_detailed_stream" if detailed else "stream",
                arguments={"model_id": order.model, **_fields(config)},
                coding=coding_of(config, is_mono=False),
                more=more,
                details="events" if detailed else None,
                said=config.lyrics,
            )
            async with aclosing(sounding(sdk, turn, call)) as chunks:
                async for chunk in chunks:
                    yield chunk


def _fields(config: GenerationConfig) -> dict[str, Any]:
    if config.composition:
        return {"composition_plan": config.composition, "seed": config.seed}
    lyrics = f"Lyrics:\n{config.lyrics}" if config.lyrics is not None else ""
    return {
        "prompt": "\n\n".join(filter(None, (config.prompt.strip(), lyrics))),
        "music_length_ms": None if config.duration is None else round(config.duration * _MILLISECONDS),
        "force_instrumental": config.instrumental,
    }
