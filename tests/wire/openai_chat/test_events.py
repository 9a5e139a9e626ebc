"""Typed events: what the fast path accepts, and what it must leave to the slow one."""

import json
from typing import Any

import msgspec
import pytest

from massgen_stream.wire.openai_chat.events import decode_event


def test_only_fields_in_use_are_read() -> None:
    document = {"id": "r", "x": {"deep": [1]}, "choices": [{"index": 0, "y": 1, "delta": {"content": "a", "z": None}}]}
    event = decode_event(json.dumps(document).encode())
    assert event.id == "r"
    assert event.choices is not None
    assert event.choices[0].delta is not None
    assert event.choices[0].delta.content == "a"


def test_base64_arrives_as_bytes() -> None:
    event = decode_event(b'{"choices":[{"delta":{"audio":{"data":"AAEC"}}}]}')
    assert event.choices is not None
    assert event.choices[0].delta is not None
    assert event.choices[0].delta.audio is not None
    assert event.choices[0].delta.audio.data == b"\0\1\2"


@pytest.mark.parametrize(
    "payload",
    [
        b"[DONE]",
        b"null",
        b'{"choices":[{"index":-1}]}',
        b'{"choices":[{"index":"0"}]}',
        b'{"choices":[{"delta":{"tool_calls":[{"index":-1}]}}]}',
        b'{"choices":[{"finish_reason":0}]}',
        b'{"choices":[],"usage":{"cost":NaN}}',
        b'{"choices":[],"usage":{"cost":1e999}}',
        b'{"choices":[],"x":"\\ud83d"}',
    ],
)
def test_the_rest_is_refused(payload: bytes) -> None:
    """Chunks of the fast path hold no number that is not finite, and no lone surrogate: it never sees one."""
    with pytest.raises(msgspec.MsgspecError):
        decode_event(payload)


def test_an_event_that_says_the_same_again_is_equal() -> None:
    payload = b'{"id":"r","model":"m","created":5,"choices":[{"delta":{"content":"%s"}}]}'
    events: list[Any] = [decode_event(payload % text) for text in (b"a", b"b")]
    assert events[0] != events[1]
    for event in events:
        event.choices = None
    assert events[0] == events[1]
