"""The laws of formatters, for Messages."""

import copy
import json
from typing import Any

from hypothesis import given

from massgen_stream.errors import InvalidMessage, UnresolvedMedia
from massgen_stream.stream_chunk.formatter import MessagesFormatter, MessagesPayload, normalise_messages
from massgen_stream.testing.strategies import messages as any_messages

from . import conversations
from .sdk import sdk_messages

FORMATTER = MessagesFormatter()
Messages = list[dict[str, Any]]


@given(conversations.supported())
def test_what_messages_hold_comes_back_unchanged(messages: Messages) -> None:
    before = copy.deepcopy(messages)
    payload, losses = FORMATTER.format_messages(messages)
    assert losses == []
    assert messages == before == normalise_messages(messages)
    assert FORMATTER.parse_messages(payload) == messages
    assert MessagesPayload(*json.loads(json.dumps(payload))) == payload


@given(conversations.requests)
def test_formatting_what_was_parsed_twice_gives_the_same(payload: MessagesPayload) -> None:
    before = copy.deepcopy(payload)
    once, _ = FORMATTER.format_messages(FORMATTER.parse_messages(payload))
    again, losses = FORMATTER.format_messages(FORMATTER.parse_messages(once))
    assert again == once
    assert losses == []
    assert payload == before


@given(any_messages())
def test_any_conversation_becomes_a_request_or_a_typed_error(messages: Messages) -> None:
    before = copy.deepcopy(messages)
    try:
        payload, losses = FORMATTER.format_messages(messages)
    except (InvalidMessage, UnresolvedMedia):
        return
    finally:
        assert messages == before
    json.dumps(payload, ensure_ascii=False, allow_nan=False).encode()
    assert all(loss.where.startswith("messages[") for loss in losses)
    again, _ = FORMATTER.format_messages(FORMATTER.parse_messages(payload))
    assert again == payload


@given(any_messages())
def test_conversations_of_other_vendors_are_messages_of_the_sdk(messages: Messages) -> None:
    plain = [_without_data(message) for message in messages]
    try:
        payload, _ = FORMATTER.format_messages(plain)
    except (InvalidMessage, UnresolvedMedia):
        return
    assert sdk_messages(payload) == payload.messages


@given(conversations.supported())
def test_the_payload_shares_nothing_with_the_messages(messages: Messages) -> None:
    before = copy.deepcopy(messages)
    payload, _ = FORMATTER.format_messages(messages)
    kept = copy.deepcopy(payload)
    _spoil(FORMATTER.parse_messages(payload))
    assert payload == kept
    _spoil(payload.messages)
    assert messages == before


def _without_data(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_data(item) for name, item in value.items() if name != "provider_data"}
    return [_without_data(item) for item in value] if isinstance(value, list) else value


def _spoil(value: Any) -> None:
    for item in list(value.values()) if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            _spoil(item)
    value.clear()
