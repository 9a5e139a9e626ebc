"""Recorded truth: real answers, decoded, give the facts that an independent reader found in them."""

from functools import cache

import pytest

from massgen_stream import wire
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.verifier import StreamVerifier
from massgen_stream.testing.cuts import decode, whole
from massgen_stream.testing.recorded import Recording, skip_reason, witnesses

from .media_facts import same_facts

PROTOCOL = "google.imagen"
RECORDINGS = witnesses(PROTOCOL)
pytestmark = pytest.mark.skipif(not RECORDINGS, reason=skip_reason(PROTOCOL))
each = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: f"{recording.api}-{recording.name}")


@cache
def chunks_of(recording: Recording) -> list[BaseStreamChunk]:
    return decode(wire.decoder(PROTOCOL), whole(recording.body))


@each
def test_facts(recording: Recording) -> None:
    assert same_facts(recording, chunks_of(recording))


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
