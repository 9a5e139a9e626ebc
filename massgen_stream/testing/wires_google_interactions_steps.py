"""Steps and deltas of Interactions streams in every form that is known, usual and not."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Final

Data = dict[str, Any]
TEXTS: Final = ("Hello", " world", "", "\n", "é—😀", '"\\', "data: x\n\n", "\ud83d", "\ude00", "\u2028\x7f")
_PNG: Final = b64encode(b"\x89PNG\r\n\x1a\n0123").decode()
_PCM: Final = b64encode(bytes(range(12))).decode()
_SEARCH: Final[Data] = {"search_suggestions": "<b>chips</b>"}

_ANNOTATIONS: Final[tuple[Data, ...]] = (
    {"type": "url_citation", "url": "https://a", "title": "A", "start_index": 0, "end_index": 5},
    {"type": "url_citation", "url": "https://b", "end_index": 2, "$x": {"$bytes": 1}},
    {"type": "file_citation", "document_uri": "f://1", "file_name": "a.pdf", "source": "cited", "page_number": 3},
    {"type": "place_citation", "place_id": "p", "name": "Café", "url": "https://maps", "start_index": 9},
    {"type": "word_info", "text": "Hello", "start_offset": "0s", "start_index": -1, "end_index": "x"},
    {"type": "speech_metadata", "speaker": "S", "n": float("nan")},
    {"type": "a_new_annotation"},
    {},
)
_MEDIA: Final[tuple[Data, ...]] = (
    {"type": "image", "data": _PNG, "mime_type": "image/png", "resolution": "high"},
    {"type": "image", "uri": "https://i", "mime_type": "image/png"},
    {"type": "image", "data": _PNG, "uri": "https://i"},
    {"type": "document", "data": _PNG, "mime_type": "application/pdf"},
    {"type": "document", "uri": "https://d"},
    {"type": "audio", "data": _PCM, "mime_type": "audio/l16", "sample_rate": 24000, "channels": 1},
    {"type": "audio", "data": _PCM[:8], "rate": 16000},
    {"type": "audio", "data": _PCM, "mime_type": "audio/wav"},
    {"type": "audio", "uri": "https://a"},
    {"type": "video", "data": _PCM, "mime_type": "video/mp4", "uri": "https://v"},
    {"type": "video", "uri": "https://v", "mime_type": "video/mp4"},
    {"type": "image", "data": ""},
    {"type": "image"},
)

STEPS: Final[tuple[Data, ...]] = (
    {"type": "model_output"},
    {"type": "model_output"},
    {"type": "model_output", "content": [{"type": "text", "text": "Whole", "annotations": [_ANNOTATIONS[0]]}]},
    {"type": "model_output", "content": [{"type": "text", "text": "a"}, _MEDIA[0], {"type": "text", "text": "b"}]},
    {"type": "model_output", "content": [_MEDIA[5], {"type": "text", "text": "x"}, {"type": "new"}], "error": None},
    {"type": "model_output", "error": {"code": 3, "message": "blocked"}},
    {"type": "thought"},
    {"type": "thought", "signature": "sig_0", "summary": [{"type": "text", "text": "Hm"}, _MEDIA[0], _MEDIA[1]]},
    {"type": "thought", "signature": "", "summary": []},
    {"type": "function_call", "id": "call_1", "name": "get_weather", "arguments": {}, "signature": ""},
    {"type": "function_call", "id": "call_2", "name": "find", "arguments": {"q": "é", "n": 1.0}, "signature": "s"},
    {"type": "function_call", "id": "call_3", "name": "other", "arguments": {}, "future": {"$x": 1}},
    {"type": "google_search_call", "id": "s_1", "signature": ""},
    {"type": "google_search_call", "id": "s_2", "arguments": {"queries": ["a"]}, "signature": "sg"},
    {"type": "google_search_result", "call_id": "s_1", "signature": ""},
    {"type": "google_search_result", "call_id": "s_1", "result": [_SEARCH], "is_error": False},
    {"type": "code_execution_call", "id": "c_1", "arguments": {"code": "print(1)", "language": "python"}},
    {"type": "code_execution_result", "call_id": "c_1", "result": "1\n"},
    {"type": "code_execution_result", "call_id": "c_1", "result": "no", "is_error": True},
    {"type": "url_context_call", "id": "u_1", "arguments": {"urls": ["https://a"]}},
    {"type": "url_context_result", "call_id": "u_1", "result": [{"url": "https://a", "status": "success"}]},
    {"type": "file_search_call", "id": "f_1"},
    {"type": "file_search_result", "call_id": "f_1"},
    {"type": "google_maps_call", "id": "m_1", "arguments": {"queries": ["x"]}},
    {"type": "google_maps_result", "call_id": "m_1", "result": [{"places": [{"name": "Café"}]}]},
    {"type": "mcp_server_tool_call", "id": "x_1", "name": "ask", "server_name": "wiki", "arguments": {}},
    {"type": "mcp_server_tool_result", "call_id": "x_1", "name": "ask", "server_name": "wiki", "result": [
        {"type": "text", "text": "found"}, {"type": "text", "text": "\ud83d"}]},
    {"type": "mcp_server_tool_result", "call_id": "x_1", "result": [_MEDIA[0], _MEDIA[1], {"type": "audio"}]},
    {"type": "retrieval_call", "id": "r_1", "retrieval_type": "rag_store", "arguments": {"queries": ["x"]}},
    {"type": "retrieval_result", "call_id": "r_1"},
    {"type": "processing_call", "id": "p_1", "signature": "sp"},
    {"type": "processing_result", "call_id": "p_1", "signature": "sr"},
    {"type": "tool_search_call", "id": "t_1", "arguments": {"function_names": ["f"]}},
    {"type": "tool_search_result", "call_id": "t_1", "result": [{"type": "function", "name": "f"}]},
    {"type": "function_result", "call_id": "call_1", "name": "get_weather", "result": {"celsius": 7}},
    {"type": "user_input", "content": [{"type": "text", "text": "Hi"}]},
)  # fmt: skip

ODD: Final[tuple[Any, ...]] = (
    {"type": "a_new_step", "value": [1, float("nan")], "$k": 1},
    {"type": None}, {"type": ["thought"], "text": "x"}, {},
    {"type": "model_output", "content": "text"},
    {"type": "model_output", "content": [5]},
    {"type": "model_output", "content": [None]},
    {"type": "model_output", "content": [{"type": "text", "text": 5}], "error": "x"},
    {"type": "model_output", "content": [{"type": "text", "annotations": [5, _ANNOTATIONS[1]]}], "error": "x"},
    {"type": "model_output", "content": [{"type": "image", "data": "????"}]},
    {"type": "model_output", "content": [{"type": "image", "data": _PNG, "mime_type": 5, "channels": "2"}]},
    {"type": "thought", "summary": {}}, {"type": "thought", "signature": 5},
    {"type": "thought", "summary": [{"type": "text", "text": []}]},
    {"type": "thought", "summary": [{"type": "image", "uri": 5}]},
    {"type": "thought", "summary": [{"type": "image", "uri": "https://i", "resolution": 5}]},
    {"type": "function_call", "id": 5, "name": "odd", "arguments": None},
    {"type": "function_call", "id": "", "name": None, "arguments": '{"a":'},
    {"type": "function_call", "id": "call_1", "name": "again", "arguments": "{}", "n": float("nan")},
    {"type": "function_call", "id": "call_5", "name": {}},
    {"type": "function_call", "id": 6, "name": "x", "arguments": [1]},
    {"type": "function_call"},
    {"type": "google_search_call", "id": 5}, {"type": "google_search_call", "id": "s_1", "n": float("nan")},
    {"type": "google_search_call", "id": "s_3", "arguments": "not json"},
    {"type": "code_execution_call", "id": "call_1", "arguments": [float("nan")]},
    {"type": "google_search_result", "call_id": None, "result": [_SEARCH]},
    {"type": "retrieval_result", "call_id": "call_1", "result": None},
    {"type": "mcp_server_tool_call", "id": "x_2", "name": 5},
)  # fmt: skip

_ARGUMENTS: Final = tuple(
    {"type": "arguments_delta", "arguments": piece}
    for piece in ("", '{"city": "Par', 'is"}', "{}", "null", '{"a":NaN}', '"\ud83d', '\ude00"', '{"a":{"b":[1]}}', None)
)
_OUTPUT: Final[tuple[Data, ...]] = (
    *({"type": "text", "text": text} for text in TEXTS),
    *({"type": "text_annotation_delta", "annotations": [annotation]} for annotation in _ANNOTATIONS),
    {"type": "text_annotation_delta", "annotations": list(_ANNOTATIONS[:3])},
    {"type": "text_annotation_delta"},
    *_MEDIA,
)
_THOUGHT: Final[tuple[Data, ...]] = (
    *({"type": "thought_summary", "content": {"type": "text", "text": text}} for text in TEXTS),
    *({"type": "thought_summary", "content": medium} for medium in _MEDIA[:3]),
    {"type": "thought_summary"}, {"type": "thought_summary", "content": {"type": "new"}},
    {"type": "thought_signature", "signature": "sig_1"}, {"type": "thought_signature", "signature": ""},
)  # fmt: skip
_SIGNED: Final[tuple[Data, ...]] = ({"type": "thought_signature", "signature": "sig_2"},)

DELTAS: Final[dict[str, tuple[Data, ...]]] = {
    "model_output": _OUTPUT,
    "thought": _THOUGHT,
    "function_call": _ARGUMENTS + _SIGNED,
    "mcp_server_tool_call": (
        *_ARGUMENTS, {"type": "mcp_server_tool_call", "name": "ask", "server_name": "wiki", "arguments": {"a": 1}},
    ),
    "google_search_call": (
        {"type": "google_search_call", "arguments": {"queries": ["a", "é"]}},
        {"type": "google_search_call", "arguments": {"queries": []}, "signature": "sg_2"}, *_ARGUMENTS[1:3], *_SIGNED,
    ),
    "google_search_result": (
        {"type": "google_search_result", "result": [_SEARCH], "is_error": False},
        {"type": "google_search_result", "result": [{}], "signature": "sr_2"}, *_SIGNED,
    ),
    "code_execution_call": (
        {"type": "code_execution_call", "arguments": {"code": "1", "language": "bash"}, "signature": ""},
    ),
    "code_execution_result": (
        *({"type": "code_execution_result", "result": text} for text in ("1", "12", "34", "")),
        {"type": "code_execution_result", "result": "x", "is_error": True},
    ),
    "file_search_result": ({"type": "file_search_result", "result": [{}]}, {"type": "file_search_result"}),
    "url_context_result": ({"type": "url_context_result", "result": [{"status": "error"}], "is_error": True},),
    "a_new_step": ({"type": "a_new_delta", "x": 1}, {"type": "text", "text": "?"}, {"type": "image", "data": _PNG}),
    "user_input": ({"type": "text", "text": "echo"}, {"type": "image", "data": _PNG}),
}  # fmt: skip

ODD_DELTAS: Final[tuple[Any, ...]] = (
    {"type": "text", "text": 5}, {"type": "text", "text": None}, {"type": "text", "text": "usable", "uri": 5},
    {"type": "thought_summary", "content": 5}, {"type": "thought_summary", "content": {"type": "text", "text": 5}},
    {"type": "thought_summary", "content": {"type": "image", "data": "????", "channels": -1}},
    {"type": "thought_summary", "content": {"type": "image", "uri": "https://i", "mime_type": []}},
    {"type": "thought_signature", "signature": 5}, {"type": "arguments_delta", "arguments": {}},
    {"type": "text_annotation_delta", "annotations": "x"}, {"type": "text_annotation_delta", "annotations": [5]},
    {"type": "image", "data": "????"}, {"type": "image", "data": 5}, {"type": "image", "data": _PNG[:6], "uri": 5},
    {"type": "image", "data": _PNG, "mime_type": 5, "sample_rate": -1}, {"type": "audio", "data": "A"},
    {"type": "audio", "data": _PCM, "channels": 1.5, "rate": "x"}, {"type": "video", "uri": 5},
    {"type": "google_search_call", "id": "s_9", "arguments": {"queries": ["z"]}},
    {"type": "google_search_result", "result": float("nan")}, {"type": "a_new_delta", "n": float("nan")},
    {"type": None, "text": "x"}, {"text": "x"}, {}, None, 5,
)  # fmt: skip
