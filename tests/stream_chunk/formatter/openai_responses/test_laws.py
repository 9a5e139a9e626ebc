"""The laws of formatters, for the Responses API."""

import copy
import json
from typing import Any

from hypothesis import given

from massgen_stream.errors import InvalidMessage, UnresolvedMedia
from massgen_stream.stream_chunk.formatter import ResponsesFormatter, normalise_messages
from massgen_stream.testing.strategies import messages as any_messages

from . import conversations

FORMATTER = ResponsesFormatter()
Messages = list[dict[str, Any]]


@given(conversations.supported())
def test_what_the_api_holds_comes_back_unchanged(messages: Messages) -> None:
    before = copy.deepcopy(messages)
    payload, losses = FORMATTER.format_messages(messages)
    assert losses == []
    assert messages == before == normalise_messages(messages)
    assert FORMATTER.parse_messages(payload) == messages
    assert json.loads(json.dumps(payload)) == payload


@given(conversations.requests)
def test_formatting_what_was_parsed_twice_gives_the_same(payload: Any) -> None:
    before = copy.deepcopy(payload)
    try:
        messages = FORMATTER.parse_messages(payload)
    except InvalidMessage as fault:
        if not fault.where.startswith("input["):
            raise
        return
    assert normalise_messages(messages) == messages
    once, _ = FORMATTER.format_messages(messages)
    again, _ = FORMATTER.format_messages(FORMATTER.parse_messages(once))
    assert again == once
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


@given(conversations.supported())
def test_the_payload_shares_nothing_with_the_messages(messages: Messages) -> None:
    before = copy.deepcopy(messages)
    payload, _ = FORMATTER.format_messages(messages)
    kept = copy.deepcopy(payload)
    _spoil(FORMATTER.parse_messages(payload))
    assert payload == kept
    _spoil(payload)
    assert messages == before


def _spoil(value: Any) -> None:
    for item in list(value.values()) if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            _spoil(item)
    value.clear()
