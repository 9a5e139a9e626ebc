from typing import Any

import pytest

from massgen_stream.errors import InvalidMessage
from massgen_stream.stream_chunk.formatter import MessagesFormatter, MessagesPayload

from ..places import place_of_fault

FORMATTER = MessagesFormatter()


def parsed(*messages: Any, system: Any = None) -> list[dict[str, Any]]:
    return FORMATTER.parse_messages(MessagesPayload(list(messages), system))


def test_results_become_messages_of_their_own() -> None:
    content = [
        {"type": "text", "text": "and"},
        {"type": "tool_result", "tool_use_id": "a", "content": "1", "is_error": True},
        {"type": "tool_result", "tool_use_id": "b", "is_error": False},
    ]
    assert parsed({"role": "user", "content": content}) == [
        {"role": "tool", "tool_call_id": "a", "is_error": True, "content": [{"type": "text", "text": "1"}]},
        {
            "role": "tool",
            "tool_call_id": "b",
            "content": [],
            "provider_data": {"anthropic.messages": {"is_error": False}},
        },
        {"role": "user", "content": [{"type": "text", "text": "and"}]},
    ]


def test_what_the_vendor_ran() -> None:
    call = {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "x"}}
    error = {"type": "web_search_tool_result_error", "error_code": "max_uses_exceeded"}
    result = {"type": "web_search_tool_result", "tool_use_id": "s1", "content": error}
    (message,) = parsed({"role": "assistant", "content": [call, result]})
    asked, found = message["content"]
    assert (asked["type"], asked["tool_name"], asked["arguments"]) == (
        "server_tool_call",
        "web_search",
        '{"query": "x"}',
    )
    assert (found["type"], found["tool_call_id"], found["is_error"]) == ("tool_result", "s1", True)
    assert [one["provider_data"]["anthropic.messages"]["block"] for one in (asked, found)] == [call, result]


@pytest.mark.parametrize(
    "block",
    [
        {"type": "search_result", "source": "x"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/bmp", "data": "AAAA"}},
        {"type": "image", "source": {"type": "url", "url": "s3://x"}},
        {"type": "document", "source": {"type": "content", "content": "x"}},
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": 5}},
        {"type": "image", "source": None},
        {"type": ["odd"]},
        {},
    ],
)
def test_what_has_no_part_is_kept_whole(block: dict[str, Any]) -> None:
    (message,) = parsed({"role": "user", "content": [block]})
    assert message["content"] == [
        {"type": "text", "text": "", "provider_data": {"anthropic.messages": {"block": block}}}
    ]
    payload, losses = FORMATTER.format_messages([message])
    assert (payload.messages[0]["content"], losses) == ([block], [])


@pytest.mark.parametrize(
    ("messages", "where"),
    [
        ("x", "messages"),
        ([5], "messages[0]"),
        ([{"role": "tool", "content": "x"}], "messages[0].role"),
        ([{"role": "user", "content": 5}], "messages[0].content"),
        ([{"role": "user", "content": ["x"]}], "messages[0].content[0]"),
        ([{"role": "user", "content": [{"type": "text", "text": 5}]}], "messages[0].content[0].text"),
        ([{"role": "assistant", "content": [{"type": "tool_use", "id": "a"}]}], "messages[0].content[0].name"),
        ([{"role": "assistant", "content": [{"type": "thinking"}]}], "messages[0].content[0].thinking"),
    ],
)
def test_what_is_no_conversation_is_refused(messages: Any, where: str) -> None:
    assert place_of_fault(FORMATTER.parse_messages, MessagesPayload(messages)) == where


def test_instructions_in_both_places() -> None:
    found = parsed({"role": "user", "content": "a"}, {"role": "system", "content": "later"}, system="first")
    assert [(one["role"], one["content"][0]["text"]) for one in found] == [
        ("system", "first"),
        ("user", "a"),
        ("system", "later"),
    ]


def test_nesting_without_end() -> None:
    loop: dict[str, Any] = {"type": "odd"}
    loop["again"] = loop
    with pytest.raises(InvalidMessage, match="contains itself"):
        parsed({"role": "user", "content": [loop]})
