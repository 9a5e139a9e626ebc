"""Recorded truth: real Interactions streams, decoded, give the facts that an independent reader found in them."""

import json
from functools import cache
from typing import Any

import pytest

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.verifier import StreamVerifier
from massgen_stream.testing.cuts import decode, whole
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason
from massgen_stream.wire.google_interactions import InteractionsDecoder, InteractionsEncoder

from .interactions_facts import expected_facts, facts_of, own

API = "google.interactions"

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))
each = pytest.mark.parametrize("recording", recordings(API), ids=lambda recording: recording.name)
FINISH = {"completed": "stop", "requires_action": "tool_calls"}


@cache
def chunks_of(recording: Recording) -> list[BaseStreamChunk]:
    return decode(InteractionsDecoder(), whole(recording.body))


def texts_of(recording: Recording) -> list[TextStreamChunk]:
    return [chunk for chunk in chunks_of(recording) if isinstance(chunk, TextStreamChunk)]


def deltas_of(recording: Recording) -> list[dict[str, Any]]:
    lines = [line for line in recording.body.splitlines() if line.startswith(b"data:")]
    payloads = [line.removeprefix(b"data:").strip() for line in lines]
    documents = [json.loads(payload) for payload in payloads if payload != b"[DONE]"]
    return [doc["delta"] for doc in documents if doc["event_type"] == "step.delta"]


@each
def test_facts(recording: Recording) -> None:
    found, expected = facts_of(chunks_of(recording)), expected_facts(recording)
    assert {name: found[name] for name in expected} == expected


@each
def test_end(recording: Recording) -> None:
    done = texts_of(recording)[-1]
    assert [chunk.type for chunk in chunks_of(recording)].count("done") == 1
    assert (done.type, done.usage_source) == ("done", "reported")
    assert done.finish_reason == FINISH[recording.expect["finish_reason"]]
    assert not [chunk for chunk in texts_of(recording) if chunk.type in ("error", "backend_status")]


@each
def test_sums_count_everything(recording: Recording) -> None:
    usage, raw = texts_of(recording)[-1].usage or {}, recording.expect["usage_raw"]
    assert usage["all_input_tokens"] == raw["total_input_tokens"] + raw["total_tool_use_tokens"]
    assert usage["all_input_tokens"] + usage["all_output_tokens"] == raw["total_tokens"]


@each
def test_one_event_is_one_delta(recording: Recording) -> None:
    deltas, texts = deltas_of(recording), texts_of(recording)
    pieces = [delta["text"] for delta in deltas if delta["type"] == "text"]
    thoughts = [delta["content"]["text"] for delta in deltas if delta["type"] == "thought_summary"]
    assert [chunk.content for chunk in texts if chunk.type == "content" and chunk.content] == pieces
    assert [chunk.reasoning_summary_delta for chunk in texts if chunk.type == "reasoning_summary"] == thoughts


@each
def test_a_call_ends_in_one_final(recording: Recording) -> None:
    finals = [call for chunk in texts_of(recording) for call in chunk.tool_calls or ()]
    expected = recording.expect["tool_calls"]
    assert [(call["id"], call["name"], call["arguments"]) for call in finals] == [
        (call["id"], call["name"], call["arguments_raw"]) for call in expected
    ]
    assert not any("invalid" in call for call in finals)


@each
def test_chunks_keep_their_rules(recording: Recording) -> None:
    verifier = StreamVerifier(numbered=False)
    for chunk in chunks_of(recording):
        chunk.check()
        verifier.feed(chunk)
    verifier.close()
    assert verifier.breaches == []


@each
def test_what_was_decoded_is_decoded_again(recording: Recording) -> None:
    encoder = InteractionsEncoder()
    chunks = chunks_of(recording)
    body = b"".join(map(encoder.encode, chunks)) + encoder.close()
    assert decode(InteractionsDecoder(), [body]) == chunks
    assert encoder.losses == []


@each
def test_a_cut_tells_the_truth(recording: Recording) -> None:
    """What came before a cut is what came of the whole, and is said again by the encoder."""
    body, complete = recording.body, chunks_of(recording)
    for part in (2, 4, 7):
        chunks = decode(InteractionsDecoder(), [body[: len(body) * part // 10]])
        assert chunks[-1].type == "done"
        before = [chunk.type for chunk in chunks].index("error")
        assert chunks[:before] == complete[:before]
        encoder = InteractionsEncoder()
        assert decode(InteractionsDecoder(), [b"".join(map(encoder.encode, chunks))]) == chunks


@each
def test_opaque_data_has_the_protocols_name(recording: Recording) -> None:
    for chunk in texts_of(recording):
        assert own(chunk) or not chunk.provider_data
