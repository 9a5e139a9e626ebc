"""Requests that real clients sent: parsed and formatted again, they say what they said."""

from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import InteractionsFormatter
from massgen_stream.stream_chunk.formatter.google_interactions import InteractionsPayload
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason

from .sdk import sdk_payload

API = "google.interactions"
FORMATTER = InteractionsFormatter()

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))


def requests() -> list[Any]:
    return [pytest.param(one, id=one.name) for one in recordings(API) if one.request and "input" in one.request]


def test_there_are_some() -> None:
    assert requests()


@pytest.mark.parametrize("recording", requests())
def test_nothing_is_lost(recording: Recording) -> None:
    request = recording.request or {}
    sent = request["input"]
    payload = InteractionsPayload(sent, request.get("system_instruction"))
    once, losses = FORMATTER.format_messages(FORMATTER.parse_messages(payload))
    assert losses == []
    text = [{"type": "user_input", "content": [{"type": "text", "text": sent}]}]
    assert once == InteractionsPayload(text if isinstance(sent, str) else sent, payload.system_instruction)
    sdk_payload(once)
