"""Which fields of a chunk Chat Completions has a place for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType

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


def lost_fields(chunk: BaseStreamChunk) -> list[str]:
    """Return one line for each field of *chunk*, which was said otherwise, that has no place."""
    return list(_lost(chunk))


def _lost(chunk: BaseStreamChunk) -> Iterator[str]:
    for name in _UNSAID_FIELDS.get(ChunkType(chunk.type), ()):
        if getattr(chunk, name) is not None:
            yield f"{chunk.type}.{name}: {UNSAID}"
    data: Any = getattr(chunk, "provider_data", None) or {}
    own = data.get("openai.chat")
    yield from (f"{chunk.type}.provider_data[{name}]: {UNSAID}" for name in data if name != "openai.chat")
    for name in own if isinstance(own, dict) else ():
        if name not in _OWN_KEYS:
            yield f"{chunk.type}.provider_data[openai.chat][{name}]: {UNSAID}"
