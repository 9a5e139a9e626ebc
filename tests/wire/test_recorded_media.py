"""Recorded truth: real answers of media endpoints give the facts that an independent reader found in them."""

import pytest

from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.recorded import Recording, skip_reason, witnesses

from .media_facts import same_facts
from .recorded_chunks import chunks_of

ENDPOINTS = ("google.imagen", "openai.images", "openai.speech", "openai.transcription")
"""Protocols whose answer is one body; those that are polled have facts of every look."""

CASES = [(protocol, one) for protocol in ENDPOINTS for one in witnesses(protocol)]

pytestmark = pytest.mark.skipif(not CASES, reason=skip_reason("openai.images"))
each = pytest.mark.parametrize(
    ("protocol", "recording"), CASES, ids=[f"{protocol}-{one.api}-{one.name}" for protocol, one in CASES]
)


def test_endpoints_have_recordings() -> None:
    assert {protocol for protocol, _ in CASES} <= set(ENDPOINTS)
    assert len({protocol for protocol, _ in CASES}) > 1


@each
def test_facts(protocol: str, recording: Recording) -> None:
    assert same_facts(recording, chunks_of(protocol, recording))


@each
def test_end(protocol: str, recording: Recording) -> None:
    done = chunks_of(protocol, recording)[-1]
    assert isinstance(done, TextStreamChunk)
    is_refused = recording.meta["kind"] == "http-error" or recording.expect["error"] is not None
    reasons = {"error"} if is_refused else {"stop", "content_filter"} if b"Filtered" in recording.body else {"stop"}
    assert done.finish_reason in reasons
    assert done.usage_source == ("none" if done.usage is None else "reported")
