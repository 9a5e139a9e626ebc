"""Which fields of a chunk an Interactions stream has a place for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ..losses import unsaid_data, unsaid_fields
from .step import PROTOCOL

UNSAID: Final = "an Interactions stream has no place for it"
_T = ChunkType
_UNSAID_FIELDS: Final[Mapping[ChunkType, frozenset[str]]] = {
    _T.START: frozenset(("provider", "request_id")),
    _T.CONTENT: frozenset(("phase",)),
    _T.REASONING: frozenset(("content_index",)),
    _T.TOOL_RESULT: frozenset(("preliminary",)),
    _T.ERROR: frozenset(("tool_call_id", "media_id")),
    _T.MEDIA: frozenset(("text_content", "total_chunks", "path", "continuation_id", "provider", "model")),
}
_OWN_KEYS: Final = frozenset(("annotations", "deltas", "resolution", "signature", "step", "thought", "uri"))


def lost_fields(chunk: BaseStreamChunk) -> list[str]:
    """Return one line for each field of *chunk*, which was said otherwise, that has no place."""
    return [f"{chunk.type}.{name}: {UNSAID}" for name in _lost(chunk)]


def _lost(chunk: BaseStreamChunk) -> Iterator[str]:
    yield from unsaid_fields(chunk, _UNSAID_FIELDS)
    yield from unsaid_data(chunk, PROTOCOL, _OWN_KEYS)
