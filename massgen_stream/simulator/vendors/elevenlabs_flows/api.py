"""Addresses, key and errors of ElevenLabs' flows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ...documents_vendor import DocumentsVendor
from ...elevenlabs_errors import KEY_HEADER, REQUEST_ID, elevenlabs_refusal
from ...given import Given
from ...media_jobs import Jobs
from ...named_media import NamedMedia
from ...scripts import Refuse
from ...vendor import JSON, Path
from .making import PLACE, begun, so_far


class FlowsAPI(DocumentsVendor):
    """Images and videos that are made, under ``/v1/flows``."""

    protocol = "elevenlabs.flows"
    request_id_header = REQUEST_ID
    key_header = KEY_HEADER

    def __init__(self, given: Given | None = None) -> None:
        super().__init__(given)
        self._media = NamedMedia(self.given, PLACE)
        self._jobs = Jobs(self.given.ids("elevenlabs.generations"))

    def base_url(self, origin: str) -> str:
        """Return the bare address."""
        return origin

    def paths(self) -> tuple[Path, ...]:
        """Return the addresses; media need no key."""
        return (
            Path("POST", "/v1/flows/video", partial(begun, jobs=self._jobs, is_video=True)),
            Path("GET", "/v1/flows/video/{generation_id}", partial(so_far, jobs=self._jobs, media=self._media)),
            Path("POST", "/v1/flows/image", partial(begun, jobs=self._jobs, is_video=False)),
            Path("GET", "/v1/flows/image/{generation_id}", partial(so_far, jobs=self._jobs, media=self._media)),
            Path("GET", f"{PLACE}/{{name}}", self._media.file, is_public=True),
        )

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the key from its own header."""
        return headers.get(KEY_HEADER)

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:
        """Return ``{"detail": {"status", "message"}}``."""
        return elevenlabs_refusal(refuse, param)
