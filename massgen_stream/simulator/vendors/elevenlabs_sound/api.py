"""Addresses, key, answers and errors of ElevenLabs' sound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from ....stream_chunk.base import BaseStreamChunk
from ....wire.audio_format import told_format
from ....wire.elevenlabs_sound import SoundEncoder
from ...ask import Ask
from ...elevenlabs_errors import KEY_HEADER, REQUEST_ID, elevenlabs_refusal
from ...scripts import Refuse
from ...vendor import JSON, Path, Vendor
from ...wiring import EncoderWiring, Wiring
from ..openai_speech.speech_wiring import SpeechWiring
from .answering import sound_answer
from .asking import found_voices, read_dialogue, read_effect, read_music, read_speech
from .sound_ask import SoundAsk

_SPEECH = "/v1/text-to-speech/{voice_id}"
_DIALOGUE = "/v1/text-to-dialogue"
_TYPES = {"lines": "application/json", "events": "text/event-stream; charset=utf-8"}


class SoundAPI(Vendor):
    """Speech, dialogues, sound effects and music, as bytes, lines or events; and a search for voices."""

    protocol = "elevenlabs.sound"
    names = ("elevenlabs",)
    comment = b"\n"
    request_id_header = REQUEST_ID
    key_header = KEY_HEADER

    def base_url(self, origin: str) -> str:
        """Return the bare address."""
        return origin

    def paths(self) -> tuple[Path, ...]:
        """Return the addresses."""
        return (
            Path("POST", f"{_SPEECH}/stream", partial(read_speech, details="bytes")),
            Path("POST", f"{_SPEECH}/stream/with-timestamps", partial(read_speech, details="lines")),
            Path("POST", f"{_DIALOGUE}/stream", partial(read_dialogue, details="bytes")),
            Path("POST", f"{_DIALOGUE}/stream/with-timestamps", partial(read_dialogue, details="lines")),
            Path("POST", "/v1/sound-generation", read_effect),
            Path("POST", "/v1/music/stream", partial(read_music, details="bytes")),
            Path("POST", "/v1/music/detailed/stream", partial(read_music, details="events")),
            Path("GET", "/v2/voices", found_voices),
        )

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the key from its own header."""
        return headers.get(KEY_HEADER)

    def response_id(self, serial: int) -> str:
        """Return an id; the wire has no place for it."""
        return f"sound-sim-{serial}"

    def content_type_of(self, ask: Ask) -> str:
        """Return the type of the sound, of lines or of events."""
        if not isinstance(ask, SoundAsk):
            return self.content_type
        return _TYPES.get(ask.details) or str(told_format(ask.form)["mime_type"])

    def wiring(self, created: int) -> Wiring:  # noqa: ARG002 - sound has no time
        """Return the encoder of an answer in events."""
        return EncoderWiring(SoundEncoder())

    def wiring_of(self, ask: Ask, created: int) -> Wiring:
        """Return the encoder of one answer, in the form that was asked for."""
        if not isinstance(ask, SoundAsk):
            return self.wiring(created)
        if ask.details == "bytes":
            return SpeechWiring(events=False)
        return EncoderWiring(SoundEncoder(lines=ask.details == "lines"))

    def answer(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:
        """Return the sound that was asked for."""
        return sound_answer(ask) if isinstance(ask, SoundAsk) else super().answer(ask, serial)

    def whole(self, stream: bytes, ask: Ask) -> JSON:  # noqa: ARG002 - as its base
        """Never asked for: sound is sent as it is.

        Raises:
            ValueError: Always; the client gets *stream* as it is.
        """
        raise ValueError("sound is no document")

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:
        """Return ``{"detail": {"status", "message"}}``."""
        return elevenlabs_refusal(refuse, param)
