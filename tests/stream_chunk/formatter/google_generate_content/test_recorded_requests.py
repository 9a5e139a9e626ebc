"""Requests that real clients sent: parsed and formatted again, they say what they said."""

from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter import GenerateContentFormatter
from massgen_stream.stream_chunk.formatter.google_generate_content import GenerateContentPayload
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason

from .sdk import sdk_payload, sdk_tools

API = "google.generate_content"
FORMATTER = GenerateContentFormatter()

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))


def requests() -> list[Any]:
    found = (one for one in recordings(API) if one.request and "contents" in one.request)
    return [pytest.param(one, id=one.name) for one in found]


def same(contents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Contents with what means the same written in one way: a part that is no thought says so, or does not."""
    return [
        {
            **content,
            "parts": [{k: v for k, v in part.items() if (k, v) != ("thought", False)} for part in content["parts"]],
        }
        for content in contents
    ]


@pytest.mark.parametrize("recording", requests())
def test_nothing_is_lost(recording: Recording) -> None:
    request = recording.request or {}
    sent = GenerateContentPayload(request["contents"], request.get("systemInstruction"))
    once, losses = FORMATTER.format_messages(FORMATTER.parse_messages(sent))
    assert losses == []
    assert same(once.contents) == same(sent.contents)
    assert same([once.system_instruction or {"parts": []}]) == same([sent.system_instruction or {"parts": []}])
    again, _ = FORMATTER.format_messages(FORMATTER.parse_messages(once))
    assert again == once
    sdk_payload(once)


@pytest.mark.parametrize("recording", requests())
def test_tools_are_accepted_as_they_are(recording: Recording) -> None:
    tools = (recording.request or {}).get("tools") or []
    formatted = FORMATTER.format_tools(tools)
    assert formatted == tools
    sdk_tools([{name: value for name, value in tool.items() if value is not None} for tool in formatted])
