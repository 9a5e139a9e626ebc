"""Which fields of a chunk the Responses API has a place for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
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
    return list(_lost(chunk))


def _lost(chunk: BaseStreamChunk) -> Iterator[str]:
    chunk_type = ChunkType(chunk.type)
    for name in _UNSAID_FIELDS.get(chunk_type, ()):
        if getattr(chunk, name) is not None:
            yield f"{chunk.type}.{name}: {UNSAID}"
    if chunk_type not in _OWN:
        return
    data: Any = getattr(chunk, "provider_data", None) or {}
    yield from (f"{chunk.type}.provider_data[{name}]: {UNSAID}" for name in data if name != PROTOCOL)
    own = data.get(PROTOCOL)
    for name in own if isinstance(own, dict) else ():
        if name != _OWN[chunk_type]:
            yield f"{chunk.type}.provider_data[{PROTOCOL}][{name}]: {UNSAID}"
