"""Strategies of media that arrive in a stream: whole, in segments, or after previews, with progress."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType, MediaType
from ..stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from . import strategies_values as values
from .strategies_values import Data

Block = list[BaseStreamChunk]


def media(media_id: str, **fields: Any) -> MultimodalStreamChunk:
    """Return a `media` chunk."""
    return MultimodalStreamChunk(type=ChunkType.MEDIA, media_id=media_id, **fields)


def held(data: bytes, *, as_text: bool = False) -> Data:
    """Return the fields that hold *data*."""
    if as_text:
        return {"media_data": b64encode(data).decode("ascii"), "media_encoding": "base64"}
    return {"media_data": data, "media_encoding": "binary"}


def segments(media_id: str, pieces: list[bytes], **fields: Any) -> list[MultimodalStreamChunk]:
    """Return a segment for each of *pieces*."""
    made, offset = [], 0
    for index, piece in enumerate(pieces):
        place = {"chunk_index": index, "byte_offset": offset, "is_partial": True, "partial_kind": "segment"}
        made.append(media(media_id, **place, **held(piece), **fields))
        offset += len(piece)
    return made


@st.composite
def media_blocks(draw: DrawFn, name: str, choice: int) -> Block:  # noqa: ARG001 - one shape for all blocks
    """One medium from its first progress to its final chunk."""
    kind = draw(st.sampled_from(MediaType))
    mime_type = draw(st.sampled_from(("image/png", "audio/pcm;rate=24000", "application/octet-stream")))
    block = draw(st.sampled_from((_in_segments, _after_previews, _whole, _referred)))(draw, name, kind, mime_type)
    rising = sorted(draw(st.lists(values.floats(0, 100), max_size=2)))
    places = sorted(draw(st.lists(st.integers(0, len(block) - 1), min_size=len(rising), max_size=len(rising))))
    for done, (place, percentage) in enumerate(zip(places, rising, strict=True)):
        progress = MultimodalStreamChunk(
            type=ChunkType.MEDIA_PROGRESS, media_id=name, progress_percentage=percentage, stage="running"
        )
        block.insert(place + done, progress)
    return block


def _in_segments(draw: DrawFn, name: str, kind: MediaType, mime_type: str) -> Block:
    pieces = draw(st.lists(st.binary(max_size=6), min_size=1, max_size=3))
    metadata = values.described(b"".join(pieces), mime_type) if draw(st.booleans()) else MediaMetadata(mime_type="a/b")
    block: Block = [*segments(name, pieces, media_type=kind)]
    return [*block, media(name, media_type=kind, media_metadata=metadata)]


def _after_previews(draw: DrawFn, name: str, kind: MediaType, mime_type: str) -> Block:
    previews = draw(st.lists(st.binary(min_size=1, max_size=6), max_size=2))
    block: Block = [
        media(name, media_type=kind, is_partial=True, partial_kind="preview", chunk_index=index, **held(data))
        for index, data in enumerate(previews)
    ]
    return block + _whole(draw, name, kind, mime_type)


def _whole(draw: DrawFn, name: str, kind: MediaType, mime_type: str) -> Block:
    data = draw(st.binary(max_size=12))
    metadata = draw(st.sampled_from((None, values.described(data, mime_type))))
    fields = held(data, as_text=draw(st.booleans()))
    return [
        media(
            name, media_type=kind, media_metadata=metadata, text_content=draw(values.optional(values.text())), **fields
        )
    ]


def _referred(draw: DrawFn, name: str, kind: MediaType, mime_type: str) -> Block:  # noqa: ARG001
    where = draw(st.sampled_from(({"path": "a.png"}, {"media_encoding": "url", "media_data": "https://example.com/a"})))
    return [media(name, media_type=kind, media_metadata=draw(values.optional(values.metadata())), **where)]
