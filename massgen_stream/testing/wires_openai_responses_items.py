"""Output items and parts of the Responses API, one or more of every type."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Final

Data = dict[str, Any]
_GIF: Final = b64encode(b"GIF89a").decode()
PARTS: Final[tuple[Data, ...]] = (
    {"type": "output_text", "text": "Hello", "annotations": [], "logprobs": []},
    {"type": "output_text", "text": "Hello world", "annotations": [{"type": "url_citation", "url": "https://a"}]},
    {"type": "output_text", "text": "", "annotations": [{"start_index": 99, "url": "https://b"}, 5]},
    {"type": "refusal", "refusal": "no"},
    {"type": "reasoning_text", "text": "hm"},
    {"type": "summary_text", "text": "Hello"},
    {"type": "output_audio", "transcript": "x"},
    {"text": "nothing"},
)
_MESSAGE: Final[Data] = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": []}
_CALL: Final[Data] = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "weather", "arguments": "{}"}
_CUSTOM: Final[Data] = {"type": "custom_tool_call", "id": "ct_1", "call_id": "call_2", "name": "sql", "input": "SELECT"}
_WEB: Final[Data] = {"type": "web_search_call", "id": "ws_1", "status": "in_progress"}
_IMAGE: Final[Data] = {"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": _GIF}
_MCP: Final[Data] = {"type": "mcp_call", "id": "mcp_1", "name": "short_url", "server_label": "zip", "arguments": "{}"}
_SHELL: Final[Data] = {"type": "shell_call", "id": "sh_1", "call_id": "call_3", "action": {"commands": ["ls"]}}
_CODE: Final[Data] = {"type": "code_interpreter_call", "id": "ci_1", "code": "1", "container_id": "c"}

ITEMS: Final[tuple[Data, ...]] = (
    _MESSAGE,
    {**_MESSAGE, "phase": "commentary", "content": [PARTS[0]]},
    {**_MESSAGE, "phase": "a new word", "id": "msg_2", "content": [PARTS[1], PARTS[3], PARTS[0]]},
    {"type": "reasoning", "id": "rs_1", "summary": []},
    {"type": "reasoning", "id": "rs_1", "summary": [PARTS[5]], "content": [PARTS[4]], "encrypted_content": "gA$"},
    {**_CALL, "arguments": "", "status": "in_progress"},
    {**_CALL, "status": "completed", "namespace": "n", "caller": {"type": "program"}},
    {**_CALL, "status": "incomplete", "arguments": '{"city":"Par'},
    {**_CALL, "id": None, "call_id": None, "arguments": {"city": "Paris"}},
    {**_CALL, "name": ""},
    {"type": "function_call", "arguments": '{"city":"Paris"}'},
    _CUSTOM,
    {**_CUSTOM, "input": "", "status": "in_progress"},
    _WEB,
    {**_WEB, "status": "completed", "action": {"type": "search", "query": "q", "$ref": [1]}},
    {**_WEB, "status": "new word"},
    {"type": "file_search_call", "id": "fs_1", "queries": ["q"], "results": [{"text": "t"}, {"text": "u"}]},
    {"type": "computer_call", "id": "cu_1", "call_id": "call_4", "action": {"type": "click"}, "status": "completed"},
    {"type": "computer_call", "id": "cu_2", "call_id": "call_6", "actions": [{"type": "click"}], "status": "completed"},
    {"type": "computer_call_output", "call_id": "call_4", "output": {"type": "computer_screenshot", "image_url": "u"}},
    {"type": "program", "id": "cm_1", "call_id": "call_5", "code": "x()", "fingerprint": "f"},
    {"type": "program_output", "call_id": "call_5", "result": "ok"},
    {"type": "tool_search_call", "id": "ts_1", "call_id": None, "execution": "server", "arguments": {"paths": []}},
    {"type": "tool_search_call", "id": "ts_2", "execution": "client", "arguments": {"paths": ["a"]}},
    {"type": "tool_search_output", "id": "to_1", "tools": [{"type": "function", "name": "f"}]},
    {"type": "additional_tools", "id": "at_1", "tools": []},
    {"type": "compaction", "id": "cmp_1", "encrypted_content": "gAAA"},
    {**_IMAGE, "output_format": "gif", "size": "3x4"},
    {**_IMAGE, "result": None, "status": "generating"},
    {"type": "image_generation_call", "id": "ig_1", "status": "in_progress"},
    _CODE,
    {**_CODE, "outputs": [{"type": "logs", "logs": "1"}, {"type": "image", "url": "data:image/png;base64,"}]},
    {"type": "local_shell_call", "id": "ls_1", "call_id": "call_6", "action": {"command": ["ls"]}},
    {"type": "local_shell_call_output", "id": "call_6", "output": "files", "status": "incomplete"},
    _SHELL,
    {**_SHELL, "status": "completed", "environment": {"type": "container_reference", "container_id": "c"}},
    {"type": "shell_call_output", "id": "so_1", "call_id": "call_3", "output": [{"stdout": "a", "stderr": "b"}]},
    {"type": "apply_patch_call", "id": "ap_1", "call_id": "call_7", "operation": {"type": "delete_file"}},
    {"type": "apply_patch_call_output", "call_id": "call_7", "output": None, "status": "failed"},
    {**_MCP, "status": "completed", "output": "done"},
    {**_MCP, "status": "failed", "error": {"type": "http_error", "code": 500}},
    {**_MCP, "arguments": ""},
    {"type": "mcp_list_tools", "id": "ml_1", "server_label": "zip", "tools": []},
    {"type": "mcp_approval_request", "id": "ma_1", "name": "short_url", "arguments": "{}"},
    {"type": "mcp_approval_response", "id": "mr_1", "approval_request_id": "ma_1", "approve": True},
    {"type": "function_call_output", "call_id": "call_1", "output": [{"type": "input_text", "text": "sunny"}]},
    {"type": "custom_tool_call_output", "call_id": "call_2", "output": "rows"},
    {"type": "unknown_item", "id": "x_1", "payload": [None, 1.5]},
    {"id": "no type"},
)
