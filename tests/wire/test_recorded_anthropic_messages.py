"""Recorded truth: real Messages streams, decoded, give the facts that an independent reader found in them."""

import json
from typing import Any

import pytest

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason

from .messages_facts import expected_facts, facts_of, parsed, tool_calls
from .recorded_chunks import chunks_of, texts_of

API = "anthropic.messages"

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))
each = pytest.mark.parametrize("recording", recordings(API), ids=lambda recording: recording.name)
STREAMS = [recording for recording in recordings(API) if recording.meta["kind"] == "stream"]
each_stream = pytest.mark.parametrize("recording", STREAMS, ids=lambda recording: recording.name)


def documents_of(recording: Recording) -> list[dict[str, Any]]:
    lines = [line for line in recording.body.splitlines() if line.startswith(b"data:")]
    payloads = [line.removeprefix(b"data:").strip() for line in lines]
    return [json.loads(payload) for payload in payloads if payload != b"[DONE]"]


def blocks_of(recording: Recording) -> list[dict[str, Any]]:
    """Return the message's content as the request after it must hold it, built from the events alone."""
    blocks: dict[int, dict[str, Any]] = {}
    arguments: dict[int, str] = {}
    for doc in documents_of(recording):
        if doc["type"] == "content_block_start":
            blocks[doc["index"]] = dict(doc["content_block"])
        elif doc["type"] == "content_block_delta":
            block, delta = blocks[doc["index"]], doc["delta"]
            if delta["type"] == "input_json_delta":
                arguments[doc["index"]] = arguments.get(doc["index"], "") + delta["partial_json"]
                block["input"] = parsed(arguments[doc["index"]])
            elif delta["type"] == "citations_delta":
                block["citations"] = [*(block.get("citations") or []), delta["citation"]]
            else:
                name = {"text_delta": "text", "thinking_delta": "thinking", "signature_delta": "signature"}.get(
                    delta["type"], "content"
                )
                block[name] = (block[name] or "") + delta[name]
    return [blocks[index] for index in sorted(blocks)]


def sent_back(part: dict[str, Any]) -> dict[str, Any]:
    """Return the block for a part of the neutral message, as a request can hold it."""
    data = part.get("provider_data", {}).get(API, {})
    if "block" in data:
        return dict(data["block"])
    if part["type"] == "reasoning":
        return {"type": "thinking", "thinking": part["text"], "signature": data["signature"]}
    if part["type"] == "tool_call":
        arguments = json.loads(part["arguments"])
        return {"type": "tool_use", "id": part["id"], "name": part["name"], "input": arguments, **data}
    return {"type": "text", "text": part["text"], **data}


@each
def test_facts(recording: Recording) -> None:
    found, expected = facts_of(chunks_of(API, recording)), expected_facts(recording)
    assert {name: found[name] for name in expected} == expected


FINISH = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "tool_use": "tool_calls",
    "pause_turn": "pause",
    "refusal": "refusal",
}


@each
def test_end(recording: Recording) -> None:
    texts = texts_of(API, recording)
    done = texts[-1]
    assert done.type == "done"
    if recording.expect["error"] is not None:
        assert done.finish_reason == "error"
        return
    assert recording.expect["terminal"]
    assert done.finish_reason == FINISH[recording.expect["finish_reason"]]
    assert done.usage_source == "reported"
    assert not [chunk for chunk in texts if chunk.type in ("error", "backend_status") and chunk.status != "info"]


@each_stream
def test_sums_count_everything(recording: Recording) -> None:
    usage, raw = texts_of(API, recording)[-1].usage or {}, recording.expect["usage_raw"]
    runs = raw.get("iterations") or [raw]
    read = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    assert usage["all_input_tokens"] == sum(run.get(name) or 0 for run in runs for name in read)
    assert usage["all_output_tokens"] == sum(run["output_tokens"] for run in runs)


@each_stream
def test_one_event_is_one_delta(recording: Recording) -> None:
    deltas = [doc["delta"] for doc in documents_of(recording) if doc["type"] == "content_block_delta"]
    pieces = {
        "content": [delta["text"] for delta in deltas if delta.get("text")],
        "reasoning": [delta["thinking"] for delta in deltas if delta.get("thinking")],
    }
    texts = texts_of(API, recording)
    assert [chunk.content for chunk in texts if chunk.type == "content" and chunk.content] == pieces["content"]
    assert [chunk.reasoning_delta for chunk in texts if chunk.reasoning_delta] == pieces["reasoning"]


@each_stream
def test_each_call_ends_in_exactly_one_final_that_continues_its_deltas(recording: Recording) -> None:
    texts = texts_of(API, recording)
    finals = [call for chunk in texts for call in chunk.tool_calls or ()]
    told = tool_calls(texts)
    assert [call["id"] for call in finals] == [call["id"] for call in told]
    for call, deltas in zip(finals, told, strict=True):
        assert call["name"] == deltas["name"] != ""
        assert call["arguments"] == (deltas["arguments_raw"] or "{}")
        assert "invalid" not in call


@each_stream
def test_the_message_can_be_sent_back_block_by_block(recording: Recording) -> None:
    """Nothing that the next request must hold is lost, changed or out of order."""
    accumulator = Accumulator()
    for chunk in chunks_of(API, recording):
        accumulator.feed(chunk)
    sent = [sent_back(part) for part in accumulator.message()["content"]]
    blocks = [block for block in blocks_of(recording) if block.get("text") != ""]  # an empty text may not be sent
    assert sent == [{n: v for n, v in block.items() if (n, v) != ("citations", [])} for block in blocks]


@each_stream
def test_server_tools_are_told_with_their_results(recording: Recording) -> None:
    texts = texts_of(API, recording)
    statuses: dict[str, list[str | None]] = {}
    for chunk in texts:
        if chunk.type == "server_tool_call":
            statuses.setdefault(chunk.tool_call_id or "", []).append(chunk.status)
    answered = {chunk.tool_call_id for chunk in texts if chunk.type == "tool_result"}
    assert answered <= statuses.keys()
    for call_id, told in statuses.items():
        assert told[:2] == ["in_progress", "in_progress"]
        assert len(told) == 2 + (call_id in answered)
    for chunk in texts:
        if chunk.type == "tool_result":
            assert chunk.tool_name
            assert chunk.content
            assert statuses[chunk.tool_call_id or ""][-1] == ("failed" if chunk.is_error else "completed")
