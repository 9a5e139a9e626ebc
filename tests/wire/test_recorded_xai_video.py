"""Recorded truth: real looks at a video, decoded, give the facts that an independent reader found in them."""

from functools import cache
from typing import Any

import pytest

from massgen_stream.media import probe
from massgen_stream.testing.recorded import Recording, skip_reason, witnesses

from .polled_saying import chunks_of_looks, is_legal, of_all, read_again

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
    return facts


@each
def test_facts(recording: Recording) -> None:
    looks = looks_of(recording)[:-1]
    assert [facts_of(look) for look in looks] == recording.expect["sequence"][: len(looks)]
    (final,) = (chunk for look in looks for chunk in look if chunk.type == "media")
    assert recording.expect["media"][0] == {
        "kind": final.media_type, "url": final.media_data, "duration": final.media_metadata.duration_seconds
    }  # fmt: skip


@each
def test_end(recording: Recording) -> None:
    *_, response, done = of_all(looks_of(recording))
    assert response.response["model"] == "grok-imagine-video"
    assert (done.finish_reason, done.usage_source) == ("stop", "reported")
    assert done.usage["details"] == {"cost_in_usd_ticks": 500000000}


@each
@pytest.mark.anyio
async def test_the_film_itself(recording: Recording) -> None:
    (film,) = bodies(recording, films=True)
    seen = (await probe(film, whole=True)).metadata
    known = recording.expect["media"][1]
    assert (seen.mime_type, seen.size_bytes) == (known["mime"], known["size"])
    assert seen.checksum == f"sha256:{known['sha256']}"


@each
def test_chunks_keep_their_rules_and_are_said_again(recording: Recording) -> None:
    chunks = of_all(looks_of(recording))
    assert is_legal(chunks)
    assert read_again(PROTOCOL, chunks) == chunks
