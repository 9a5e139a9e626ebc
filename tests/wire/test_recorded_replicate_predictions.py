"""Recorded truth: real looks at predictions, decoded, give the facts that an independent reader found in them."""

from base64 import b64encode
from functools import cache
from itertools import accumulate
from typing import Any

import pytest

from massgen_stream.testing.recorded import Recording, skip_reason, witnesses

from .polled_saying import chunks_of_looks, of_all
from .recorded_chunks import is_look

PROTOCOL = "replicate.predictions"
RECORDINGS = [one for one in witnesses(PROTOCOL) if one.meta["kind"] == "sequence"]
pytestmark = pytest.mark.skipif(not RECORDINGS, reason=skip_reason(PROTOCOL))
each = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.name)

Facts = dict[str, Any]
ENDED = {"succeeded": "stop", "failed": "error", "canceled": "error", "aborted": "error"}


def steps_of(recording: Recording) -> list[tuple[Facts, bytes, Facts]]:
    """Return each look: its step, its body, and what is expected of it; no file that was downloaded."""
    known = [*recording.expect["sequence"], *({} for _ in recording.bodies)]
    looks = zip(recording.meta["steps"], recording.bodies, known, strict=False)
    return [(step, body, fact) for step, body, fact in looks if is_look(step)]


looks_of = cache(lambda recording: chunks_of_looks(PROTOCOL, [body for _, body, _ in steps_of(recording)]))


def facts_of(look: list[Any]) -> Facts:
    """Return what one look tells; a data URL is again the text that the reader took it for."""
    facts: Facts = {}
    for chunk in look:
        if chunk.type == "media_progress" and chunk.job is not None:
            facts |= {"status": chunk.job["status"], "response_id": chunk.job["id"]}
        elif chunk.type == "backend_status":
            facts |= {"response_id": chunk.detail.partition(" ")[2].rpartition("/")[2]} if " " in chunk.detail else {}
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
    is_job = any(place in path for place in ("/predictions", "/trainings"))
    known = ("response_id", "text", *(("status",) if is_job else ()))
    return {name: value for name, value in step.items() if name in known}


@each
def test_facts(recording: Recording) -> None:
    expected = [expected_facts(fact, step["url_path"] or "") for step, _, fact in steps_of(recording)]
    found = [facts_of(look) for look in looks_of(recording)[: len(expected)]]
    texts = list(accumulate(facts.get("text", "") for facts in found))
    for facts, text, told in zip(found, texts, expected, strict=True):
        facts |= {"text": text} if "text" in told and told["text"] == text else {}  # a look repeats what others told
        assert {name: facts.get(name) for name in told} == told
    media = [chunk for look in looks_of(recording) for chunk in look if chunk.type == "media"]
    urls = [chunk.media_data for chunk in media if chunk.media_encoding == "url"]
    assert urls == [medium["url"] for medium in recording.expect["media"] if "url" in medium]


@each
def test_end(recording: Recording) -> None:
    (done,) = (chunk for look in looks_of(recording) for chunk in look if chunk.type == "done")
    latest: dict[Any, Any] = {}
    for _, _, fact in steps_of(recording):
        latest |= {fact.get("response_id"): fact["status"]} if isinstance(fact.get("status"), int | str) else {}
    jobs = {status for status in latest.values() if status != "pending"}
    if jobs and all(isinstance(status, int) or status in ENDED for status in jobs):
        reasons = {ENDED.get(status, "error") for status in jobs}
        assert done.finish_reason == ("error" if "error" in reasons else "stop")
    elif jobs:
        assert done.finish_reason in ("incomplete", "stop")  # left before its end, unless its stream followed
    assert done is of_all(looks_of(recording))[-1]


def test_percentages_are_those_of_the_logs() -> None:
    recording = next((one for one in RECORDINGS if "legacy" in one.name), None)
    if recording is None:
        pytest.skip("no recording of a prediction with these logs")
    told = [chunk for look in looks_of(recording) for chunk in look if chunk.type == "media_progress"]
    assert [chunk.progress_percentage for chunk in told] == [None, 18.0, 66.0, 90.0, 100.0]
    assert "".join(chunk.log or "" for chunk in told).startswith("Using seed: 12254\n  0%|          | 0/50")
