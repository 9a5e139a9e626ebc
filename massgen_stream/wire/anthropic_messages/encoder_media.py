"""Images and uploads on the wire."""

from __future__ import annotations

from ...stream_chunk.kinds import MediaType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from .encoder_blocks import BlockWriter
from .encoder_tools import own_of
from .fields import Data
from .images import base64_of, image_source


def media_events(writer: BlockWriter, chunk: MultimodalStreamChunk) -> list[Data] | None:
    """Return the events for a medium; None where there is no place."""
    if chunk.media_type is MediaType.IMAGE:
        return _segment(writer, chunk) if chunk.is_partial else _image(writer, chunk)
    block = own_of(chunk.provider_data).get("block")
    if not isinstance(block, dict) or block.get("type") != "container_upload":
        return None
    return writer.whole(("file", chunk.media_id), block)


def _segment(writer: BlockWriter, chunk: MultimodalStreamChunk) -> list[Data] | None:
    key, data = ("image", chunk.media_id), base64_of(chunk)
    if chunk.partial_kind != "segment" or data is None or chunk.media_id is None:
        return None
    events: list[Data] = []
    if not writer.has(key):
        source = {**(image_source(chunk) or {}), "data": ""}
        events = writer.start(key, {"type": "image", "source": source}, stays_open=True)
    return [*events, writer.delta(key, "image_delta", data=data)]


def _image(writer: BlockWriter, chunk: MultimodalStreamChunk) -> list[Data] | None:
    key = ("image", chunk.media_id)
    if chunk.media_data is None:
        return [writer.stop(key)] if writer.has(key) else None
    source = image_source(chunk)
    return None if source is None else writer.whole(key, {"type": "image", "source": source})
