"""Recorded truth: real Gemini streams, decoded, give the facts that an independent reader found in them."""

import json
from functools import cache
from typing import Any

import pytest

from massgen_stream import wire
from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.gate import Gate
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.verifier import StreamVerifier
from massgen_stream.testing.cuts import decode, whole
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason

from .generate_content_facts import PROTOCOL, digest, expected_facts, facts_of, told_arguments, without_opaque

API = PROTOCOL

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))
STREAMS = [one for one in recordings(API) if one.meta["kind"] in ("stream", "http-error")]
each = pytest.mark.parametrize("recording", STREAMS, ids=lambda recording: recording.name)


def decoded(pieces: list[bytes]) -> list[BaseStreamChunk]:
    return decode(wire.decoder(API), pieces)


@cache
def chunks_of(recording: Recording) -> list[BaseStreamChunk]:
    return decoded(whole(recording.body))


def texts_of(recording: Recording) -> list[TextStreamChunk]:
    return [chunk for chunk in chunks_of(recording) if isinstance(chunk, TextStreamChunk)]


@each
def test_facts(recording: Recording) -> None:
    found, expected = facts_of(chunks_of(recording)), expected_facts(recording)
    found["server_tools"] = [without_opaque(part) for part in found["server_tools"]]
    assert {name: found[name] for name in expected} == expected


@each
def test_what_was_decoded_is_decoded_again(recording: Recording) -> None:
    encoder = wire.encoder(API)
    body = b"".join(map(encoder.encode, chunks_of(recording))) + encoder.close()
    assert decoded(whole(body)) == chunks_of(recording)
    assert encoder.losses == []


@each
def test_end(recording: Recording) -> None:
    texts = texts_of(recording)
    assert [chunk.type for chunk in chunks_of(recording)].count("done") == 1
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
    calls = [call for chunk in texts_of(recording) for call in chunk.tool_calls or ()]
    assert told_arguments(chunks_of(recording)) == {call["id"]: call["arguments"] for call in calls}
    assert all("invalid" not in call for call in calls)


@each
def test_one_part_is_one_delta(recording: Recording) -> None:
    """No text is merged or split: as many deltas of text as parts that carry some."""
    lines = [line for line in recording.body.splitlines() if line.startswith(b"data:")]
    told = sum(bool(part.get("text")) for line in lines for part in _parts(json.loads(line[5:])))
    pieces = [chunk.content or chunk.reasoning_delta for chunk in texts_of(recording)]
    assert sum(bool(piece) for piece in pieces if piece is not None) - _result_pieces(recording) == told


def _result_pieces(recording: Recording) -> int:
    return sum(chunk.type == "tool_result" and bool(chunk.content) for chunk in texts_of(recording))


def _parts(event: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for one in event.get("candidates", []) for part in (one.get("content") or {}).get("parts") or []]


@each
def test_citations_point_into_the_text(recording: Recording) -> None:
    """Google counts bytes; where a source supports one place, ours are code points of the same place."""
    text = recording.expect.get("text", "")
    for chunk in texts_of(recording):
        citation = chunk.citation or {}
        supports = citation.get("raw", {}).get("groundingSupports", [])
        if len(supports) == 1:
            assert text[citation["start"] : citation["end"]] == supports[0]["segment"]["text"]
        else:
            assert "start" not in citation or "citationSource" in citation["raw"]


@each
def test_all_tokens_are_counted(recording: Recording) -> None:
    usage = texts_of(recording)[-1].usage or {}
    if {"total_tokens", "all_input_tokens", "all_output_tokens"} <= usage.keys():
        assert usage["all_input_tokens"] + usage["all_output_tokens"] == usage["total_tokens"]


@each
def test_signatures_come_back_from_the_message_in_order(recording: Recording) -> None:
    """The accumulated message holds every signature, with the part or the place in the text that it belongs to."""
    accumulator = Accumulator()
    for chunk in chunks_of(recording):
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


@each
def test_chunks_keep_their_rules(recording: Recording) -> None:
    for chunk in chunks_of(recording):
        chunk.check()
        assert (chunk.sequence_number, chunk.timestamp, chunk.stream_id, chunk.source) == (None, None, None, None)


@each
def test_the_verifier_accepts_the_stream_bare_and_gated(recording: Recording) -> None:
    bare, gated, gate = StreamVerifier(numbered=False), StreamVerifier(), Gate(stream_id="s")
    for chunk in chunks_of(recording):
        bare.feed(chunk)
        for passed in gate.feed(chunk, 1.0):
            gated.feed(passed)
    bare.close()
    gated.close()
    assert bare.breaches == gated.breaches == []
