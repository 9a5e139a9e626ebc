"""Recorded truth: real looks at predictions, decoded, give the facts that an independent reader found in them."""

from base64 import b64encode
from functools import cache
from typing import Any

import pytest

from massgen_stream.testing.recorded import Recording, skip_reason, witnesses

from .polled_saying import chunks_of_looks, is_legal, of_all, read_again

PROTOCOL = "replicate.predictions"
RECORDINGS = witnesses(PROTOCOL)
pytestmark = pytest.mark.skipif(not RECORDINGS, reason=skip_reason(PROTOCOL))
each = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.name)

Facts = dict[str, Any]
looks_of = cache(lambda recording: chunks_of_looks(PROTOCOL, recording.bodies))


def facts_of(look: list[Any]) -> Facts:
    """Return what one look tells; a data URL is again the text that the reader took it for."""
    facts: Facts = {}
    for chunk in look:
        if chunk.type == "media_progress":
            facts |= {"status": chunk.job["status"], "response_id": chunk.job["id"]}
        elif chunk.type == "backend_status":
            facts |= {"response_id": chunk.detail.partition(" ")[2].rpartition("/")[2]}
        elif chunk.type == "error" and "status" in chunk.error_info:
            facts |= {"status": chunk.error_info["status"]}
        elif chunk.type == "media" and chunk.media_encoding == "binary":
            encoded = b64encode(chunk.media_data).decode()
            facts["text"] = facts.get("text", "") + f"data:{chunk.media_metadata.mime_type};base64,{encoded}"
        elif chunk.type == "content":
            facts["text"] = facts.get("text", "") + chunk.content
    return facts


def expected_facts(step: Facts, path: str) -> Facts:
    """Return what is expected of a look; a model has no status, which the reader took for a job that is not done."""
    return {name: value for name, value in step.items() if name != "status" or "/predictions" in path}


@each
def test_facts(recording: Recording) -> None:
    paths = [step["url_path"] for step in recording.meta["steps"]]
    expected = [expected_facts(*one) for one in zip(recording.expect["sequence"], paths, strict=True)]
    assert [facts_of(look) for look in looks_of(recording)[: len(expected)]] == expected
    media = [chunk for look in looks_of(recording) for chunk in look if chunk.type == "media"]
    urls = [chunk.media_data for chunk in media if chunk.media_encoding == "url"]
    assert urls == [medium["url"] for medium in recording.expect["media"]]


@each
def test_end(recording: Recording) -> None:
    (done,) = (chunk for look in looks_of(recording) for chunk in look if chunk.type == "done")
    last = recording.expect["sequence"][-1]["status"]
    reasons = {"succeeded": "stop", 401: "error"}
    assert done.finish_reason == reasons.get(last, "incomplete")  # the others were left before their end
    assert done is of_all(looks_of(recording))[-1]


def test_percentages_are_those_of_the_logs() -> None:
    recording = next(one for one in RECORDINGS if "legacy" in one.name)
    told = [chunk for look in looks_of(recording) for chunk in look if chunk.type == "media_progress"]
    assert [chunk.progress_percentage for chunk in told] == [None, 18.0, 66.0, 90.0, 100.0]
    assert "".join(chunk.log or "" for chunk in told).startswith("Using seed: 12254\n  0%|          | 0/50")


@each
def test_chunks_keep_their_rules_and_are_said_again(recording: Recording) -> None:
    chunks = of_all(looks_of(recording))
    assert is_legal(chunks)
    assert read_again(PROTOCOL, chunks) == chunks
