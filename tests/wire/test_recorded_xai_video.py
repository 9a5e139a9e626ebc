"""Recorded truth: real looks at a video, decoded, give the facts that an independent reader found in them."""

import json
from functools import cache
from typing import Any

import pytest

from massgen_stream.media import probe
from massgen_stream.testing.recorded import Recording, skip_reason, witnesses

from .polled_saying import chunks_of_looks, of_all

PROTOCOL = "xai.video"
RECORDINGS = witnesses(PROTOCOL)
pytestmark = pytest.mark.skipif(not RECORDINGS, reason=skip_reason(PROTOCOL))
each = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.name)


def bodies(recording: Recording, *, films: bool) -> list[bytes]:
    """Return the films that were downloaded, or the documents before them."""
    steps = zip(recording.meta["steps"], recording.bodies, strict=True)
    return [body for step, body in steps if step["content_type"].startswith("video/") is films]


looks_of = cache(lambda recording: chunks_of_looks(PROTOCOL, bodies(recording, films=False)))


def facts_of(look: list[Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for chunk in look:
        if chunk.type == "start":
            facts["response_id"] = chunk.response_id
        if chunk.type == "media_progress":
            facts |= {"status": chunk.job["status"], "progress": chunk.progress_percentage}
    return {name: value for name, value in facts.items() if value is not None}


@each
def test_facts(recording: Recording) -> None:
    looks = looks_of(recording)[:-1]
    for look, expected in zip(looks, recording.expect["sequence"], strict=False):
        assert {name: facts_of(look).get(name) for name in expected} == expected
    media = [chunk for look in looks for chunk in look if chunk.type == "media"]
    assert [one for one in recording.expect["media"] if "url" in one] == [
        {"kind": one.media_type, "url": one.media_data, "duration": one.media_metadata.duration_seconds}
        for one in media
    ]  # fmt: skip


@each
def test_end(recording: Recording) -> None:
    done = of_all(looks_of(recording))[-1]
    last = json.loads(bodies(recording, films=False)[-1])
    made = bool((last.get("video") or {}).get("url"))
    assert done.finish_reason == ("stop" if made else "incomplete" if last.get("status") == "pending" else "error")
    assert (done.usage or {}).get("raw") == last.get("usage")


@each
@pytest.mark.anyio
async def test_the_film_itself(recording: Recording) -> None:
    films, known = bodies(recording, films=True), [one for one in recording.expect["media"] if "sha256" in one]
    for film, expected in zip(films, known, strict=True):
        seen = (await probe(film, whole=True)).metadata
        assert (seen.mime_type, seen.size_bytes) == (expected["mime"], expected["size"])
        assert seen.checksum == f"sha256:{expected['sha256']}"
