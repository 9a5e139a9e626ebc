"""Which fields of a chunk the Responses API has a place for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ..losses import unsaid_data, unsaid_fields
from .events import PROTOCOL

UNSAID: Final = "the Responses API has no place for it"
_T = ChunkType
_UNSAID_FIELDS: Final[Mapping[ChunkType, tuple[str, ...]]] = {
    _T.START: ("provider", "request_id"),
    _T.CONTENT: ("choice_index",),
    _T.REFUSAL: ("choice_index",),
    _T.REASONING: ("choice_index",),
    _T.REASONING_DONE: ("choice_index", "provider_data"),
    _T.REASONING_SUMMARY: ("choice_index", "provider_data"),
    _T.REASONING_SUMMARY_DONE: ("choice_index", "provider_data"),
    _T.TOOL_CALL_DELTA: ("choice_index",),
    _T.TOOL_CALLS: ("choice_index",),
    _T.SERVER_TOOL_CALL: ("choice_index",),
    _T.TOOL_RESULT: ("choice_index",),
    _T.CITATION: ("choice_index",),
    _T.ERROR: ("tool_call_id", "media_id"),
    _T.COMPRESSION_STATUS: ("detail", "tool_call_id"),
    _T.MEDIA: ("path", "continuation_id", "provider", "model", "provider_data"),
    _T.MEDIA_PROGRESS: (
        "progress_percentage", "bytes_transferred", "total_bytes", "queue_position", "eta_seconds", "log", "job",
        "provider", "model",
    ),
}  # fmt: skip
_OWN: Final = {_T.CONTENT: "content_index", _T.REASONING: "item", _T.SERVER_TOOL_CALL: "item", _T.TOOL_RESULT: "item"}


def lost_fields(chunk: BaseStreamChunk) -> list[str]:
    """Return one line for each field of *chunk*, which was said otherwise, that has no place."""
    return [f"{chunk.type}.{name}: {UNSAID}" for name in _lost(chunk)]


def _lost(chunk: BaseStreamChunk) -> Iterator[str]:
    yield from unsaid_fields(chunk, _UNSAID_FIELDS)
    own = _OWN.get(ChunkType(chunk.type))
    if own is not None:
        yield from unsaid_data(chunk, PROTOCOL, (own,))
