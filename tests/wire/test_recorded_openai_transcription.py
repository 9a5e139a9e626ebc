"""Recorded truth: real answers, decoded, give the facts that an independent reader found in them."""

import json
from functools import cache
from typing import Any

import pytest

from massgen_stream import wire
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.verifier import StreamVerifier
from massgen_stream.testing.cuts import decode, whole
from massgen_stream.testing.recorded import Recording, skip_reason, witnesses

from .media_facts import same_facts

PROTOCOL = "openai.transcription"
RECORDINGS = witnesses(PROTOCOL)
NOT_READ = {"mistral.audio": ("text", "usage_raw")}
NAMES = {"text": "text", "usage_raw": "usage"}
"""Fields that stand in the body, and that `expect.json` leaves out for the API."""

pytestmark = pytest.mark.skipif(not RECORDINGS, reason=skip_reason(PROTOCOL))
each = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: f"{recording.api}-{recording.name}")


@cache
def chunks_of(recording: Recording) -> list[BaseStreamChunk]:
    return decode(wire.decoder(PROTOCOL), whole(recording.body))


@each
def test_facts(recording: Recording) -> None:
    unread = {name: json.loads(recording.body).get(NAMES[name]) for name in NOT_READ.get(recording.api, ())}
    assert same_facts(recording, chunks_of(recording), **unread)


@each
def test_end(recording: Recording) -> None:
    done = chunks_of(recording)[-1]
    assert isinstance(done, TextStreamChunk)
    assert [chunk.type for chunk in chunks_of(recording)].count("done") == 1
    assert done.finish_reason == ("error" if recording.meta["kind"] == "http-error" else "stop")
    assert done.usage_source == ("none" if done.usage is None else "reported")


@each
def test_chunks_keep_their_rules(recording: Recording) -> None:
    verifier = StreamVerifier(numbered=False)
    for chunk in chunks_of(recording):
        chunk.check()
        assert (chunk.sequence_number, chunk.timestamp, chunk.stream_id, chunk.source) == (None, None, None, None)
        verifier.feed(chunk)
    verifier.close()
    assert verifier.breaches == []


@each
def test_said_again(recording: Recording) -> None:
    encoder = wire.encoder(PROTOCOL)
    data = b"".join(map(encoder.encode, chunks_of(recording))) + encoder.close()
    assert decode(wire.decoder(PROTOCOL), whole(data)) == chunks_of(recording)
    assert encoder.losses == []


def marks(recording: Recording) -> dict[str, Any]:
    data = [chunk.provider_data for chunk in chunks_of(recording) if isinstance(chunk, TextStreamChunk)]
    found = [one["transcript"] for one in data if one is not None and "transcript" in one]
    return found[0] if found else {}


@each
def test_marks_are_those_of_the_body(recording: Recording) -> None:
    """Every time, speaker and language of the document is in the neutral place."""
    if recording.meta["kind"] == "stream":
        assert marks(recording) == {}
        return
    doc = json.loads(recording.body)
    spoken = [word for word in doc.get("words", ()) if word.get("type") != "spacing"]
    for name, items in (("segments", doc.get("segments") or []), ("words", spoken)):
        told = [(one["text"], one["start_seconds"], one["end_seconds"]) for one in marks(recording).get(name, ())]
        assert told == [(one["text"], one["start"], one["end"]) for one in items]
    assert [one.get("speaker") for one in marks(recording).get("segments", ())] == [
        one.get("speaker") for one in doc.get("segments") or []
    ]
    assert marks(recording).get("duration_seconds") == doc.get("duration")
    language = doc.get("language") or doc.get("language_code")
    assert marks(recording).get("languages") == (None if language is None else [language])


def test_how_many_marks_there_are() -> None:
    """So that the comparison above compares something."""
    counts = {name: sum(len(marks(one).get(name, ())) for one in RECORDINGS) for name in ("segments", "words")}
    assert counts == {"segments": 2, "words": 918}
