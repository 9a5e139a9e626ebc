"""What Anthropic refuses, the simulator refuses; and what our formatter writes, neither does."""

from typing import Any

import pytest
from hypothesis import given

from massgen_stream.errors import InvalidMessage, UnresolvedMedia
from massgen_stream.simulator.vendor import BadRequest
from massgen_stream.simulator.vendors.anthropic_messages.checking import check_conversation
from massgen_stream.stream_chunk.formatter import MessagesFormatter, MessagesPayload
from massgen_stream.testing.strategies import messages as any_messages

from ....stream_chunk.formatter.anthropic_messages import conversations

USER = {"role": "user", "content": "hello"}
SAID = {"role": "assistant", "content": "hi"}
LATER = {"role": "system", "content": "be brief"}
USE = {"type": "tool_use", "id": "a", "name": "f", "input": {}}
CALL = {"role": "assistant", "content": [USE]}
RESULT = {"type": "tool_result", "tool_use_id": "a", "content": "42"}
SEARCH = {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}}
FOUND = {"type": "web_search_tool_result", "tool_use_id": "s", "content": []}
TEXT = {"type": "text", "text": "so"}


def said(*content: Any, role: str = "user") -> dict[str, Any]:
    return {"role": role, "content": list(content)}


@pytest.mark.parametrize(
    "messages",
    [
        [USER],
        [USER, LATER],
        [USER, LATER, SAID, USER],
        [USER, CALL, said(RESULT, TEXT)],
        [USER, CALL, SAID, said(RESULT)],
        [USER, CALL, said(RESULT), USER],
        [USER, CALL],
        [USER, said(SEARCH, role="assistant")],
        [USER, said(SEARCH, role="assistant"), said(FOUND, role="assistant"), USER],
        [USER, said(SEARCH, USE, role="assistant"), said(RESULT)],
        [USER, {"role": "assistant", "content": ""}],
        [USER, CALL, said({**RESULT, "is_error": True, "content": [TEXT]})],
    ],
)
def test_what_is_taken(messages: list[Any]) -> None:
    check_conversation(messages)


@pytest.mark.parametrize(
    ("messages", "why"),
    [
        ([], "at least one message"),
        ([LATER, USER], "use the top-level 'system' parameter"),
        ([USER, SAID, LATER], "must follow a user turn"),
        ([USER, LATER, USER], "must follow a user turn"),
        ([said(), SAID], "messages.0: all messages must have non-empty content"),
        ([said({"type": "text", "text": " \n"})], "messages.0.content.0: text content blocks must contain"),
        ([{"role": "user", "content": " "}], "messages.0.content: text content blocks must contain"),
        ([USER, said({"type": "thinking", "thinking": "Hm"}, role="assistant")], "signature: Field required"),
        ([USER, said({**USE, "input": "{}"}, role="assistant")], "input: Input should be a valid dictionary"),
        ([USER, said({**USE, "id": "a.b"}, role="assistant")], "String should match pattern"),
        ([USER, said(USE, USE, role="assistant")], "ids must be unique"),
        ([USER, CALL, USER], "were found without `tool_result` blocks immediately after: a"),
        ([USER, CALL, said(TEXT, RESULT)], "blocks must come first"),
        ([USER, CALL, said(RESULT, RESULT)], "unexpected `tool_use_id`"),
        ([said(RESULT)], "unexpected `tool_use_id` found in `tool_result` blocks: a"),
        ([USER, CALL, said({**RESULT, "content": [{"type": "text", "text": ""}]})], "tool_result.content.0: text"),
        ([USER, CALL, said({**RESULT, "is_error": True, "content": [{"type": "image"}]})], 'must be type "text"'),
        ([USER, said(SEARCH, role="assistant"), USER], "tool use without a result block: s"),
        ([{"role": "user", "content": 5}], "messages.0.content: Input should be a valid list"),
    ],
)
def test_what_is_refused(messages: list[Any], why: str) -> None:
    with pytest.raises(BadRequest) as caught:
        check_conversation(messages)
    assert why in caught.value.message


def accepted(payload: MessagesPayload) -> None:
    """Calls at the end stay open, and a request without messages has nothing to say."""
    open_end = payload.messages and payload.messages[-1]["role"] == "assistant"
    if payload.messages:
        check_conversation([*payload.messages[:-1], SAID] if open_end else payload.messages)


@given(any_messages())
def test_any_conversation_is_taken(messages: list[dict[str, Any]]) -> None:
    plain = [_without_data(message) for message in messages]
    try:
        payload, _ = MessagesFormatter().format_messages(plain)
    except (InvalidMessage, UnresolvedMedia):
        return
    accepted(payload)


@given(conversations.requests)
def test_what_was_parsed_is_taken_too(payload: MessagesPayload) -> None:
    formatter = MessagesFormatter()
    accepted(formatter.format_messages(formatter.parse_messages(payload))[0])


def _without_data(value: Any) -> Any:
    """Data of a protocol is opaque, and sent as it is: made up, it would be refused."""
    if isinstance(value, dict):
        return {name: _without_data(item) for name, item in value.items() if name != "provider_data"}
    return [_without_data(item) for item in value] if isinstance(value, list) else value
