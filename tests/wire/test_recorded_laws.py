"""Recorded truth: what must hold of every protocol, over the real answers that its decoder reads."""

from functools import cache
from typing import Any

import pytest

from massgen_stream import wire
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.testing.cuts import byte_by_byte, cut_sizes, decode, joined, random_cuts, strides, whole
from massgen_stream.testing.recorded import Recording, skip_reason, witnesses
from massgen_stream.wire.openai_transcription.marks import TRANSCRIPT
from massgen_stream.wire.registry import RAW

from .legality import is_legal
from .recorded_chunks import chunks_of, options_of

LARGE_BYTES = 200_000
"""Above this, cuts at a prime stride stand for single bytes."""

CASES = [(protocol, one) for protocol in wire.PROTOCOLS for one in witnesses(protocol)]

pytestmark = pytest.mark.skipif(not CASES, reason=skip_reason("openai.chat"))
each = pytest.mark.parametrize(
    ("protocol", "recording"), CASES, ids=[f"{protocol}-{one.api}-{one.name}" for protocol, one in CASES]
)


def decoded(protocol: str, pieces: list[bytes]) -> list[BaseStreamChunk]:
    chunks = decode(wire.decoder(protocol), pieces)
    return joined(chunks) if protocol in RAW else chunks


@cache
def of_first_body(protocol: str, recording: Recording) -> list[Any]:
    return decoded(protocol, whole(recording.body))


@each
def test_byte_by_byte(protocol: str, recording: Recording) -> None:
    body = recording.body
    pieces = byte_by_byte(body) if len(body) <= LARGE_BYTES else strides(body, 997)
    assert decoded(protocol, pieces) == of_first_body(protocol, recording)


@each
def test_random_cuts_and_recorded_reads(protocol: str, recording: Recording) -> None:
    body = recording.body
    for seed in range(3):
        assert decoded(protocol, random_cuts(body, seed)) == of_first_body(protocol, recording)
    assert decoded(protocol, cut_sizes(body, recording.reads or [])) == of_first_body(protocol, recording)


@each
def test_chunks_keep_all_rules(protocol: str, recording: Recording) -> None:
    assert is_legal(chunks_of(protocol, recording))


@each
def test_what_was_decoded_is_said_again(protocol: str, recording: Recording) -> None:
    encoder = wire.encoder(protocol)
    chunks = chunks_of(protocol, recording)
    again = b"".join(map(encoder.encode, chunks)) + encoder.close()
    assert decode(wire.decoder(protocol, **options_of(protocol, recording)), whole(again)) == chunks
    assert encoder.losses == []


EARLY = ("openai.chat", "google.generate_content")
"""Protocols that tell why an answer ends before its last event."""

STREAMS = [(protocol, one) for protocol, one in CASES if one.meta["kind"] == "stream"]


@pytest.mark.parametrize(("protocol", "recording"), STREAMS, ids=[f"{name}-{one.name}" for name, one in STREAMS])
def test_a_cut_tells_the_truth(protocol: str, recording: Recording) -> None:
    """What came before a cut is what came of the whole, and is said again by the encoder."""
    body = recording.body
    complete: list[Any] = decode(wire.decoder(protocol), whole(body))
    for tenths in (3, 9):
        chunks: list[Any] = decode(wire.decoder(protocol), [body[: len(body) * tenths // 10]])
        assert is_legal(chunks)
        if chunks[-1].finish_reason == "incomplete":
            before = [chunk.type for chunk in chunks].index("error")
            assert chunks[:before] == complete[:before]
        else:
            known = chunks == complete or (chunks[-1].finish_reason, complete[-1].finish_reason) == ("error", "error")
            assert known or protocol in EARLY  # the documented end was before the cut, or there is none
        encoder = wire.encoder(protocol)
        assert decode(wire.decoder(protocol), [b"".join(map(encoder.encode, chunks))]) == chunks


@each
def test_opaque_data_has_the_protocols_name(protocol: str, recording: Recording) -> None:
    for chunk in chunks_of(protocol, recording):
        assert set(chunk.provider_data or ()) <= {protocol, TRANSCRIPT}
        assert all((chunk.provider_data or {}).values())
