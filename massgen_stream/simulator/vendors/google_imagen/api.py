"""Addresses and answers of Imagen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.narrow import done
from ....wire.google_imagen import ImagenEncoder
from ...answers.drawn import drawn
from ...ask import Ask
from ...vendor import JSON, Path, Refused
from ...wiring import EncoderWiring, Wiring
from ..google_generate_content.api import CLOUD_PREFIXES, GenerateContentAPI
from ..google_generate_content.whole import refuse_of
from .asking import read_prediction
from .imagen_ask import ImagenAsk


class ImagenAPI(GenerateContentAPI):
    """Images of Imagen models, new and changed ones; key and errors are those of Google's other models."""

    protocol = "google.imagen"
    names = ()

    def paths(self) -> tuple[Path, ...]:
        """Return the method of a model under each prefix of Google Cloud."""
        return tuple(Path("POST", f"{prefix}/{{model:path}}:predict", read_prediction) for prefix in CLOUD_PREFIXES)

    def wiring(self, created: int) -> Wiring:  # noqa: ARG002 - Google tells no time
        """Return the encoder of one answer, which is a document."""
        return EncoderWiring(ImagenEncoder())

    def wiring_of(self, ask: Ask, created: int) -> Wiring:  # noqa: ARG002 - the answer says it all
        """Return the encoder of one answer."""
        return self.wiring(created)

    def answer(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:  # noqa: ARG002 - pictures have no ids
        """Return pictures."""
        return _pictures(ask) if isinstance(ask, ImagenAsk) else ()

    def whole(self, stream: bytes, ask: Ask) -> JSON:  # noqa: ARG002 - the document says it all
        """Return the predictions."""
        document: dict[str, Any] = json.loads(stream)
        if document.get("error"):
            raise Refused(refuse_of(document["error"]))
        return document


def _pictures(ask: ImagenAsk) -> Iterator[BaseStreamChunk]:
    for number in range(ask.choices):
        yield from drawn(f"image-{number}", ask.size, form=ask.form, quality=ask.compression)
    yield done("stop")
