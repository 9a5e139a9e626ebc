"""What must hold of every formatter: the laws of `massgen_stream.stream_chunk.formatter.base`."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from xai_sdk.proto import chat_pb2

import massgen_stream.stream_chunk.formatter as package
from massgen_stream.errors import InvalidMessage, UnresolvedMedia
from massgen_stream.stream_chunk.formatter import (
    GenerateContentFormatter,
    GrokFormatter,
    InteractionsFormatter,
    MessagesFormatter,
    OpenAIChatFormatter,
    ResponsesFormatter,
    normalise_messages,
)
from massgen_stream.stream_chunk.formatter.google_generate_content import GenerateContentPayload
from massgen_stream.stream_chunk.formatter.google_interactions import InteractionsPayload
from massgen_stream.testing.strategies import messages as any_messages

from .anthropic_messages import conversations as claude
from .anthropic_messages import sdk as claude_sdk
from .drawing import texts
from .google_generate_content import conversations as gemini
from .google_generate_content import sdk as gemini_sdk
from .google_interactions import conversations as interactions
from .google_interactions import sdk as interactions_sdk
from .grok import conversations as grok
from .openai_chat import conversations as chat
from .openai_chat import sdk as chat_sdk
from .openai_responses import conversations as responses
from .spoiling import spoil

Messages = list[dict[str, Any]]


def nothing(_: Any) -> None:
    """No SDK is asked."""


def chat_types(payload: Messages) -> None:
    plain = chat_sdk.without_extensions(payload, frozenset(chat.EXTRA_KEYS))
    assert chat_sdk.sdk_messages(plain) == plain


def interactions_types(payload: InteractionsPayload) -> None:
    if "a_new" not in str(payload):
        interactions_sdk.sdk_payload(payload)


def grok_types(payload: Messages) -> None:
    """Assert that the real types hold the same messages."""
    typed = [json_format.ParseDict(one, chat_pb2.Message()) for one in payload]
    again = [json_format.MessageToDict(one, preserving_proto_field_name=True) for one in typed]
    assert GrokFormatter().parse_messages(again) == GrokFormatter().parse_messages(payload)


class Case(NamedTuple):
    """One formatter, and what its laws need.

    Attributes:
        formatter: The formatter.
        supported: Conversations in normal form that its request holds without a loss.
        requests: Requests as clients send them, well-formed or nearly so.
        checked: Asserts that the vendor's SDK takes the request for such a conversation.
        any_checked: Asserts the same of the request for any conversation.
        refused: The places for which a request may be refused, as a pattern.
        unresolved: Whether a request may hold media that cannot be sent again as they are.
        any_formatter: The formatter for any conversation; by default the same.
        any_place: How the places of its losses begin.
        settled: How often a request is parsed and formatted until it stays as it is.
    """

    formatter: Any
    supported: SearchStrategy[Messages]
    requests: SearchStrategy[Any]
    checked: Callable[[Any], Any] = nothing
    any_checked: Callable[[Any], Any] = nothing
    refused: str = "(?!)"
    unresolved: bool = False
    any_formatter: Any = None
    any_place: str = "messages["
    settled: int = 0


def has_parts(payload: GenerateContentPayload) -> None:
    assert all(content["parts"] for content in payload.contents)


CASES = {
    "anthropic_messages": Case(MessagesFormatter(), claude.supported(), claude.requests),
    "google_generate_content": Case(
        GenerateContentFormatter(),
        gemini.supported(),
        st.builds(GenerateContentPayload, gemini.contents, gemini.instructions),
        checked=gemini_sdk.sdk_payload,
        any_checked=has_parts,
        unresolved=True,
        any_formatter=GenerateContentFormatter(signed_calls=True),
        any_place="messages",
        settled=1,  # without fields that are null
    ),
    "google_interactions": Case(
        InteractionsFormatter(),
        interactions.supported(),
        st.builds(InteractionsPayload, interactions.inputs, st.none() | texts),
        checked=interactions_types,
        unresolved=True,
        any_place="messages",
        refused="",  # answers that nobody asked for, media that say nothing of themselves
        settled=1,
    ),
    "grok": Case(
        GrokFormatter(), grok.supported(), grok.requests,
        checked=grok_types, refused=r"(tool_call_id|\.role|content)$",
    ),
    "openai_chat": Case(
        OpenAIChatFormatter(), chat.supported(), chat.requests,
        checked=chat_types, any_checked=chat_sdk.sdk_messages,
        refused="tool_call_id$",  # the answer of a function that nobody called
    ),
    "openai_responses": Case(ResponsesFormatter(), responses.supported(), responses.requests, refused=r"^input\["),
}  # fmt: skip
"""The formatters by the name of their package."""

each = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def test_every_formatter_is_held_to_these_laws() -> None:
    folders = {path.parent.name for path in Path(str(package.__file__)).parent.glob("*/formatter.py")}
    assert set(CASES) == folders


@each
@given(data=st.data())
def test_what_a_request_holds_comes_back_unchanged(case: Case, data: st.DataObject) -> None:
    messages = data.draw(case.supported)
    before = copy.deepcopy(messages)
    payload, losses = case.formatter.format_messages(messages)
    assert losses == []
    assert messages == before == normalise_messages(messages)
    assert case.formatter.parse_messages(payload) == messages
    assert json.loads(json.dumps(payload)) == (list(payload) if isinstance(payload, tuple) else payload)
    case.checked(payload)


@each
@given(data=st.data())
def test_formatting_what_was_parsed_twice_gives_the_same(case: Case, data: st.DataObject) -> None:
    payload = data.draw(case.requests)
    before = copy.deepcopy(payload)
    try:
        messages = case.formatter.parse_messages(payload)
    except InvalidMessage as fault:
        if re.search(case.refused, fault.where):
            return
        raise
    assert normalise_messages(messages) == messages
    try:
        once, _ = case.formatter.format_messages(messages)
    except UnresolvedMedia:
        if case.unresolved:
            return
        raise
    again, losses = case.formatter.format_messages(case.formatter.parse_messages(once))
    assert (again, losses) == (once, [])
    assert payload == before


@given(any_messages())
def test_any_conversation_becomes_a_request_or_a_typed_error(messages: Messages) -> None:
    """Of every formatter at once: drawing takes longer than formatting."""
    before = copy.deepcopy(messages)
    for case in CASES.values():
        becomes_a_request(case, messages)
        assert messages == before


def becomes_a_request(case: Case, messages: Messages) -> None:
    formatter = case.any_formatter or case.formatter
    try:
        payload, losses = formatter.format_messages(messages)
    except (InvalidMessage, UnresolvedMedia):
        return
    json.dumps(payload, ensure_ascii=False, allow_nan=False).encode()
    case.any_checked(payload)
    assert all(loss.where.startswith(case.any_place) for loss in losses)
    for _ in range(case.settled):
        payload, _ = formatter.format_messages(formatter.parse_messages(payload))
    again, _ = formatter.format_messages(formatter.parse_messages(payload))
    assert again == payload


@given(any_messages())
def test_conversations_of_other_vendors_are_messages_of_anthropics_sdk(messages: Messages) -> None:
    try:
        payload, _ = MessagesFormatter().format_messages([_without_data(message) for message in messages])
    except (InvalidMessage, UnresolvedMedia):
        return
    assert claude_sdk.sdk_messages(payload) == payload.messages


def _without_data(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_data(item) for name, item in value.items() if name != "provider_data"}
    return [_without_data(item) for item in value] if isinstance(value, list) else value


@each
@given(data=st.data())
def test_the_request_shares_nothing_with_the_messages(case: Case, data: st.DataObject) -> None:
    messages = data.draw(case.supported)
    before = copy.deepcopy(messages)
    payload, _ = case.formatter.format_messages(messages)
    kept = copy.deepcopy(payload)
    spoil(case.formatter.parse_messages(payload))
    assert payload == kept
    spoil(payload)
    assert messages == before
