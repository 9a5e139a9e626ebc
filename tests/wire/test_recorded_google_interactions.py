"""Recorded truth: real Interactions streams, decoded, give the facts that an independent reader found in them."""

import json
from typing import Any

import pytest

from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason

from .interactions_facts import expected_facts, facts_of
from .recorded_chunks import chunks_of, texts_of

API = "google.interactions"

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))
each = pytest.mark.parametrize("recording", recordings(API), ids=lambda recording: recording.name)
FINISH = {"completed": "stop", "requires_action": "tool_calls"}


def deltas_of(recording: Recording) -> list[dict[str, Any]]:
    lines = [line for line in recording.body.splitlines() if line.startswith(b"data:")]
    payloads = [line.removeprefix(b"data:").strip() for line in lines]
    documents = [json.loads(payload) for payload in payloads if payload != b"[DONE]"]
    return [doc["delta"] for doc in documents if doc["event_type"] == "step.delta"]


@each
def test_facts(recording: Recording) -> None:
    found, expected = facts_of(chunks_of(API, recording)), expected_facts(recording)
    assert {name: found[name] for name in expected} == expected


@each
def test_end(recording: Recording) -> None:
    done = texts_of(API, recording)[-1]
    assert (done.type, done.usage_source) == ("done", "reported")
    assert done.finish_reason == FINISH[recording.expect["finish_reason"]]
    assert not [chunk for chunk in texts_of(API, recording) if chunk.type in ("error", "backend_status")]


@each
def test_sums_count_everything(recording: Recording) -> None:
    usage, raw = texts_of(API, recording)[-1].usage or {}, recording.expect["usage_raw"]
    assert usage["all_input_tokens"] == raw["total_input_tokens"] + raw["total_tool_use_tokens"]
    assert usage["all_input_tokens"] + usage["all_output_tokens"] == raw["total_tokens"]


@each
def test_one_event_is_one_delta(recording: Recording) -> None:
    deltas, texts = deltas_of(recording), texts_of(API, recording)
    pieces = [delta["text"] for delta in deltas if delta["type"] == "text"]
    thoughts = [delta["content"]["text"] for delta in deltas if delta["type"] == "thought_summary"]
    assert [chunk.content for chunk in texts if chunk.type == "content" and chunk.content] == pieces
    assert [chunk.reasoning_summary_delta for chunk in texts if chunk.type == "reasoning_summary"] == thoughts


@each
def test_a_call_ends_in_one_final(recording: Recording) -> None:
    finals = [call for chunk in texts_of(API, recording) for call in chunk.tool_calls or ()]
    expected = recording.expect["tool_calls"]
    assert [(call["id"], call["name"], call["arguments"]) for call in finals] == [
        (call["id"], call["name"], call["arguments_raw"]) for call in expected
    ]
    assert not any("invalid" in call for call in finals)
