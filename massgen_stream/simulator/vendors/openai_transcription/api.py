"""Address, key and errors of the transcription endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeGuard

from ....stream_chunk.base import BaseStreamChunk
from ...ask import Ask
from ...openai_errors import bearer_key, openai_refusal
from ...scripts import Refuse
from ...vendor import JSON, Path, Vendor
from ...wiring import Wiring
from .answering import transcript_answer
from .asking import read_transcription
from .transcription_ask import TranscriptionAsk
from .transcription_wiring import TranscriptionWiring
from .whole import TextWiring, whole_transcript


class TranscriptionAPI(Vendor):
    """Transcripts, at ``/v1/audio/transcriptions``."""

    protocol = "openai.transcription"

    def base_url(self, origin: str) -> str:
        """Return the address with ``/v1``."""
        return f"{origin}/v1"

    def paths(self) -> tuple[Path, ...]:
        """Return the address."""
        return (Path("POST", "/v1/audio/transcriptions", read_transcription),)

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the bearer token, or Azure's ``api-key``."""
        return bearer_key(headers)

    def response_id(self, serial: int) -> str:
        """Return an id; the wire has no place for it."""
        return f"transcript-sim-{serial}"

    def content_type_of(self, ask: Ask) -> str:
        """Return the type of events, or of text."""
        return "text/plain; charset=utf-8" if _is_text(ask) else self.content_type

    def wiring(self, created: int) -> Wiring:  # noqa: ARG002 - a transcript has no time
        """Return the encoder of an answer in events."""
        return TranscriptionWiring()

    def wiring_of(self, ask: Ask, created: int) -> Wiring:
        """Return the encoder of one answer: events, or text."""
        return TextWiring(ask.form) if _is_text(ask) else self.wiring(created)

    def answer(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:
        """Return a transcript that says what was sent."""
        return transcript_answer(ask) if isinstance(ask, TranscriptionAsk) else super().answer(ask, serial)

    def whole(self, stream: bytes, ask: Ask) -> JSON:
        """Return the document of an answer."""
        return whole_transcript(stream, ask.form if isinstance(ask, TranscriptionAsk) else "json")

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:
        """Return ``{"error": {"message", "type", "param", "code"}}``."""
        return openai_refusal(refuse, param)


def _is_text(ask: Ask) -> TypeGuard[TranscriptionAsk]:
    return isinstance(ask, TranscriptionAsk) and ask.stream and not ask.events
