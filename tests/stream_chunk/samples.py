"""One legal chunk of every type, and values that break codecs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.multimodal import MediaMetadata

CALL = {"id": "call_1", "name": "look_up", "arguments": '{"city": "Oslo"}', "kind": "function"}
PNG = MediaMetadata(mime_type="image/png", size_bytes=8)

ARGUMENTS: dict[ChunkType, dict[str, Any]] = {
    ChunkType.START: {"provider": "groq"},
    ChunkType.CONTENT: {"content": "Hello"},
    ChunkType.REFUSAL: {"content": "No"},
    ChunkType.REASONING: {"reasoning_delta": "If"},
    ChunkType.REASONING_DONE: {"reasoning_text": "If so"},
    ChunkType.REASONING_SUMMARY: {"reasoning_summary_delta": "It"},
    ChunkType.REASONING_SUMMARY_DONE: {"reasoning_summary_text": "It is"},
    ChunkType.TOOL_CALL_DELTA: {"tool_call_id": "call_1", "arguments_delta": "{"},
    ChunkType.TOOL_CALLS: {"tool_calls": [CALL]},
    ChunkType.SERVER_TOOL_CALL: {"tool_call_id": "ws_1", "tool_name": "web_search", "status": "completed"},
    ChunkType.TOOL_RESULT: {"tool_call_id": "call_1", "content": "12 °C"},
    ChunkType.CITATION: {"citation": {"url": "https://example.com/"}},
    ChunkType.USAGE: {"usage": {"input_tokens": 3}},
    ChunkType.COMPLETE_MESSAGE: {"complete_message": {"role": "assistant", "content": "Hello"}},
    ChunkType.COMPLETE_RESPONSE: {"response": {"id": "r1"}},
    ChunkType.TURN_DONE: {"finish_reason": "tool_calls"},
    ChunkType.DONE: {"finish_reason": "stop", "usage": {"input_tokens": 3}},
    ChunkType.ERROR: {"error": "overloaded", "error_info": {"kind": "overloaded"}},
    ChunkType.AGENT_STATUS: {"status": "working"},
    ChunkType.BACKEND_STATUS: {"status": "retry"},
    ChunkType.COMPRESSION_STATUS: {"status": "started"},
    ChunkType.MCP_STATUS: {"status": "connected"},
    ChunkType.CUSTOM_TOOL_STATUS: {"status": "running"},
    ChunkType.HOOK_EXECUTION: {"hook_info": {"name": "guard"}},
    ChunkType.MEDIA: {
        "media_type": "image",
        "media_id": "m1",
        "media_encoding": "binary",
        "media_data": b"\x89PNG\r\n\x1a\n",
        "media_metadata": PNG,
    },
    ChunkType.MEDIA_PROGRESS: {"media_id": "m1", "progress_percentage": 12.5},
    ChunkType.ATTACHMENT: {"path": "a.png"},
    ChunkType.ATTACHMENT_COMPLETE: {"media_data": "file_1", "media_encoding": "file_id"},
}
"""Arguments of the narrow constructor of each type."""


def constructor(chunk_type: ChunkType) -> Callable[..., BaseStreamChunk]:
    """Return the narrow constructor of a type."""
    found: Callable[..., BaseStreamChunk] = getattr(narrow, chunk_type.value)
    return found


def sample(chunk_type: ChunkType) -> BaseStreamChunk:
    """Return a legal chunk of a type."""
    return constructor(chunk_type)(**ARGUMENTS[chunk_type])


WITHOUT_FORM: dict[str, Any] = {
    "NaN": float("nan"),
    "infinity": float("inf"),
    "minus infinity": float("-inf"),
    "date": datetime(2026, 1, 2, tzinfo=UTC),
    "decimal": Decimal("1.5"),
    "uuid": UUID(int=1),
    "set": {1},
    "frozen set": frozenset("a"),
    "complex": 1j,
    "object": object(),
    "class": int,
    "integer as a key": {1: "a"},
    "bytes as a key": {b"a": 1},
    "None as a key": {None: 1},
    "struct": PNG,
}
"""Values that neither JSON nor MessagePack may be made of; msgspec takes most of them and changes them."""
