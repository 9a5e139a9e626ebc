from typing import Any

import pytest

from massgen_stream.stream_chunk import formatter
from massgen_stream.stream_chunk.formatter import Formatter, OpenAIChatFormatter

from ..places import place_of_fault


def test_exports_are_names_of_the_package() -> None:
    assert all(getattr(formatter, name).__module__.startswith(formatter.__name__) for name in formatter.__all__)
    assert OpenAIChatFormatter.protocol == "openai.chat"
    assert isinstance(OpenAIChatFormatter(), Formatter)


def test_nothing_is_a_conversation_too() -> None:
    assert OpenAIChatFormatter().format_messages([]) == ([], [])
    assert OpenAIChatFormatter().parse_messages([]) == []
    assert OpenAIChatFormatter().format_tools([]) == []


@pytest.mark.parametrize("payload", ["hi", {"messages": []}, None, 5])
def test_no_payload(payload: Any) -> None:
    assert place_of_fault(OpenAIChatFormatter().parse_messages, payload) == "messages"


def test_unknown_keys_of_the_wire_are_its_data() -> None:
    wire = {"role": "user", "content": [{"type": "text", "text": "x", "y": 1}], "z": None}
    (message,) = OpenAIChatFormatter().parse_messages([wire])
    part = {"type": "text", "text": "x", "provider_data": {"openai.chat": {"y": 1}}}
    assert message == {"role": "user", "content": [part], "provider_data": {"openai.chat": {"z": None}}}
    assert OpenAIChatFormatter().format_messages([message]) == ([wire], [])


def test_data_without_a_json_form_is_a_fault() -> None:
    for data in (b"x", float("nan"), object()):
        message = {"role": "user", "content": "x", "provider_data": {"openai.chat": {"a": data}}}
        assert place_of_fault(OpenAIChatFormatter().format_messages, [message]) == "messages[0].provider_data"
