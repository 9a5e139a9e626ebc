"""Answers of real models, sent back in the next request: what Google wants to see again is there, byte for byte."""

import json
from typing import Any

import pytest

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.stream_chunk.formatter import InteractionsFormatter
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason
from massgen_stream.wire import decoder

from .sdk import sdk_payload

API = "google.interactions"
FORMATTER = InteractionsFormatter()
Wire = dict[str, Any]

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))


def message_of(recording: Recording) -> Wire:
    found, decode = Accumulator(), decoder(API)
    for chunk in [*decode.feed(recording.body), *decode.close()]:
        found.feed(chunk)
    return found.message()


def steps_that_came(recording: Recording) -> list[Wire]:
    """The steps of the answer as the next request must hold them, built from the events alone."""
    steps: dict[int, Wire] = {}
    for line in recording.body.splitlines():
        if not line.startswith(b"data: {"):
            continue
        event = json.loads(line.removeprefix(b"data: "))
        if event["event_type"] == "step.start":
            steps[event["index"]] = event["step"]
        elif event["event_type"] == "step.delta":
            _add(steps[event["index"]], event["delta"])
    return [{name: value for name, value in steps[index].items() if value != ""} for index in sorted(steps)]


def _add(step: Wire, delta: Wire) -> None:
    kind = delta["type"]
    if kind == "text":
        content = step.setdefault("content", [{"type": "text", "text": ""}])
        content[0]["text"] += delta["text"]
    elif kind == "text_annotation_delta":
        step["content"][0]["annotations"] = delta["annotations"]
    elif kind == "thought_summary":
        step.setdefault("summary", []).append(delta["content"])
    elif kind == "arguments_delta":
        step["arguments"] = json.loads(delta["arguments"])
    else:
        step |= {name: value for name, value in delta.items() if name != "type" and value != ""}


@pytest.mark.parametrize("recording", [pytest.param(one, id=one.name) for one in recordings(API)])
def test_answers_go_back(recording: Recording) -> None:
    message = message_of(recording)
    payload, losses = FORMATTER.format_messages([{"role": "user", "content": "a"}, message])
    assert losses == []
    went = [{name: value for name, value in step.items() if value != ""} for step in payload.input[1:]]
    assert went == steps_that_came(recording)
    sdk_payload(payload)
    again, _ = FORMATTER.format_messages(FORMATTER.parse_messages(payload))
    assert again == payload
