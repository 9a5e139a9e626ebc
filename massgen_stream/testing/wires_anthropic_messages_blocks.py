"""Blocks and deltas of Messages streams in every form that is known, usual and not."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Final

Data = dict[str, Any]
TEXTS: Final = ("Hello", " world", "", "\n", "é—😀", '"\\', "data: x\n\n", "\ud83d", "\ude00", "\u2028\x7f")
_PNG: Final = b64encode(b"\x89PNG\r\n\x1a\n0123").decode()

_CITATIONS: Final[tuple[Data, ...]] = (
    {"type": "web_search_result_location", "url": "https://a", "title": "A", "cited_text": "a", "encrypted_index": "x"},
    {"type": "char_location", "document_title": None, "document_index": 0, "start_char_index": 0, "end_char_index": 9},
    {"type": "search_result_location", "source": "https://s", "title": "S", "$x": {"$bytes": 1}},
    {"type": "page_location", "file_id": "f_1", "n": float("nan"), "url": 5},
)
_RESULT: Final = {"type": "web_search_result", "url": "https://a", "title": "A", "encrypted_content": "xyz"}

BLOCKS: Final[tuple[Data, ...]] = (
    {"type": "text", "text": ""},
    {"type": "text", "text": "Whole", "citations": [_CITATIONS[0]]},
    {"type": "text", "text": "", "citations": None},
    {"type": "thinking", "thinking": "", "signature": ""},
    {"type": "thinking", "thinking": "Hm", "signature": "sig_0"},
    {"type": "redacted_thinking", "data": "EqkECk=="},
    {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {}},
    {"type": "tool_use", "id": "toolu_2", "name": "find", "input": {"q": "é", "n": 1.0}, "caller": {"type": "direct"}},
    {"type": "tool_use", "id": "toolu_3", "name": "computer", "input": {}, "caller": None, "toolset_name": "t"},
    {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}},
    {"type": "server_tool_use", "id": "srvtoolu_2", "name": "code_execution", "input": {"code": "1"}, "caller": {}},
    {"type": "mcp_tool_use", "id": "mcptoolu_1", "name": "ask", "input": {}, "server_name": "wiki"},
    {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [_RESULT]},
    {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": {"error_code": "max_uses_exceeded"}},
    {"type": "code_execution_tool_result", "tool_use_id": "srvtoolu_2", "content": {
        "type": "code_execution_result", "stdout": "1", "return_code": 0, "content": [{"file_id": "file_1"}]}},
    {"type": "mcp_tool_result", "tool_use_id": "mcptoolu_1", "is_error": False, "content": [
        {"type": "text", "text": "found"}, {"type": "text", "text": "\ud83d"}]},
    {"type": "mcp_tool_result", "tool_use_id": "mcptoolu_1", "is_error": True, "content": [
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": _PNG}}]},
    {"type": "web_fetch_tool_result", "tool_use_id": "other", "content": "text"},
    {"type": "container_upload", "file_id": "file_2"},
    {"type": "compaction", "content": None},
    {"type": "fallback", "from": {"model": "a"}, "to": {"model": "b"}, "trigger": {"type": "refusal"}},
    {"type": "mcp_tool_listing", "server_name": "wiki", "tools": [{"name": "ask"}]},
    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": _PNG}},
    {"type": "image", "source": {"type": "url", "url": "https://x/y.png"}},
    {"type": "image", "source": {"type": "file", "file_id": "file_3", "media_type": "image/gif"}},
    {"type": "image"},
    {"type": "image", "source": {"type": "base64", "media_type": "image/webp", "data": ""}},
)  # fmt: skip

ODD: Final[tuple[Any, ...]] = (
    {"type": "a_new_block", "value": [1, float("nan")], "$k": 1},
    {"type": None},
    {"type": ["text"], "text": "x"},
    {"type": "text", "text": 5},
    {"type": "text", "text": None, "citations": "x"},
    {"type": "text", "text": "t", "citations": [5, _CITATIONS[3]]},
    {"type": "thinking", "thinking": [], "signature": ""},
    {"type": "thinking", "thinking": None, "signature": 5},
    {"type": "redacted_thinking", "data": float("nan")},
    {"type": "tool_use", "id": 5, "name": "odd", "input": None},
    {"type": "tool_use", "id": "", "name": None, "input": '{"a":'},
    {"type": "tool_use", "id": "toolu_1", "name": "again", "input": "{}", "n": float("nan")},
    {"type": "tool_use", "id": "toolu_5", "name": {}, "input": {}},
    {"type": "tool_use", "id": 6, "name": "x", "input": [1]},
    {"type": "tool_use"},
    {"type": "server_tool_use", "id": 5, "name": "x"},
    {"type": "server_tool_use", "id": "srvtoolu_3", "name": "x", "input": [float("nan")]},
    {"type": "server_tool_use", "id": "toolu_1", "name": "x", "input": "not json"},
    {"type": "web_search_tool_result", "tool_use_id": None, "content": [_RESULT]},
    {"type": "bash_code_execution_tool_result", "tool_use_id": "toolu_1"},
    {"type": "container_upload", "file_id": None},
    {"type": "container_upload", "file_id": "f", "n": float("nan")},
    {"type": "compaction", "content": "All of it", "encrypted_content": None},
    {"type": "fallback", "from": 5, "to": {"model": ""}},
    {"type": "image", "source": "x"},
    {"type": "image", "source": {"type": "base64", "data": "?"}},
    {"type": "image", "source": {"type": "base64", "data": 5}},
    {"type": "image", "source": {"type": "url", "url": None}},
)

_ARGUMENTS: Final = tuple(
    {"type": "input_json_delta", "partial_json": piece}
    for piece in ("", '{"city": "Par', 'is"}', "{}", "null", '{"a":NaN}', '"\ud83d', '\ude00"', '{"a": {"b": [1]}}')
)
DELTAS: Final[dict[str, tuple[Data, ...]]] = {
    "text": tuple({"type": "text_delta", "text": text} for text in TEXTS)
    + tuple({"type": "citations_delta", "citation": citation} for citation in _CITATIONS),
    "thinking": (
        *({"type": "thinking_delta", "thinking": text} for text in TEXTS),
        {"type": "thinking_delta", "thinking": "so", "estimated_tokens": 5},
        {"type": "signature_delta", "signature": "sig_1"},
        {"type": "signature_delta", "signature": ""},
    ),
    "tool_use": _ARGUMENTS,
    "server_tool_use": _ARGUMENTS,
    "mcp_tool_use": _ARGUMENTS,
    "compaction": (
        {"type": "compaction_delta", "content": "Summary", "encrypted_content": "enc"},
        {"type": "compaction_delta", "content": None},
    ),
    "image": tuple({"type": "image_delta", "data": data} for data in (_PNG, _PNG[:8], _PNG[8:], "AA==", "", None)),
    "a_new_block": ({"type": "a_new_delta", "x": 1}, {"type": "compaction_delta", "content": "?"}),
}
ODD_DELTAS: Final[tuple[Any, ...]] = (
    {"type": "text_delta", "text": 5},
    {"type": "text_delta", "text": None},
    {"type": "text_delta", "text": "usable", "thinking": 5},
    {"type": "thinking_delta", "thinking": True},
    {"type": "input_json_delta", "partial_json": {}},
    {"type": "signature_delta", "signature": 5},
    {"type": "citations_delta", "citation": "x"},
    {"type": "citations_delta", "citation": {}},
    {"type": "image_delta", "data": "????"},
    {"type": "image_delta", "data": 5},
    {"type": "image_delta", "data": _PNG[:6]},
    {"type": "image_delta", "data": _PNG[6:]},
    {"type": "image_delta", "data": "A"},
    {"type": "a_new_delta", "n": float("nan")},
    {"type": None, "text": "x"},
    {"text": "x"},
    {},
    None,
    5,
)
