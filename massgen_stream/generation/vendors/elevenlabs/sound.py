"""Sound of ElevenLabs, as one of its endpoints sends it: bytes as they are, or with what is said of them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from ....backend.turn import Turn
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.multimodal import MultimodalStreamChunk
from ....stream_chunk.narrow import backend_status
from ....wire.base import Decoder
from ....wire.elevenlabs_sound import SoundDecoder
from ....wire.elevenlabs_sound.details import PROTOCOL
from ....wire.openai_speech import SpeechDecoder
from ...config import GenerationConfig
from ...offer import Offer
from ...sdk_answers import answer
from ...segments import is_final
from .client import calling
from .formats import Coding, WaveFile, coding_faults

MOST_SEED: Final = 2**32 - 1
NAME: Final = "elevenlabs"


class SoundOffer(Offer, frozen=True, kw_only=True):
    """Sound; the bounds are those that the elevenlabs SDK 2.78 states."""

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        yield from coding_faults(config)
        if config.seed is not None and config.seed > MOST_SEED:
            yield f"seed is {config.seed}; it takes at most {MOST_SEED}"


class Call(NamedTuple):
    """What is asked of ElevenLabs.

    Attributes:
        resource: Part of the SDK's client.
        method: Its method.
        arguments: Of the method; None: not given.
        coding: How the sound is coded.
        more: Parameters that the method does not know.
        details: How the answer comes: ``None`` as bytes, ``lines`` or ``events`` with details.
        said: The words that are spoken; None: they are not known.
    """

    resource: str
    method: str
    arguments: Mapping[str, Any]
    coding: Coding
    more: Mapping[str, Any]
    details: str | None = None
    said: str | None = None


async def sounding(sdk: Any, turn: Turn, call: Call) -> AsyncGenerator[BaseStreamChunk, None]:
    """Yield the sound in segments, from its first bytes on, with its words and their times where they are told."""
    wave, heard = WaveFile(), _Heard(call.said)
    arguments = {name: value for name, value in call.arguments.items() if value is not None}
    chunks = answer(
        calling(sdk, call.resource, call.method),
        turn,
        lambda _: _decoder(call, turn),
        {**arguments, "output_format": call.coding.asked, "more": call.more},
        is_endless=call.details != "events",  # which alone have an end of their own
    )
    async with aclosing(chunks):
        async for chunk in chunks:
            for told in heard.take(chunk):
                yield told
            yield wave.take(_captioned(chunk, call.said)) if call.coding.is_wave else _captioned(chunk, call.said)


def _decoder(call: Call, turn: Turn) -> Decoder:
    cls = SpeechDecoder if call.details is None else SoundDecoder
    return cls(id_prefix=turn.id_prefix, audio_format=call.coding.told)


def _captioned(chunk: BaseStreamChunk, said: str | None) -> BaseStreamChunk:
    return replace(chunk, text_content=said) if said is not None and is_final(chunk) else chunk


class _Heard:
    """How much of a text has been spoken, as far as it is told: a long one may end early without an error."""

    def __init__(self, said: str | None) -> None:
        self._said = _plain(said or "")
        self._heard: list[str] = []

    def take(self, chunk: BaseStreamChunk) -> Iterator[BaseStreamChunk]:
        if not isinstance(chunk, MultimodalStreamChunk) or not self._said:
            return
        told = ((chunk.provider_data or {}).get(PROTOCOL) or {}).get("alignment")
        characters = told.get("characters") if isinstance(told, dict) else None
        self._heard += [one for one in characters if isinstance(one, str)] if isinstance(characters, list) else []
        heard = _plain("".join(self._heard))
        if is_final(chunk) and heard and len(heard) < len(self._said) and self._said.startswith(heard):
            yield backend_status(
                "warning",
                detail=f"the sound ends before its text: {len(heard)} of {len(self._said)} letters were spoken",
            )


def _plain(text: str) -> str:
    return "".join(text.split())
