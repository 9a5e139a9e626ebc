"""Recorded truth: real Gemini streams, decoded, give the facts that an independent reader found in them."""

import json
from typing import Any

import pytest

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason

from .generate_content_facts import PROTOCOL, digest, expected_facts, facts_of, told_arguments, without_opaque
from .recorded_chunks import chunks_of, texts_of

API = PROTOCOL

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))
STREAMS = [one for one in recordings(API) if one.meta["kind"] in ("stream", "http-error")]
each = pytest.mark.parametrize("recording", STREAMS, ids=lambda recording: recording.name)


@each
def test_facts(recording: Recording) -> None:
    found, expected = facts_of(chunks_of(API, recording)), expected_facts(recording)
    found["server_tools"] = [without_opaque(part) for part in found["server_tools"]]
    assert {name: found[name] for name in expected} == expected


@each
def test_end(recording: Recording) -> None:
    texts = texts_of(API, recording)
    assert texts[-1].type == "done"
    assert texts[-1].finish_reason == expected_finish(recording)
    errors = [chunk for chunk in texts if chunk.type == "error"]
    assert len(errors) == (texts[-1].finish_reason in ("error", "incomplete"))
    assert texts[-1].usage_source == ("none" if texts[-1].usage is None else "reported")


def expected_finish(recording: Recording) -> str:
    """Return our word for the end, by the rules of the design and by `expect.json` alone."""
    expect = recording.expect
    if expect["error"] is not None:
        return "error"
    raw = expect["finish_reason"]
    if raw is None:
        return "content_filter" if b'"blockReason"' in recording.body else "incomplete"
    if raw in ("STOP", "FAKE_ENUM") and expect["tool_calls"]:
        return "tool_calls"
    return {"STOP": "stop", "MAX_TOKENS": "length", "SAFETY": "content_filter", "RECITATION": "content_filter"}.get(
        raw, "other"
    )


@each
def test_deltas_of_a_call_concatenate_to_its_arguments(recording: Recording) -> None:
    calls = [call for chunk in texts_of(API, recording) for call in chunk.tool_calls or ()]
    assert told_arguments(chunks_of(API, recording)) == {call["id"]: call["arguments"] for call in calls}
    assert all("invalid" not in call for call in calls)


@each
def test_one_part_is_one_delta(recording: Recording) -> None:
    """No text is merged or split: as many deltas of text as parts that carry some."""
    lines = [line for line in recording.body.splitlines() if line.startswith(b"data:")]
    told = sum(bool(part.get("text")) for line in lines for part in _parts(json.loads(line[5:])))
    pieces = [chunk.content or chunk.reasoning_delta for chunk in texts_of(API, recording)]
    assert sum(bool(piece) for piece in pieces if piece is not None) - _result_pieces(recording) == told


def _result_pieces(recording: Recording) -> int:
    return sum(chunk.type == "tool_result" and bool(chunk.content) for chunk in texts_of(API, recording))


def _parts(event: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for one in event.get("candidates", []) for part in (one.get("content") or {}).get("parts") or []]


@each
def test_citations_point_into_the_text(recording: Recording) -> None:
    """Google counts bytes; where a source supports one place, ours are code points of the same place."""
    text = recording.expect.get("text", "")
    for chunk in texts_of(API, recording):
        citation = chunk.citation or {}
        supports = citation.get("raw", {}).get("groundingSupports", [])
        if len(supports) == 1:
            assert text[citation["start"] : citation["end"]] == supports[0]["segment"]["text"]
        else:
            assert "start" not in citation or "citationSource" in citation["raw"]


@each
def test_all_tokens_are_counted(recording: Recording) -> None:
    usage = texts_of(API, recording)[-1].usage or {}
    if {"total_tokens", "all_input_tokens", "all_output_tokens"} <= usage.keys():
        assert usage["all_input_tokens"] + usage["all_output_tokens"] == usage["total_tokens"]


@each
def test_signatures_come_back_from_the_message_in_order(recording: Recording) -> None:
    """The accumulated message holds every signature, with the part or the place in the text that it belongs to."""
    accumulator = Accumulator()
    for chunk in chunks_of(API, recording):
        accumulator.feed(chunk)
    parts = [part for part in accumulator.message()["content"] if part.get("provider_data")]
    found = [digest(one) for part in parts for one in _signed(part)]
    assert found == expected_facts(recording).get("signatures", [])


def _signed(part: dict[str, Any]) -> list[str]:
    own = part["provider_data"][PROTOCOL]
    for entry in own.get("parts", []):
        assert 0 <= entry["start"] <= entry["end"] <= len(part["text"])
    places = (own, own.get("part", {}), *own.get("parts", []))
    return [place["thoughtSignature"] for place in places if "thoughtSignature" in place]
