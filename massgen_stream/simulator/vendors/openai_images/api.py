"""Addresses, key and errors of the Images API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ....stream_chunk.base import BaseStreamChunk
from ...ask import Ask
from ...given import Given
from ...nested import objects_in
from ...openai_errors import bearer_key, openai_refusal
from ...request import Request
from ...scripts import Refuse
from ...vendor import JSON, Path, Vendor
from ...wiring import Wiring
from ..openai_responses.files import Files
from .answering import picture_answer
from .asking import read_edit, read_generation, read_routed
from .image_ask import ImageAsk
from .images_wiring import ImagesWiring
from .whole import whole_images


class ImagesAPI(Vendor):
    """New images and changed ones, under ``/v1/images``."""

    protocol = "openai.images"

    def __init__(self, given: Given | None = None) -> None:
        super().__init__(given)
        self._files = Files(self.given)

    def base_url(self, origin: str) -> str:
        """Return the address with ``/v1``."""
        return f"{origin}/v1"

    def paths(self) -> tuple[Path, ...]:
        """Return the addresses; the last one is OpenRouter's."""
        return (
            Path("POST", "/v1/images/generations", read_generation),
            Path("POST", "/v1/images/edits", self._edit),
            Path("POST", "/v1/images", read_routed),
        )

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return the bearer token, or Azure's ``api-key``."""
        return bearer_key(headers)

    def response_id(self, serial: int) -> str:
        """Return an id; the wire has no place for it."""
        return f"img-sim-{serial}"

    def wiring(self, created: int) -> Wiring:
        """Return the encoder of one answer."""
        return ImagesWiring(ImageAsk("simulator"), created)

    def wiring_of(self, ask: Ask, created: int) -> Wiring:
        """Return the encoder of one answer, which says again what was asked for."""
        return ImagesWiring(ask, created) if isinstance(ask, ImageAsk) else self.wiring(created)

    def answer(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:
        """Return pictures."""
        return picture_answer(ask) if isinstance(ask, ImageAsk) else super().answer(ask, serial)

    def whole(self, stream: bytes, ask: Ask) -> JSON:  # noqa: ARG002 - the events say everything
        """Return the document of an answer."""
        return whole_images(stream)

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:
        """Return ``{"error": {"message", "type", "param", "code"}}``."""
        return openai_refusal(refuse, param)

    def _edit(self, request: Request) -> Ask:
        ask = read_edit(request)
        for one in objects_in(request.json):
            self._files.check(one.get("file_id"), "images")
        return ask
