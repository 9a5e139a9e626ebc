"""Jobs that are looked at: what a decoder makes of each look, and of all of them said again in one body."""

from typing import Any

from massgen_stream import wire
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.verifier import StreamVerifier
from massgen_stream.testing.cuts import decode, whole
from massgen_stream.wire.polled import PolledDecoder

Looks = list[list[Any]]


def chunks_of_looks(protocol: str, bodies: list[bytes]) -> Looks:
    """Return what one decoder makes of each body, and at last of their end."""
    decoder = wire.decoder(protocol)
    assert isinstance(decoder, PolledDecoder)
    looks: Looks = [decoder.feed(body) + decoder.end_body() for body in bodies]
    return [*looks, decoder.close()]


def of_all(looks: Looks) -> list[Any]:
    return [chunk for look in looks for chunk in look]


def is_legal(chunks: list[BaseStreamChunk]) -> bool:
    """Assert that *chunks*, which no gate has passed, keep the rules."""
    verifier = StreamVerifier(numbered=False)
    for chunk in chunks:
        chunk.check()
        assert (chunk.sequence_number, chunk.timestamp, chunk.stream_id, chunk.source) == (None, None, None, None)
        verifier.feed(chunk)
    verifier.close()
    assert verifier.breaches == []
    return True


def read_again(protocol: str, chunks: list[Any]) -> list[BaseStreamChunk]:
    """Return what a reader makes of encoded *chunks*, of which nothing may be lost."""
    encoder = wire.encoder(protocol)
    data = b"".join(map(encoder.encode, chunks)) + encoder.close()
    assert encoder.losses == []
    return decode(wire.decoder(protocol), whole(data))
