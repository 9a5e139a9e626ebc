import json
from typing import Any

import pytest
from google.protobuf import json_format
from xai_sdk.proto import chat_pb2
from xai_sdk.tools import code_execution, image_generation, web_search

from massgen_stream.errors import InvalidMessage, UnresolvedMedia
from massgen_stream.stream_chunk.formatter import GrokFormatter

from ..places import place_of_fault, told
from .conversations import WEB, grok, raw_call, server_call

FORMATTER = GrokFormatter()
CALL = {"type": "tool_call", "id": "c", "name": "add", "arguments": "{}"}


def formatted(*messages: dict[str, Any]) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    payload, losses = FORMATTER.format_messages(messages)
    for one in payload:
        json_format.ParseDict(one, chat_pb2.Message())
    return payload, told(losses)


def assistant(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": "assistant", "content": list(parts)}


def test_the_roles() -> None:
    payload, losses = formatted(
        {"role": "system", "content": "S"},
        {"role": "developer", "content": "D"},
        {"role": "user", "content": "U", "name": "Ada"},
        assistant(CALL),
        {"role": "tool", "tool_call_id": "c", "content": "3"},
    )
    assert payload == [
        {"role": "ROLE_SYSTEM", "content": [{"text": "S"}]},
        {"role": "ROLE_SYSTEM", "content": [{"text": "D"}]},
        {"role": "ROLE_USER", "content": [{"text": "U"}], "name": "Ada"},
        {
            "role": "ROLE_ASSISTANT",
            "content": [{"text": ""}],
            "tool_calls": [
                {
                    "id": "c",
                    "type": "TOOL_CALL_TYPE_CLIENT_SIDE_TOOL",
                    "function": {"name": "add", "arguments": "{}"},
                }
            ],
        },
        {"role": "ROLE_TOOL", "content": [{"text": "3"}], "tool_call_id": "c"},
    ]
    assert losses == [("messages[1]", "provider_data of openai.chat dropped")]


def test_media_by_every_way() -> None:
    parts = [
        {"type": "image", "url": "https://e.com/a.png"},
        {"type": "image", "data": b"\x89PNG\r\n\x1a\n"},
        {"type": "image", "file_id": "f-1"},
        {"type": "document", "file_id": "f-2"},
        {"type": "document", "data": b"%PDF-", "filename": "a.pdf"},
        {"type": "file", "url": "https://e.com/b.csv"},
        {"type": "audio", "data": b"RIFF"},
        {"type": "video", "url": "https://e.com/c.mp4"},
    ]
    payload, losses = formatted({"role": "user", "content": parts})
    assert payload[0]["content"] == [
        {"image_url": {"image_url": "https://e.com/a.png"}},
        {"image_url": {"image_url": "data:image/png;base64,iVBORw0KGgo="}},
        {"image_url": {"file_id": "f-1"}},
        {"file": {"file_id": "f-2"}},
        {"file": {"data": "JVBERi0=", "filename": "a.pdf", "mime_type": "application/pdf"}},
        {"file": {"url": "https://e.com/b.csv"}},
    ]
    assert [what for _, what in losses] == ["audio dropped", "video dropped"]


def test_a_path_must_be_read_first() -> None:
    with pytest.raises(UnresolvedMedia) as caught:
        formatted({"role": "user", "content": [{"type": "image", "path": "a.png"}]})
    assert caught.value.where == "messages[0].content[0]"


def test_media_of_an_answer_follows_all_answers() -> None:
    image = {"type": "image", "url": "https://e.com/a.png"}
    payload, losses = formatted(
        assistant(CALL, {**CALL, "id": "d"}),
        {"role": "tool", "tool_call_id": "c", "content": [image], "is_error": True},
        {"role": "tool", "tool_call_id": "d", "content": "3"},
        {"role": "user", "content": "So?"},
    )
    assert [one["role"] for one in payload[1:]] == ["ROLE_TOOL", "ROLE_TOOL", "ROLE_USER", "ROLE_USER"]
    assert payload[3]["content"][1] == {"image_url": {"image_url": "https://e.com/a.png"}}
    assert [what for _, what in losses] == ["is_error dropped", "image moved into a user message behind it"]


def test_what_other_vendors_made() -> None:
    payload, losses = formatted(
        assistant(
            {"type": "reasoning", "text": "Hm", "provider_data": {"anthropic.messages": {"signature": "s"}}},
            {"type": "server_tool_call", "tool_call_id": "x", "tool_name": "web_search"},
            {"type": "tool_result", "tool_call_id": "x", "content": "found"},
            {"type": "refusal", "text": "No."},
            {"type": "image", "url": "https://e.com/a.png"},
            {"type": "tool_call", "id": "c", "name": "run", "arguments": "ls", "kind": "custom"},
        )
    )
    (message,) = payload
    assert message["reasoning_content"] == "Hm"
    assert message["content"] == [{"text": "No."}]
    assert json.loads(message["tool_calls"][0]["function"]["arguments"]) == {"input": "ls"}
    assert [what for _, what in losses] == [
        "provider_data of anthropic.messages dropped",
        "server_tool_call dropped",
        "tool_result dropped",
        "refusal sent as text",
        "image dropped",
        "custom call sent as a function's",
    ]


def test_text_after_text_with_reasoning_between_is_two_messages() -> None:
    payload, losses = formatted(
        assistant({"type": "text", "text": "a"}, {"type": "reasoning", "text": "b"}, {"type": "text", "text": "c"})
    )
    assert [one["content"] for one in payload] == [[{"text": "a"}], [{"text": "c"}]]
    assert payload[1]["reasoning_content"] == "b"
    assert losses == []


def test_text_after_the_clients_calls_stays_before_them() -> None:
    payload, losses = formatted(assistant(CALL, {"type": "text", "text": "a"}))
    assert len(payload) == 1
    assert payload[0]["content"] == [{"text": "a"}]
    assert [what for _, what in losses] == ["order of parts changed"]


def test_each_message_holds_one_encrypted_content() -> None:
    def thought(text: str) -> dict[str, Any]:
        return {"type": "reasoning", "text": "", **grok({"encrypted_content": text})}

    payload, losses = formatted(assistant(thought("a"), thought("b"), CALL, thought("c"), thought("d")))
    assert [one.get("encrypted_content") for one in payload] == ["a", "b"]
    assert [what for _, what in losses] == ["reasoning dropped", "reasoning dropped"]


def test_an_image_that_was_taken_away_is_told() -> None:
    call = raw_call(1, "TOOL_CALL_TYPE_IMAGE_GENERATION_TOOL", ended=True)
    own = grok({"tool_calls": [call], "image": {"media_id": "m", "at": 1}})
    result = {"type": "tool_result", "tool_call_id": "s1", "content": "{}", **own}
    payload, losses = formatted(assistant(result))
    assert payload[0]["content"] == [{"text": "{}"}]
    assert [what for _, what in losses] == ["image missing in the result"]


def test_half_characters_are_replaced() -> None:
    payload, losses = formatted({"role": "user", "content": "a\ud800"})
    assert payload[0]["content"] == [{"text": "a\ufffd"}]
    assert [what for _, what in losses] == ["half characters replaced by U+FFFD"]


def test_the_result_of_a_tool_belongs_to_its_turn() -> None:
    wire: list[dict[str, Any]] = [
        {"role": "ROLE_ASSISTANT", "tool_calls": [raw_call(1, WEB, ended=False)]},
        {"role": "ROLE_TOOL", "content": [{"text": "found"}], "tool_call_id": "s1"},
        {"role": 2, "content": [{"text": "So."}]},
    ]
    (message,) = FORMATTER.parse_messages(wire)
    assert message["content"] == [
        server_call(1, WEB),
        {"type": "tool_result", "tool_call_id": "s1", "content": "found"},
        {"type": "text", "text": "So."},
    ]


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        ("a", "messages"),
        ([1], "messages[0]"),
        ([{"role": "ROLE_NEW"}], "messages[0].role"),
        ([{"role": "ROLE_USER", "content": "a"}], "messages[0].content"),
        ([{"role": "ROLE_USER", "content": [{"sound": {}}]}], "messages[0].content[0]"),
        ([{"role": "ROLE_ASSISTANT", "tool_calls": [1]}], "messages[0].tool_calls[0]"),
    ],
)
def test_what_is_no_message(payload: Any, where: str) -> None:
    assert place_of_fault(FORMATTER.parse_messages, payload) == where


def test_tools() -> None:
    parameters = {"type": "object", "properties": {"a": {"type": "integer"}}}
    tools = [
        {"name": "add", "description": "Adds.", "parameters": parameters},
        {"type": "web_search", "allowed_domains": ["e.com"]},
        {"type": "code_interpreter"},
        {"type": "image_generation", "action": "edit"},
        {"type": "mcp", "server_url": "https://e.com/mcp"},
    ]
    found = FORMATTER.format_tools(tools)
    real = [json_format.ParseDict(tool, chat_pb2.Tool()) for tool in found]
    assert json.loads(real[0].function.parameters) == parameters
    assert (real[0].function.name, real[0].function.description) == ("add", "Adds.")
    assert list(real[1].web_search.allowed_domains) == list(
        web_search(allowed_domains=["e.com"]).web_search.allowed_domains
    )
    assert (real[2], real[3]) == (code_execution(), image_generation(action="edit"))
    assert real[4].mcp.server_url == "https://e.com/mcp"
    assert json.loads(FORMATTER.format_tools([{"name": "a"}])[0]["function"]["parameters"]) == {
        "type": "object",
        "properties": {},
    }


@pytest.mark.parametrize("tool", [{"kind": "custom", "name": "a"}, {"type": "computer"}])
def test_tools_that_xai_has_not(tool: dict[str, Any]) -> None:
    with pytest.raises(InvalidMessage, match="xAI has no"):
        FORMATTER.format_tools([tool])


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("auto", {"mode": "TOOL_MODE_AUTO"}),
        ("none", {"mode": "TOOL_MODE_NONE"}),
        ("any", {"mode": "TOOL_MODE_REQUIRED"}),
        ({"name": "add"}, {"function_name": "add"}),
    ],
)
def test_choices(choice: Any, expected: dict[str, str]) -> None:
    assert FORMATTER.format_tool_choice(choice) == expected
    json_format.ParseDict(expected, chat_pb2.ToolChoice())


def test_a_set_of_allowed_tools_is_refused() -> None:
    with pytest.raises(InvalidMessage, match="offer only those"):
        FORMATTER.format_tool_choice({"type": "allowed_tools", "allowed_tools": {"tools": []}})
