"""Recorded truth: real chat streams, decoded, give the facts that an independent reader found in them."""

import json
from typing import Any

import pytest

from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason

from .chat_facts import expected_facts, facts_of, final_calls, tool_calls
from .recorded_chunks import chunks_of, texts_of

API = "openai.chat"

DISAGREEMENTS: dict[str, dict[str, str]] = {}
"""Recording -> fact -> why ours differs from its `expect.json`."""

pytestmark = pytest.mark.skipif(not available(API), reason=skip_reason(API))
each = pytest.mark.parametrize("recording", recordings(API), ids=lambda recording: recording.name)


@each
def test_facts(recording: Recording) -> None:
    found, expected = facts_of(chunks_of(API, recording)), expected_facts(recording)
    for call, told in zip(found["tool_calls"], expected.get("tool_calls", []), strict=False):
        if not told["id"]:
            assert call["id"]  # the vendor sent none, ours is made up
            told["id"] = call["id"]
    known = DISAGREEMENTS.get(recording.name, {})
    assert {name: found[name] for name in expected if name not in known} == {
        name: fact for name, fact in expected.items() if name not in known
    }


def test_every_disagreement_still_is_one() -> None:
    by_name = {recording.name: recording for recording in recordings(API)}
    for name, facts in DISAGREEMENTS.items():
        found, expected = facts_of(chunks_of(API, by_name[name])), expected_facts(by_name[name])
        assert [fact for fact in facts if found[fact] == expected[fact]] == []


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
    if raw is None and not expect["terminal"]:
        return "incomplete"
    if raw in ("length", "content_filter"):
        return str(raw)
    calls = [call for call in expect["tool_calls"] if call["choice"] == 0]
    if any(call["arguments"] is not None or call["arguments_raw"] in ("", "null") for call in calls):
        return "tool_calls"
    if expect["refusal"]:
        return "refusal"
    return "stop" if raw else "other"


@each
def test_each_call_ends_in_exactly_one_final_that_continues_its_deltas(recording: Recording) -> None:
    texts = texts_of(API, recording)
    told = {call["id"]: call for call in tool_calls(texts)}
    finals = final_calls(texts)
    assert [call["id"] for call in finals] == list(told)
    whole_turn = texts[-1].finish_reason in ("tool_calls", "stop")
    for call in finals:
        raw = told[call["id"]]["arguments_raw"]
        assert call["name"] == told[call["id"]]["name"] != ""
        assert call["arguments"] == ("{}" if raw in ("", "null") and whole_turn else raw)
        assert ("invalid" in call) is (not whole_turn and not _is_object(raw))


def _is_object(arguments: str) -> bool:
    try:
        return isinstance(json.loads(arguments), dict)
    except json.JSONDecodeError:
        return False


@each
def test_one_event_is_one_delta(recording: Recording) -> None:
    """No text is merged or split: as many deltas of text as events, or parts of events, that carry some."""
    lines = [line for line in recording.body.splitlines() if line.startswith(b"data:")]
    told = sum(_text_pieces(choice) for line in lines for choice in _choices(line))
    assert sum(chunk.type == "content" and bool(chunk.content) for chunk in texts_of(API, recording)) == told


def _choices(line: bytes) -> list[dict[str, Any]]:
    payload = line.removeprefix(b"data:").strip()
    return [] if payload in (b"[DONE]", b"") else json.loads(payload).get("choices") or []


def _text_pieces(choice: dict[str, Any]) -> int:
    content = (choice.get("delta") or {}).get("content")
    parts = content if isinstance(content, list) else [{"type": "text", "text": content}]
    return sum(part["type"] == "text" and bool(part["text"]) for part in parts)
