"""The laws of formatters, for generateContent."""

import copy
import json
from typing import Any

from hypothesis import given

from massgen_stream.errors import InvalidMessage, UnresolvedMedia
from massgen_stream.stream_chunk.formatter import GenerateContentFormatter, normalise_messages
from massgen_stream.stream_chunk.formatter.google_generate_content import GenerateContentPayload
from massgen_stream.testing.strategies import messages as any_messages

from . import conversations
from .sdk import sdk_payload

FORMATTER = GenerateContentFormatter()
Messages = list[dict[str, Any]]


@given(conversations.supported())
def test_what_gemini_holds_comes_back_unchanged(messages: Messages) -> None:
    before = copy.deepcopy(messages)
    payload, losses = FORMATTER.format_messages(messages)
    assert losses == []
    assert messages == before == normalise_messages(messages)
    assert FORMATTER.parse_messages(payload) == messages
    sdk_payload(payload)
    assert json.loads(json.dumps(payload)) == [payload.contents, payload.system_instruction]


@given(conversations.contents, conversations.instructions)
def test_formatting_what_was_parsed_twice_gives_the_same(contents: Messages, system: dict[str, Any] | None) -> None:
    payload = GenerateContentPayload(contents, system)
    before = copy.deepcopy(payload)
    try:
        once, _ = FORMATTER.format_messages(FORMATTER.parse_messages(payload))
    except UnresolvedMedia:
        return
    again, _ = FORMATTER.format_messages(FORMATTER.parse_messages(once))
    assert again == once
    assert payload == before


@given(any_messages())
def test_any_conversation_becomes_a_request_or_a_typed_error(messages: Messages) -> None:
    before = copy.deepcopy(messages)
    formatter = GenerateContentFormatter(signed_calls=True)
    try:
        payload, losses = formatter.format_messages(messages)
    except (InvalidMessage, UnresolvedMedia):
        return
    finally:
        assert messages == before
    json.dumps(payload, ensure_ascii=False, allow_nan=False).encode()
    assert all(loss.where.startswith("messages") for loss in losses)
    assert all(content["parts"] for content in payload.contents)
    again, _ = formatter.format_messages(formatter.parse_messages(payload))  # without fields that are null
    assert formatter.format_messages(formatter.parse_messages(again))[0] == again


@given(conversations.supported())
def test_the_payload_shares_nothing_with_the_messages(messages: Messages) -> None:
    before = copy.deepcopy(messages)
    payload, _ = FORMATTER.format_messages(messages)
    kept = copy.deepcopy(payload)
    _spoil(FORMATTER.parse_messages(payload))
    assert payload == kept
    _spoil(payload.contents)
    _spoil(payload.system_instruction or {})
    assert messages == before


def _spoil(value: Any) -> None:
    for item in list(value.values()) if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            _spoil(item)
    value.clear()
