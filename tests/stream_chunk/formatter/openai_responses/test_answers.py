from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import ResponsesFormatter

from ..places import told

FORMATTER = ResponsesFormatter()


def answered(call: dict[str, Any], content: Any, **more: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The item that answers a call of the vendor's making, and the losses."""
    part = {"type": "server_tool_call", "tool_call_id": "c1", "provider_data": {"openai.responses": {"item": call}}}
    answer = {"role": "tool", "tool_call_id": "c1", "content": content, **more}
    items, losses = FORMATTER.format_messages([{"role": "assistant", "content": [part]}, answer])
    assert items[0] == call
    return items[1], told(losses)


def alone(content: Any, **more: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    (item,), losses = FORMATTER.format_messages([{"role": "tool", "tool_call_id": "c1", "content": content, **more}])
    return item, told(losses)


def test_an_answer_is_text_or_a_list_with_media() -> None:
    plain = {"type": "function_call_output", "call_id": "c1", "output": "4 degrees"}
    assert alone("4 degrees") == (plain, [])
    image = {"type": "image", "url": "https://x.y/z"}
    document = {"type": "document", "data": b"%PDF-", "filename": "a.pdf"}
    item, losses = alone([{"type": "text", "text": "see"}, image, document])
    assert item["output"] == [
        {"type": "input_text", "text": "see"},
        {"type": "input_image", "detail": "auto", "image_url": "https://x.y/z"},
        {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="},
    ]
    assert losses == []


def test_what_has_no_place_is_told() -> None:
    assert alone("oh", is_error=True)[1] == [("messages[0]", "is_error dropped")]
    video = {"type": "video", "url": "https://x.y/z.mp4"}
    item, losses = alone([{"type": "text", "text": "a"}, video], name="f")
    assert (item["output"], losses) == (
        "a",
        [("messages[0]", "name dropped"), ("messages[0].content[1]", "video dropped")],
    )


def test_the_answer_of_a_custom_tool() -> None:
    call = {"type": "tool_call", "id": "c1", "name": "sql", "arguments": "SELECT 1", "kind": "custom"}
    answer = {"role": "tool", "tool_call_id": "c1", "content": "1"}
    items, _ = FORMATTER.format_messages([{"role": "assistant", "content": [call]}, answer])
    assert items[1] == {"type": "custom_tool_call_output", "call_id": "c1", "output": "1"}
    assert FORMATTER.parse_messages(items)[1] == {**answer, "content": [{"type": "text", "text": "1"}]}
    parsed = FORMATTER.parse_messages(items[1:])  # its call is kept by the server
    assert FORMATTER.format_messages(parsed)[0] == items[1:]


@pytest.mark.parametrize(
    ("failed", "output"),
    [
        (False, {"stdout": "a\nb", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}),
        (True, {"stdout": "", "stderr": "a\nb", "outcome": {"type": "exit", "exit_code": 1}}),
    ],
)
def test_the_answer_of_a_shell(failed: bool, output: Any) -> None:
    call = {"id": "sh_1", "type": "shell_call", "call_id": "c1", "action": {"commands": ["ls"]}}
    content = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    item, losses = answered(call, content, is_error=failed)
    assert item == {"type": "shell_call_output", "call_id": "c1", "output": [output]}
    assert losses == []


def test_the_answers_of_other_tools_of_the_client() -> None:
    patch = {"id": "p", "type": "apply_patch_call", "call_id": "c1", "operation": {}, "status": "completed"}
    done = {"type": "apply_patch_call_output", "call_id": "c1", "status": "completed", "output": "ok"}
    assert answered(patch, "ok")[0] == done
    assert answered(patch, "no", is_error=True)[0] == {**done, "status": "failed", "output": "no"}
    local = {"id": "l", "type": "local_shell_call", "call_id": "c1", "action": {}, "status": "completed"}
    assert answered(local, "a")[0] == {"type": "local_shell_call_output", "id": "c1", "output": "a"}


def test_a_screenshot() -> None:
    call = {"id": "cu", "type": "computer_call", "call_id": "c1", "actions": [], "pending_safety_checks": []}
    item, _ = answered(call, [{"type": "image", "data": b"\x89PNG\r\n\x1a\n"}])
    shown = {"type": "computer_screenshot", "image_url": "data:image/png;base64,iVBORw0KGgo="}
    assert item == {"type": "computer_call_output", "call_id": "c1", "output": shown}
    item, _ = answered(call, [{"type": "image", "file_id": "file-1"}])
    assert item["output"] == {"type": "computer_screenshot", "file_id": "file-1"}


def test_approval() -> None:
    call = {"id": "c1", "type": "mcp_approval_request", "name": "f", "arguments": "{}", "server_label": "s"}
    said = {"type": "mcp_approval_response", "approval_request_id": "c1", "approve": True}
    assert answered(call, [])[0] == said
    assert answered(call, "too dear", is_error=True)[0] == {**said, "approve": False, "reason": "too dear"}


def test_what_only_the_wire_can_say_is_said_with_own_data() -> None:
    data = {"provider_data": {"openai.responses": {"status": "incomplete", "id": "o1"}}}
    assert alone("a", **data)[0] == {
        "type": "function_call_output", "call_id": "c1", "output": "a", "status": "incomplete", "id": "o1",
    }  # fmt: skip
    shell = {"type": "shell_call_output", "call_id": "c1", "output": [], "max_output_length": 5}
    whole = {"provider_data": {"openai.responses": {"item": shell}}}
    assert alone("a", **whole)[0] == shell
    timed_out = {"provider_data": {"openai.responses": {"type": "apply_patch_call_output", "id": "x"}}}
    assert alone("a", **timed_out)[0]["status"] == "completed"


def test_outputs_of_hosted_tools_belong_to_the_assistant() -> None:
    hosted = {"type": "shell_call", "call_id": "c1", "environment": {"type": "container_reference"}}
    output = {"type": "shell_call_output", "call_id": "c1", "output": []}
    (message,) = FORMATTER.parse_messages([hosted, output])
    assert [part["type"] for part in message["content"]] == ["server_tool_call", "tool_result"]
    mine, answer = FORMATTER.parse_messages([{**hosted, "environment": {"type": "local"}}, output])
    assert (mine["role"], answer["role"]) == ("assistant", "tool")
