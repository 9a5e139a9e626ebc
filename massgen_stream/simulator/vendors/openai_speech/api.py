"""Address, key, answers and errors of the Speech API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ....generation.segments import Segments
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import MediaType
from ....stream_chunk.multimodal import MediaMetadata
from ....stream_chunk.narrow import done
from ....wire.audio_format import told_format
from ....wire.media_usage import usage_of
from ...answers.spoken import speech
from ...answers.tokens import CHARACTERS_PER_TOKEN
from ...ask import Ask
from ...openai_errors import bearer_key, openai_refusal
from ...scripts import Refuse
from ...vendor import JSON, Path, Vendor
from ...wiring import Wiring
from .asking import read_speech
from .speech_ask import SpeechAsk
from .speech_wiring import SpeechWiring

_TYPES: Final = {"pcm": "audio/pcm", "opus": "audio/opus"}
"""Content types that are not those of the file."""


class SpeechAPI(Vendor):
    """Speech, at ``/v1/audio/speech``."""

    protocol = "openai.speech"

    def base_url(self, origin: str) -> str:
        """Return the address with ``/v1``."""
        return f"{origin}/v1"

    def paths(self) -> tuple[Path, ...]:
        """Return the address."""
        return (Path("POST", "/v1/audio/speech", read_speech),)

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the bearer token, or Azure's ``api-key``."""
        return bearer_key(headers)

    def response_id(self, serial: int) -> str:
        """Return an id; the wire has no place for it."""
        return f"speech-sim-{serial}"

    def content_type_of(self, ask: Ask) -> str:
        """Return the type of the sound, or of events."""
        if not isinstance(ask, SpeechAsk) or ask.events:
            return self.content_type
        return _TYPES.get(ask.form) or str(told_format(ask.form)["mime_type"])

    def wiring(self, created: int) -> Wiring:  # noqa: ARG002 - sound has no time
        """Return the encoder of an answer in events."""
        return SpeechWiring(events=True)

    def wiring_of(self, ask: Ask, created: int) -> Wiring:
        """Return the encoder of one answer, in the form that was asked for."""
        return SpeechWiring(events=ask.events) if isinstance(ask, SpeechAsk) else self.wiring(created)

    def answer(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:  # noqa: ARG002 - the same words, the same sound
        """Yield the sound piece by piece, and the end with its usage."""
        form, speed = (ask.form, ask.speed) if isinstance(ask, SpeechAsk) else ("pcm", 1.0)
        segments = Segments("audio-0", MediaType.AUDIO, MediaMetadata(**told_format(form)))
        for piece in speech(ask.prompt, form, speed=speed):
            yield segments.next(piece)
        text, sound = -(-ask.input_characters // CHARACTERS_PER_TOKEN), segments.size // 2048
        usage = usage_of({"input_tokens": text, "output_tokens": sound, "total_tokens": text + sound})
        yield done("stop", usage=usage, usage_source="reported")

    def whole(self, stream: bytes, ask: Ask) -> JSON:  # noqa: ARG002 - as its base
        """Never asked for: sound is sent as it is.

        Raises:
            ValueError: Always; the client gets *stream* as it is.
        """
        raise ValueError("sound is no document")

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:
        """Return ``{"error": {"message", "type", "param", "code"}}``."""
        return openai_refusal(refuse, param)
