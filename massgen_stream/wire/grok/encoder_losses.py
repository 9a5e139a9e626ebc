"""Which fields of a chunk xAI's messages have a place for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ..losses import other_keys, unsaid_data, unsaid_fields
from .images import PROTOCOL

UNSAID: Final = "xAI's messages have no place for it"
_T = ChunkType
_UNSAID_FIELDS: Final[Mapping[ChunkType, frozenset[str]]] = {
    _T.START: frozenset(("provider", "request_id")),
    _T.CONTENT: frozenset(("phase",)),
    _T.REASONING: frozenset(("content_index",)),
    _T.TOOL_RESULT: frozenset(("attachments", "preliminary")),
    _T.MEDIA: frozenset(
        ("text_content", "total_chunks", "path", "continuation_id", "provider", "model"),
    ),
}
_OWN_KEYS: Final = frozenset((
    "encrypted_content", "tool_call", "tool_calls", "output", "echoed", "image", "image_uuid",
))  # fmt: skip
_DETAILS: Final = frozenset(("outputs", "choices"))


def lost_fields(chunk: BaseStreamChunk) -> list[str]:
    """Return one line for each field of *chunk*, which was said otherwise, that has no place."""
    return [f"{chunk.type}.{name}: {UNSAID}" for name in _lost(chunk)]


def _lost(chunk: BaseStreamChunk) -> Iterator[str]:
    yield from unsaid_fields(chunk, _UNSAID_FIELDS)
    yield from unsaid_data(chunk, PROTOCOL, _OWN_KEYS)
    yield from other_keys("finish_details", getattr(chunk, "finish_details", None), _DETAILS)
