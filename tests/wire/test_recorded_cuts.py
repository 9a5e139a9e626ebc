"""Recorded truth: however a real body is cut, every protocol makes the same chunks of it."""

from functools import cache

import pytest

from massgen_stream import wire
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.testing.cuts import byte_by_byte, cut_sizes, decode, joined, random_cuts, strides, whole
from massgen_stream.testing.recorded import Recording, skip_reason, witnesses
from massgen_stream.wire.registry import RAW

LARGE_BYTES = 200_000
"""Above this, cuts at a prime stride stand for single bytes."""

CASES = [(protocol, one) for protocol in wire.PROTOCOLS for one in witnesses(protocol)]

pytestmark = pytest.mark.skipif(not CASES, reason=skip_reason("openai.chat"))
each = pytest.mark.parametrize(
    ("protocol", "recording"), CASES, ids=[f"{protocol}-{recording.name}" for protocol, recording in CASES]
)


def decoded(protocol: str, pieces: list[bytes]) -> list[BaseStreamChunk]:
    chunks = decode(wire.decoder(protocol), pieces)
    return joined(chunks) if protocol in RAW else chunks


@cache
def chunks_of(protocol: str, recording: Recording) -> list[BaseStreamChunk]:
    return decoded(protocol, whole(recording.body))


@each
def test_byte_by_byte(protocol: str, recording: Recording) -> None:
    body = recording.body
    pieces = byte_by_byte(body) if len(body) <= LARGE_BYTES else strides(body, 997)
    assert decoded(protocol, pieces) == chunks_of(protocol, recording)


@each
def test_random_cuts_and_recorded_reads(protocol: str, recording: Recording) -> None:
    body = recording.body
    for seed in range(3):
        assert decoded(protocol, random_cuts(body, seed)) == chunks_of(protocol, recording)
    assert decoded(protocol, cut_sizes(body, recording.reads or [])) == chunks_of(protocol, recording)
