"""Recorded truth: however a real body is cut, every protocol makes the same chunks of it."""

from functools import cache

import pytest

from massgen_stream import wire
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.testing.cuts import byte_by_byte, cut_sizes, decode, random_cuts, strides, whole
from massgen_stream.testing.recorded import Recording, available, recordings, skip_reason

LARGE_BYTES = 200_000
"""Above this, cuts at a prime stride stand for single bytes."""

CASES = [(protocol, one) for protocol in wire.PROTOCOLS if available(protocol) for one in recordings(protocol)]
ABSENT = [protocol for protocol in wire.PROTOCOLS if not available(protocol)]

pytestmark = pytest.mark.skipif(bool(ABSENT), reason=skip_reason(ABSENT[0]) if ABSENT else "")
each = pytest.mark.parametrize(
    ("protocol", "recording"), CASES, ids=[f"{protocol}-{recording.name}" for protocol, recording in CASES]
)


def decoded(protocol: str, pieces: list[bytes]) -> list[BaseStreamChunk]:
    return decode(wire.decoder(protocol), pieces)


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
