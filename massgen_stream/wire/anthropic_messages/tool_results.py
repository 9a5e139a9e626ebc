"""Results of tools that the vendor runs: text for readers, files as attachments, and the block as it must go back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..json_value import finite
from .block import own_data
from .fields import Data

RESULTS: Final = frozenset((
    "web_search_tool_result", "web_fetch_tool_result", "code_execution_tool_result",
    "bash_code_execution_tool_result", "text_editor_code_execution_tool_result", "tool_search_tool_result",
    "mcp_tool_result", "advisor_tool_result",
))  # fmt: skip
_SOURCES: Final = {"base64": ("data", "base64"), "url": ("url", "url"), "file": ("file_id", "file_id")}
_DEPTH: Final = 6  # a fetched document sits three deep; the bound is against hostile input


def result_chunk(block: Data, tool_name: str | None) -> TextStreamChunk:
    """Return the chunk of a result block with a usable `tool_use_id`."""
    block = finite(block)
    content = block.get("content")
    return TextStreamChunk(
        type=ChunkType.TOOL_RESULT,
        tool_call_id=block["tool_use_id"],
        tool_name=tool_name,
        content=_text(content),
        attachments=list(_attachments(content, _DEPTH)) or None,
        is_error=has_failed(block) or None,
        provider_data=own_data(block=block),
    )


def has_failed(block: Data) -> bool:
    """Return whether the block tells an error: MCP's flag, or an object with an ``error_code``."""
    content = block.get("content")
    return block.get("is_error") is True or (isinstance(content, dict) and bool(content.get("error_code")))


def _text(content: Any) -> str:
    """Text as text; anything else as JSON."""
    if isinstance(content, str):
        return content
    if isinstance(content, list) and content and all(map(_is_text, content)):
        return "\n".join(item["text"] for item in content)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _is_text(item: Any) -> bool:
    return isinstance(item, dict) and item.get("type") == "text" and isinstance(item.get("text"), str)


def _attachments(value: Any, depth: int) -> Iterator[Data]:
    """Media and files anywhere in a result, in order."""
    if not depth:
        return
    if isinstance(value, list):
        for item in value:
            yield from _attachments(item, depth - 1)
    elif isinstance(value, dict):
        found = _attachment(value)
        if found is not None:
            yield found
        else:
            for item in value.values():
                yield from _attachments(item, depth - 1)


def _attachment(item: Data) -> Data | None:
    kind, source, file_id = item.get("type"), item.get("source"), item.get("file_id")
    if isinstance(file_id, str) and file_id:
        return {"type": "file", "file_id": file_id}
    if kind not in ("image", "document") or not isinstance(source, dict):
        return None
    place = _SOURCES.get(str(source.get("type")))
    value = source.get(place[0]) if place else None
    if place is None or not isinstance(value, str) or not value:
        return None
    mime_type = source.get("media_type")
    return {"type": kind, place[1]: value} | ({"mime_type": mime_type} if isinstance(mime_type, str) else {})
