"""Address, key and errors of ElevenLabs' transcription."""

from __future__ import annotations

from collections.abc import Mapping

from ...documents_vendor import DocumentsVendor
from ...elevenlabs_errors import KEY_HEADER, REQUEST_ID, elevenlabs_refusal
from ...scripts import Refuse
from ...vendor import JSON, Path
from .writing import written


class TranscriptsAPI(DocumentsVendor):
    """Transcripts that say what was sent, since nobody listens, at ``/v1/speech-to-text``."""

    protocol = "elevenlabs.transcripts"
    request_id_header = REQUEST_ID
    key_header = KEY_HEADER

    def base_url(self, origin: str) -> str:
        """Return the bare address."""
        return origin

    def paths(self) -> tuple[Path, ...]:
        """Return the address."""
        return (Path("POST", "/v1/speech-to-text", written),)

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the key from its own header."""
        return headers.get(KEY_HEADER)

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:
        """Return ``{"detail": {"status", "message"}}``."""
        return elevenlabs_refusal(refuse, param)
