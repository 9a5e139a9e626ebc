"""Music by Lyria, through Interactions: https://ai.google.dev/gemini-api/docs/music-generation."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from fnmatch import fnmatchcase
from typing import ClassVar, Final

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
from .parts import content_of
from .sound import GoogleSound, sounding

_CLIPS: Final = "lyria-3-clip-*"
"""Models that make thirty seconds of MP3, of words alone."""
_CLIP_SECONDS: Final = 30.0
_FORMATS: Final = {OutputFormat.MP3: "audio/mp3", OutputFormat.WAV: "audio/wav"}


class _MusicOffer(Offer, frozen=True, kw_only=True):
    """Music by Lyria."""

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if not (config.prompt.strip() or config.lyrics):
            yield "it needs a prompt, or lyrics"
        if config.lyrics is not None and config.instrumental:
            yield "lyrics are given for a piece that is instrumental"
        if fnmatchcase(config.model or self.default_model, _CLIPS):
            yield from _faults_of_clip(config)


class GoogleMusic(Generator):
    """Composes a piece of music; its words come as text, then the sound."""

    name = "google"
    title = "Google Lyria"
    aliases = ("gemini",)
    host = SPEC
    libraries: ClassVar = {"google.genai": "google"}
    offers: ClassVar = {
        MediaType.AUDIO: _MusicOffer(
            default_model="lyria-3.5",
            models=("lyria-*",),
            options=frozenset((
                "audio_type", "duration", "input_images", "instrumental", "lyrics", "output_format", "reference_images",
            )),
            priority=31,
            formats=tuple(_FORMATS),
            audio_types=(AudioType.MUSIC,),
            most_images=10,
            needs_prompt=False,
        )
    }  # fmt: skip

    async def generate(self, order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield the words, and the music in segments."""
        with turn.preparing():
            body = await _body(order.config, order.model)
        sound = GoogleSound(order.config.output_format, said=None)
        async with aclosing(sounding(order, turn, body, sound)) as chunks:
            async for chunk in chunks:
                yield chunk


async def _body(config: GenerationConfig, model: str) -> Body:
    images = [await content_of("image", part) for part in (*config.images, *config.reference_images)]
    form = config.output_format
    return {
        "model": model,
        "input": [{"type": "user_input", "content": [{"type": "text", "text": _words(config)}, *images]}],
        "response_format": {"type": "audio", **({"mime_type": _FORMATS[form]} if form else {})},
        "stream": True,
        "store": False,
    }


def _words(config: GenerationConfig) -> str:
    """Return the prompt; Lyria is told everything in words, lyrics under a heading."""
    told = [config.prompt] if config.prompt.strip() else []
    if config.duration is not None:
        told.append(f"The piece is {config.duration:g} seconds long.")
    if config.instrumental:
        told.append("Instrumental only, no vocals.")
    if config.lyrics is not None:
        told.append(f"Lyrics:\n{config.lyrics}")
    return "\n\n".join(told)


def _faults_of_clip(config: GenerationConfig) -> Iterator[str]:
    if config.duration not in (None, _CLIP_SECONDS):
        yield f"duration is {config.duration:g} s; its clips have {_CLIP_SECONDS:g} s"
    if config.images or config.reference_images:
        yield "it makes clips of words alone; lyria-3.5 takes images"
    if config.output_format not in (None, OutputFormat.MP3):
        yield f"output_format is {config.output_format}; its clips are mp3"
