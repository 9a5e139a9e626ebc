"""Recorded truth: real Responses streams, decoded, give the facts that an independent reader found in them."""

import hashlib
import json
from typing import Any

import pytest

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.gate import Gate
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.verifier import StreamVerifier
from massgen_stream.testing.cuts import decode, whole
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason
from massgen_stream.wire.openai_responses import ResponsesDecoder, ResponsesEncoder

from .recorded_chunks import chunks_of, texts_of
from .responses_facts import API, expected_facts, facts_of, parsed, tool_calls

IMAGE_API = "openai.responses_image"

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))
each = pytest.mark.parametrize("recording", recordings(API), ids=lambda recording: recording.name)


def decoded(pieces: list[bytes]) -> list[BaseStreamChunk]:
    return decode(ResponsesDecoder(), pieces)


@each
def test_facts(recording: Recording) -> None:
    found, expected = facts_of(chunks_of(API, recording)), expected_facts(recording)
    assert {name: found[name] for name in expected} == expected


@each
def test_end(recording: Recording) -> None:
    texts = texts_of(API, recording)
    assert texts[-1].type == "done"
    assert texts[-1].finish_reason == expected_finish(recording)
    errors = [chunk for chunk in texts if chunk.type == "error"]
    assert len(errors) == (texts[-1].finish_reason == "error")
    assert texts[-1].usage_source == ("none" if texts[-1].usage is None else "reported")


def expected_finish(recording: Recording) -> str:
    """Return our word for the end, by the rules of the design and by `expect.json` alone."""
    expect = recording.expect
    if expect["error"] is not None:
        return "error"
    if expect["finish_reason"] == "incomplete":
        return {"max_output_tokens": "length", "content_filter": "content_filter"}[expect["incomplete_reason"]]
    if any(call["kind"] == "custom" or call["arguments"] is not None for call in expect["tool_calls"]):
        return "tool_calls"
    return "refusal" if expect["refusal"] else "stop"


@each
def test_each_call_ends_in_exactly_one_final_that_continues_its_deltas(recording: Recording) -> None:
    texts = texts_of(API, recording)
    told = tool_calls(texts)
    finals = [call for chunk in texts for call in chunk.tool_calls or ()]
    assert [call["id"] for call in finals] == [call["id"] for call in told]
    for call, deltas in zip(finals, told, strict=True):
        assert call["name"] == deltas["name"] != ""
        assert call["arguments"] == deltas["arguments_raw"]
        assert ("invalid" in call) is (call["kind"] == "function" and parsed(call["arguments"]) is None)


@each
def test_one_event_is_one_delta(recording: Recording) -> None:
    """No text is merged or split: as many deltas as events with text, one more where only the final has it."""
    events = [json.loads(line[5:]) for line in _data_lines(recording.body)]
    for event_type, chunk_type in (
        ("response.output_text.delta", "content"),
        ("response.reasoning_summary_text.delta", "reasoning_summary"),
    ):
        told = sum(event.get("type") == event_type and bool(event["delta"]) for event in events)
        found = sum(chunk.type == chunk_type for chunk in texts_of(API, recording))
        finals = event_type.replace("delta", "done")
        assert found == (told or sum(event.get("type") == finals and bool(event["text"]) for event in events))


def _data_lines(body: bytes) -> list[bytes]:
    lines = [line for line in body.splitlines() if line.startswith(b"data:")]
    return [line for line in lines if line.removeprefix(b"data:").strip() != b"[DONE]"]


@each
def test_the_gate_changes_nothing_and_completes_the_message(recording: Recording) -> None:
    gate, verifier, accumulator = Gate(stream_id="s"), StreamVerifier(), Accumulator()
    for chunk in decoded(whole(recording.body)):
        for passed in gate.feed(chunk, 1.0):
            verifier.feed(passed)
            accumulator.feed(passed)
            assert not (isinstance(passed, TextStreamChunk) and passed.status == "contradiction")
    verifier.close()
    assert verifier.breaches == []
    expect = recording.expect
    assert accumulator.text == expect.get("text", "")


@each
def test_items_can_go_back_unchanged_and_in_order(recording: Recording) -> None:
    """Every item of the vendor's final object is in the message again, as it was sent, or as text and calls."""
    accumulator = Accumulator()
    for chunk in chunks_of(API, recording):
        accumulator.feed(chunk)
    opaque = [item for item in _items_of(accumulator.message()) if "summary" in item or item["type"] == "compaction"]
    ended = [json.loads(line[5:]) for line in _data_lines(recording.body)]
    items = [event["item"] for event in ended if event.get("type") == "response.output_item.done"]
    assert opaque == [item for item in items if item["type"] in ("reasoning", "compaction")]


def _items_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    found = [(part.get("provider_data") or {}).get(API, {}).get("item") for part in message["content"]]
    return [item for item in found if item is not None and "type" in item]


@pytest.mark.skipif(not available(IMAGE_API), reason=skip_reason(IMAGE_API))
@pytest.mark.parametrize("recording", recordings(IMAGE_API), ids=lambda recording: recording.name)
def test_a_response_that_comes_only_at_the_end(recording: Recording) -> None:
    """The object of a request without streaming, as a server sends it that streams nothing but the end."""
    response = json.dumps(json.loads(recording.body)).encode()
    chunks = decoded([b'data: {"type":"response.completed","response":' + response + b"}\n\n"])
    told = [
        (str(chunk.media_type), chunk.media_metadata.mime_type, len(chunk.media_data), _sha(chunk.media_data))
        for chunk in chunks
        if isinstance(chunk, MultimodalStreamChunk) and chunk.media_metadata is not None
    ]
    assert told == [(m["kind"], m["mime"], m["size"], m["sha256"]) for m in recording.expect["media"]]
    done = chunks[-1]
    assert isinstance(done, TextStreamChunk)
    assert done.finish_reason == "stop"
    assert done.usage is not None
    assert done.usage["raw"] == recording.expect["usage_raw"]
    encoder = ResponsesEncoder()
    body = b"".join(map(encoder.encode, chunks)) + encoder.close()
    assert decoded([body]) == chunks


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
