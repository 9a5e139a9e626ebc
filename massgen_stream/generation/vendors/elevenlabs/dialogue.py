"""Dialogues by ElevenLabs: https://elevenlabs.io/docs/api-reference/text-to-dialogue/stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any, ClassVar, Final

from ....backend.turn import Turn
from ....provider.elevenlabs import HOST
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ...choices import AudioType, OutputFormat
from ...config import GenerationConfig
from ...generator import Generator
from ...order import Order
from .client import LIBRARIES, opened
from .formats import FORMATS, coding_of
from .sound import NAME, Call, sounding
from .speech import TIMED, SpokenOffer, without_flag
from .voices import voice_ids

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_VOICES: Final = ("voice", "voice_id")
_MOST_VOICES: Final = 10
_MOST_CHARACTERS: Final = 2000
"""Longer ones may end early (elevenlabs 2.78, ``text_to_dialogue.stream``)."""


class _DialogueOffer(SpokenOffer, frozen=True, kw_only=True):
    """Speech of several voices."""

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return what has no say: the words beside the lines, and what the model does not take."""
        spoken = {"prompt": "the dialogue says what is spoken"} if config.dialogue else {}
        return {**super().left_out(config), **spoken}

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if not config.dialogue:
            yield "it needs a dialogue: lines with a text and a voice"
        voices = [_voice(config, line) for line in config.dialogue]
        for place, voice in enumerate(voices):
            if voice is None:
                yield f"dialogue[{place}] needs a voice"
        if len(set(voices)) > _MOST_VOICES:
            yield f"the dialogue has {len(set(voices))} voices; it takes at most {_MOST_VOICES}"
        length = sum(len(line["text"]) for line in config.dialogue)
        if length > _MOST_CHARACTERS:
            yield f"the dialogue has {length} characters; it speaks at most {_MOST_CHARACTERS} at a time"


class ElevenLabsDialogue(Generator):
    """Speaks a dialogue; the sound comes while it is made. For times see `ElevenLabsSpeech`."""

    name = NAME
    title = "ElevenLabs"
    host = HOST
    libraries: ClassVar = LIBRARIES
    offers: ClassVar = {
        MediaType.AUDIO: _DialogueOffer(
            default_model="eleven_v3",
            models=("eleven_v*",),
            options=frozenset((
                "audio_type", "dialogue", "language", "output_format", "quality", "seed", "voice", "voice_settings",
            )),
            priority=11,
            formats=(*FORMATS, OutputFormat.WAV),
            audio_types=(AudioType.DIALOGUE,),
            needs_prompt=False,
        )
    }  # fmt: skip

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield the sound in segments, from its first bytes on, and what was said."""
        config = order.config
        more, timed = without_flag(config.extra_params, TIMED)
        async with opened(order.account, turn, "text_to_dialogue", "voices", clients=order.clients) as sdk:
            ids = await voice_ids(sdk, [_voice(config, line) or "" for line in config.dialogue])
            call = Call(
                resource="text_to_dialogue",
                method="stream_with_timestamps" if timed else "stream",
                arguments={"inputs": _lines(config, ids), **_fields(config, order.model)},
                coding=coding_of(config),
                more=more,
                details="lines" if timed else None,
                said="\n".join(line["text"] for line in config.dialogue),
            )
            async with aclosing(sounding(sdk, turn, call)) as chunks:
                async for chunk in chunks:
                    yield chunk


def _voice(config: GenerationConfig, line: dict[str, Any]) -> str | None:
    return next((voice for name in _VOICES if isinstance(voice := line.get(name), str) and voice), config.voice)


def _lines(config: GenerationConfig, ids: dict[str, str]) -> list[dict[str, Any]]:
    return [{"text": line["text"], "voice_id": ids[_voice(config, line) or ""]} for line in config.dialogue]


def _fields(config: GenerationConfig, model: str) -> dict[str, Any]:
    return {
        "model_id": model,
        "settings": config.voice_settings or None,
        "language_code": config.language,
        "seed": config.seed,
    }
