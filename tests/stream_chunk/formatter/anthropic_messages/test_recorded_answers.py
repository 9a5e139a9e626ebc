"""Answers of Claude, sent back in the next request: every block is there, in order and byte for byte."""

import json
from typing import Any

import pytest

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.stream_chunk.formatter import MessagesFormatter
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason
from massgen_stream.wire import decoder

from .sdk import sdk_messages

API = "anthropic.messages"
Data = dict[str, Any]

EXPECTED_LOSSES = {"blank text dropped", "reasoning dropped", "arguments wrapped", "server_tool_call dropped"}
"""What Claude wrote itself and refuses to read, and what a cut leaves."""

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))


def answers() -> list[Any]:
    found = (one for one in recordings(API) if one.meta["kind"] == "stream")
    return [pytest.param(one, id=one.name) for one in found]


def message_of(recording: Recording) -> Data:
    found, decode = Accumulator(), decoder(API)
    for chunk in [*decode.feed(recording.body), *decode.close()]:
        found.feed(chunk)
    return found.message()


def blocks_of(recording: Recording) -> list[Data]:
    """The blocks as their events make them, read without anything of ours."""
    found: dict[int, Data] = {}
    inputs: dict[int, str] = {}
    for line in recording.body.splitlines():
        try:
            event = json.loads(line.removeprefix(b"data:"))
        except ValueError:
            continue
        kind, index = event.get("type"), event.get("index", -1)
        if kind == "content_block_start":
            found[index] = dict(event["content_block"])
        elif kind == "content_block_delta":
            _add(found[index], event["delta"], inputs, index)
    for index, text in inputs.items():
        found[index]["input"] = json.loads(text or "{}")
    return [found[index] for index in sorted(found)]


def _add(block: Data, delta: Data, inputs: dict[int, str], index: int) -> None:
    if delta["type"] == "input_json_delta":
        inputs[index] = inputs.get(index, "") + delta["partial_json"]
    elif delta["type"] == "citations_delta":
        block["citations"] = [*(block.get("citations") or []), delta["citation"]]
    else:
        for name, value in delta.items():
            if name != "type":
                block[name] = (block.get(name) or "") + value if isinstance(value, str) else value


def said(block: Data) -> Data:
    """A block without what says nothing: null fields, an empty list of citations."""
    return {name: value for name, value in block.items() if value is not None and (name, value) != ("citations", [])}


@pytest.mark.parametrize("recording", answers())
def test_answers_go_back(recording: Recording) -> None:
    formatter = MessagesFormatter()
    message = message_of(recording)
    payload, losses = formatter.format_messages([message])
    assert {loss.what for loss in losses} - {"message dropped"} <= EXPECTED_LOSSES
    went = payload.messages[0]["content"] if payload.messages else []
    went = [{"type": "text", "text": went}] if isinstance(went, str) else went
    if recording.expect["terminal"] and not any(loss.what == "arguments wrapped" for loss in losses):
        came = [block for block in blocks_of(recording) if block["type"] != "text" or block["text"].strip()]
        assert [said(block) for block in went] == [said(block) for block in came]
    assert formatter.format_messages(formatter.parse_messages(payload))[0] == payload
    sdk_messages(payload, beta=True)


@pytest.mark.parametrize("recording", answers())
def test_calls_are_answered_directly_behind_them(recording: Recording) -> None:
    message = message_of(recording)
    calls = [part["id"] for part in message["content"] if part["type"] == "tool_call"]
    answers = [{"role": "tool", "tool_call_id": name, "content": "42"} for name in calls]
    question = {"role": "user", "content": "Go on."}
    payload, _ = MessagesFormatter().format_messages([question, message, question, *answers])
    if not calls:
        return
    turn = payload.messages[2]["content"]
    results = [{"type": "tool_result", "tool_use_id": name, "content": "42"} for name in calls]
    assert turn == [*results, {"type": "text", "text": "Go on."}]
