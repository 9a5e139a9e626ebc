"""Other readers of event streams, and real streams, agree with `SSEDecoder`."""

from collections.abc import Iterator
from functools import cache

import httpx2
import pytest
from hypothesis import given
from openai._streaming import SSEDecoder as OpenAIDecoder

from massgen_stream.testing.cuts import cut_sizes, decode, random_cuts, strides, whole
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason
from massgen_stream.wire.sse import SSEDecoder

from . import sse_reference as reference
from .sse_bodies import as_reference, bodies, events_of

EVENT_STREAM_APIS = (
    "anthropic.messages",
    "cohere.chat",
    "google.generate_content",
    "google.interactions",
    "openai.audio",
    "openai.chat",
    "openai.completions",
    "openai.images",
    "openai.responses",
)


@cache
def recorded(api: str) -> list[tuple[Recording, bytes]]:
    """Every event stream of *api*; error bodies and other framings left out."""
    streams = (r for r in recordings(api) if r.meta["kind"] == "stream")
    return [(r, r.body) for r in streams if r.body.lstrip()[:1] not in (b"{", b"[", b"<")]


def httpx2_events(body: bytes) -> Iterator[httpx2.ServerSentEvent]:
    request = httpx2.Request("GET", "http://127.0.0.1")
    response = httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body, request=request)
    return iter(httpx2.EventSource(response, max_event_size=None))


@pytest.mark.parametrize("api", EVENT_STREAM_APIS)
class TestRecorded:
    @pytest.fixture(autouse=True)
    def _needs_recordings(self, api: str) -> None:
        if not available(api):
            pytest.skip(skip_reason(api))

    def test_agrees_with_the_reference_and_the_facts(self, api: str) -> None:
        for recording, body in recorded(api):
            decoder = SSEDecoder()
            found = decode(decoder, whole(body))
            expected = reference.read(body)
            assert as_reference(found) == expected.events + expected.pending, recording
            assert len(found) == recording.expect["events"], recording
            assert decoder.comments == recording.expect["comments"] == expected.comments, recording
            assert decoder.foreign == expected.foreign, recording

    def test_any_cut_gives_equal_events(self, api: str) -> None:
        for recording, body in recorded(api):
            expected = events_of(body)
            ways = [random_cuts(body, seed) for seed in range(3)]
            ways += [strides(body, 1 if len(body) < 30_000 else 101), strides(body, 1021)]
            ways += [cut_sizes(body, recording.reads)] if recording.reads else []
            for pieces in ways:
                assert decode(SSEDecoder(), pieces) == expected, recording

    def test_agrees_with_httpx2(self, api: str) -> None:
        for recording, body in recorded(api):
            ours = [(e.event, e.data.decode(), e.id or "") for e in events_of(body) if not e.pending]
            theirs = [(e.event, e.data, e.id) for e in httpx2_events(body) if e.data]
            assert ours == theirs, recording

    def test_agrees_with_the_openai_sdk(self, api: str) -> None:
        for recording, body in recorded(api):
            ours = [(e.event, e.data.decode(), e.id) for e in events_of(body) if not e.pending]
            theirs = [(e.event or "message", e.data, e.id) for e in OpenAIDecoder().iter_bytes(iter([body])) if e.data]
            assert ours == theirs, recording


@given(bodies.map(lambda body: body.replace(b"\xef\xbb\xbf", b"").rstrip(b"\r")))
def test_agrees_with_httpx2_where_it_keeps_the_standard(body: bytes) -> None:
    # It also reports blocks without data, leaves the byte order mark in the first line, and takes the end of the input
    # after a CR for a blank line.
    ours = [(e.event, e.data.decode("utf-8", "replace"), e.id or "") for e in events_of(body) if not e.pending]
    theirs = [(e.event, e.data, e.id) for e in httpx2_events(body)]
    assert [e for e in ours if e[1]] == [e for e in theirs if e[1]]
