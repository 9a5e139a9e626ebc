"""Events of a streamed answer: each says what its picture is, and when."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from ....stream_chunk.base import BaseStreamChunk
from ....wire import SSEDecoder
from ....wire.openai_images import ImagesEncoder
from ....wire.sse_encoder import encode_event
from .image_ask import ImageAsk

Data = dict[str, Any]
_GENERATION: Final = "image_generation."
_EDIT: Final = "image_edit."


class ImagesWiring:
    """Encodes one answer to *ask*, made at *created* (Unix seconds)."""

    def __init__(self, ask: ImageAsk, created: int) -> None:
        self._encoder = ImagesEncoder()
        self._edits = ask.edits
        self._form: Data = {
            "created_at": created,
            "size": "x".join(map(str, ask.size)),
            "quality": ask.quality,
            "background": ask.background,
            "output_format": ask.form,
        }

    def events(self, chunk: BaseStreamChunk) -> Iterator[bytes]:
        """Yield the events for *chunk*."""
        return self._dressed(self._encoder.encode(chunk))

    def close(self) -> bytes:
        """Return what belongs after the last chunk."""
        return b"".join(self._dressed(self._encoder.close()))

    def _dressed(self, stream: bytes) -> Iterator[bytes]:
        """Yield the events of *stream* as OpenAI words them."""
        decoder = SSEDecoder()
        for event in [*decoder.feed(stream), *decoder.close()]:
            said: Any = json.loads(event.data) if event.data.startswith(b"{") else None
            kind = said.get("type") if isinstance(said, dict) else None
            if isinstance(kind, str) and kind.startswith(_GENERATION):
                kind = kind.replace(_GENERATION, _EDIT) if self._edits else kind
                said = {"type": kind, **self._form, **{name: value for name, value in said.items() if name != "type"}}
                yield encode_event(json.dumps(said).encode(), event=kind)
            else:
                yield encode_event(event.data, event=event.event)
