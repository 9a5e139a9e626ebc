"""Media on the wire."""

from __future__ import annotations

from base64 import b64encode
from typing import Final

from ...stream_chunk.kinds import MediaEncoding
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ..part_writer import Key
from .encoder_steps import StepWriter, own_of
from .events import MEDIA
from .fields import Data

_EXTRAS: Final = ("resolution", "uri")
_OUTPUT: Final[Data] = {"type": "model_output"}


class MediaEncoder:
    """Says media.

    Args:
        writer: The steps of the answer.
    """

    def __init__(self, writer: StepWriter) -> None:
        self._writer = writer
        self._types: dict[Key, str] = {}

    def events(self, chunk: MultimodalStreamChunk) -> list[Data] | None:
        """Return the events for a medium; None where there is no place."""
        kind = str(chunk.media_type)
        key = (kind, chunk.media_id)
        if kind not in MEDIA or (chunk.is_partial and chunk.partial_kind != "segment"):
            return None
        if chunk.media_data is None:
            return [self._writer.stop(key)] if self._writer.has(key) else None
        content = self._content(chunk, key)
        if content is None:
            return None
        thought = own_of(chunk.provider_data).get("thought")
        if isinstance(thought, str):
            return self._drawn(key, thought, content)
        if not chunk.is_partial:
            return self._writer.whole(key, _OUTPUT, content)
        begun = [] if self._writer.has(key) else self._writer.start(key, _OUTPUT, stays_open=True)
        return [*begun, self._writer.delta(key, content)]

    def _drawn(self, key: Key, thought: str, content: Data) -> list[Data]:
        """Return the events of an image that the model drew for itself."""
        step = ("thought", thought)
        begun = [] if self._writer.has(step) else self._writer.start(step, {"type": "thought"})
        self._writer.mint(key)
        return [*begun, self._writer.delta(step, {"type": "thought_summary", "content": content})]

    def _content(self, chunk: MultimodalStreamChunk, key: Key) -> Data | None:
        metadata, content = chunk.media_metadata, Data(type=key[0])
        if metadata is not None:
            self._types[key] = metadata.mime_type
            known = {"sample_rate": metadata.sample_rate, "channels": metadata.channels}
            content |= {name: value for name, value in known.items() if value is not None}
        if key in self._types:
            content["mime_type"] = self._types[key]
        own = own_of(chunk.provider_data)
        content |= {name: own[name] for name in _EXTRAS if name in own}
        if chunk.media_encoding is MediaEncoding.URL:
            return content | {"uri": chunk.media_data}
        if chunk.media_encoding is MediaEncoding.BINARY:
            return content | {"data": b64encode(chunk.media_data).decode()}
        return content | {"data": chunk.media_data} if chunk.media_encoding is MediaEncoding.BASE64 else None
