from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import ResponsesFormatter

from ..places import place_of_fault

FORMATTER = ResponsesFormatter()
parse = FORMATTER.parse_messages


def own(**data: Any) -> dict[str, Any]:
    return {"provider_data": {"openai.responses": data}}


def test_a_string_is_what_the_user_says() -> None:
    assert parse("hi") == [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]


def test_what_an_assistant_did_is_one_message() -> None:
    reasoning = {
        "id": "rs_1",
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": "s"}],
        "content": [{"type": "reasoning_text", "text": "t"}],
    }
    items: list[dict[str, Any]] = [
        {"role": "user", "content": "hi"},
        reasoning,
        {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "phase": "commentary",
         "content": [{"type": "output_text", "text": "Hm.", "annotations": []}]},
        {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": ""},
        {"type": "function_call_output", "call_id": "c1", "output": "4"},
    ]  # fmt: skip
    _, assistant, answer = parse(items)
    assert assistant == {
        "role": "assistant",
        "content": [
            {"type": "reasoning", "text": "t", "summary": ["s"], "item_id": "rs_1", **own(item=reasoning)},
            {"type": "text", "text": "Hm.", "item_id": "msg_1", "phase": "commentary"},
            {
                "type": "tool_call",
                "id": "c1",
                "name": "f",
                "arguments": "{}",
                "kind": "function",
                **own(item={"id": "fc_1"}),
            },
        ],
    }
    assert answer == {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "4"}]}


def test_messages_without_ids_stay_apart() -> None:
    items = [{"role": "assistant", "content": "a"}, {"role": "assistant", "content": "b"}]
    assert len(parse(items)) == 2
    assert FORMATTER.format_messages(parse(items))[0] == items


def test_a_picture_is_a_part_of_its_own() -> None:
    item = {"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": "iVBORw0KGgo="}
    (message,) = parse([item])
    call, image = message["content"]
    assert call["tool_name"] == "image_generation"
    assert image == {"type": "image", "base64": item["result"], "mime_type": "image/png", "media_id": "ig_1"}
    assert FORMATTER.format_messages([message])[0] == [item]


@pytest.mark.parametrize(
    "item",
    [
        {"id": "msg_1"},
        {"type": "item_reference", "id": "rs_1"},
        {"type": "compaction", "id": "cmp_1", "encrypted_content": "x"},
        {"type": "mcp_approval_response", "approval_request_id": "m", "approve": True},
        {"type": "never_seen", "a": [1]},
    ],
)
def test_items_of_every_kind_survive(item: dict[str, Any]) -> None:
    assert FORMATTER.format_messages(parse([item])) == ([item], [])


@pytest.mark.parametrize(
    ("wire", "kind"),
    [
        ({"file_id": "file-1"}, "file"),
        ({"file_url": "https://x.y/a.pdf?b"}, "document"),
        ({"file_url": "https://x.y/a"}, "file"),
        ({"file_data": "data:text/csv;base64,AAAA", "filename": "a"}, "document"),
        ({"file_data": "AAAA", "filename": "a.zip"}, "file"),
        ({"file_data": "JVBERi0=", "filename": "a"}, "document"),
    ],
)
def test_files_are_documents_where_they_say_so(wire: dict[str, Any], kind: str) -> None:
    ((message),) = parse([{"role": "user", "content": [{"type": "input_file", **wire}]}])
    assert [part["type"] for part in message["content"]] == [kind]


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        (5, "input"),
        ({"role": "user"}, "input"),
        (["hi"], "input[0]"),
        ([{}], "input[0].type"),
        ([{"type": 5}], "input[0].type"),
        ([{"role": "wizard", "content": ""}], "input[0].role"),
        ([{"role": ["user"], "content": ""}], "input[0].role"),
        ([{"role": "user"}], "input[0].content"),
        ([{"role": "user", "content": ["a"]}], "input[0].content[0]"),
        ([{"role": "assistant", "content": 5}], "input[0].content"),
        ([{"type": "function_call", "name": "f"}], "input[0].call_id"),
        ([{"type": "function_call", "call_id": "c"}], "input[0].name"),
        ([{"type": "function_call", "call_id": "c", "name": ""}], "input[0].name"),
        ([{"type": "function_call_output", "call_id": 5, "output": ""}], "input[0].call_id"),
        ([{"type": "function_call_output", "output": ""}], "input[0].tool_call_id"),
        ([{"type": "function_call_output", "call_id": "c", "output": [5]}], "input[0].output[0]"),
        ([{"type": "function_call_output", "call_id": "c", "output": {1, 2}}], "input[0].output"),
    ],
)
def test_a_bad_payload_names_the_place(payload: Any, where: str) -> None:
    assert place_of_fault(parse, payload) == where


def test_an_item_that_contains_itself() -> None:
    item: dict[str, Any] = {"type": "never_seen"}
    item["self"] = item
    assert place_of_fault(parse, [item]) == "input[0]"
