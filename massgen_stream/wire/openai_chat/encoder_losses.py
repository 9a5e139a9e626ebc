"""Which fields of a chunk Chat Completions has a place for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ..losses import other_keys, unsaid_data, unsaid_fields
from .finish import UNSTATED

UNSAID: Final = "Chat Completions has no place for it"
_T = ChunkType
_UNSAID_FIELDS: Final[Mapping[ChunkType, frozenset[str]]] = {
    _T.START: frozenset(("provider", "request_id")),
    _T.CONTENT: frozenset(("item_id", "phase")),
    _T.REFUSAL: frozenset(("item_id",)),
    _T.REASONING: frozenset(("item_id", "content_index")),
    _T.CITATION: frozenset(("item_id",)),
    _T.TOOL_RESULT: frozenset(("attachments", "is_error", "preliminary")),
    _T.ERROR: frozenset(("tool_call_id", "media_id")),
    _T.MEDIA: frozenset(("total_chunks", "path", "continuation_id", "provider", "model", "provider_data")),
}
_OWN_KEYS: Final = frozenset((
    "content_parts", "extra_content", "reasoning_details", "thinking_signature", "executed_tool",
))  # fmt: skip


_DETAILS: Final = frozenset(("choices", "native_finish_reason", "content_filter_results", UNSTATED))
_ERROR: Final = frozenset(("kind", "code", "retryable", "raw"))


def lost_fields(chunk: BaseStreamChunk) -> list[str]:
    """Return one line for each field of *chunk*, which was said otherwise, that has no place."""
    return [f"{chunk.type}.{name}: {UNSAID}" for name in _lost(chunk)]


def _lost(chunk: BaseStreamChunk) -> Iterator[str]:
    yield from unsaid_fields(chunk, _UNSAID_FIELDS)
    yield from unsaid_data(chunk, "openai.chat", _OWN_KEYS)
    yield from other_keys("finish_details", getattr(chunk, "finish_details", None), _DETAILS)
    info = getattr(chunk, "error_info", None) or {}
    if info.get("raw") is None:  # the vendor's own object has the rest
        yield from other_keys("error_info", info, _ERROR)
