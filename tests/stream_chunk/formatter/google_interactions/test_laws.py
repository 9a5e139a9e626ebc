"""The laws of formatters, for the Interactions API."""

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import InvalidMessage, UnresolvedMedia
from massgen_stream.stream_chunk.formatter import InteractionsFormatter, normalise_messages
from massgen_stream.stream_chunk.formatter.google_interactions import InteractionsPayload
from massgen_stream.testing.strategies import messages as any_messages

from . import conversations
from .sdk import sdk_payload

FORMATTER = InteractionsFormatter()
Messages = list[dict[str, Any]]


@given(conversations.supported())
def test_what_it_holds_comes_back_unchanged(messages: Messages) -> None:
    before = copy.deepcopy(messages)
    payload, losses = FORMATTER.format_messages(messages)
    assert losses == []
    assert messages == before == normalise_messages(messages)
    assert FORMATTER.parse_messages(payload) == messages
    assert json.loads(json.dumps(payload)) == [payload.input, payload.system_instruction]
    if "a_new" not in str(payload):
        sdk_payload(payload)


@given(conversations.inputs, st.none() | conversations.texts)
def test_formatting_what_was_parsed_twice_gives_the_same(given_input: Any, system: str | None) -> None:
    payload = InteractionsPayload(given_input, system)
    before = copy.deepcopy(payload)
    try:
        messages = FORMATTER.parse_messages(payload)
    except InvalidMessage:  # answers that nobody asked for, media that say nothing of themselves
        return
    try:
        once, _ = FORMATTER.format_messages(messages)
    except UnresolvedMedia:
        return
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
    assert all(loss.where.startswith("messages") for loss in losses)
    again, _ = FORMATTER.format_messages(FORMATTER.parse_messages(payload))
    assert FORMATTER.format_messages(FORMATTER.parse_messages(again))[0] == again


@given(conversations.supported())
def test_the_payload_shares_nothing_with_the_messages(messages: Messages) -> None:
    before = copy.deepcopy(messages)
    payload, _ = FORMATTER.format_messages(messages)
    kept = copy.deepcopy(payload)
    _spoil(FORMATTER.parse_messages(payload))
    assert payload == kept
    _spoil(payload.input)
    assert messages == before


def _spoil(value: Any) -> None:
    for item in list(value.values()) if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            _spoil(item)
    value.clear()
