"""The laws of `massgen_stream.wire.base` over any bytes, for every protocol that the registry knows."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream import wire
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.cuts import byte_by_byte, cuts, decode, joined, whole
from massgen_stream.wire.base import Decoder, Encoder
from massgen_stream.wire.registry import RAW

from .legality import is_legal

protocols = pytest.mark.parametrize("protocol", wire.PROTOCOLS)

TOKENS = (
    b"data: ",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"choices"',
    b'"delta"',
    b":",
    b",",
    b"null",
    b'"',
    b"\n\n",
    b"\r\n",
    b"<",
)
bodies = (
    st.binary(max_size=100)
    | st.binary(max_size=60).map(lambda payload: b"data: " + payload + b"\n\n")
    | st.lists(st.sampled_from(TOKENS), max_size=40).map(b"".join)
)


def finish_reasons(chunks: list[BaseStreamChunk]) -> list[str | None]:
    return [chunk.finish_reason for chunk in chunks if isinstance(chunk, TextStreamChunk) and chunk.type == "done"]


@pytest.mark.parametrize("interface", [Decoder, Encoder])
def test_laws_are_numbered(interface: type) -> None:
    text = interface.__doc__ or ""
    numbers = [int(n) for n in re.findall(r"^ +(\d+)\. ", text[text.index("Laws:") :], re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


@protocols
@given(data=st.data(), body=bodies)
def test_any_bytes_become_a_legal_stream_and_any_cut_gives_equal_chunks(
    protocol: str, data: st.DataObject, body: bytes
) -> None:
    chunks = decode(wire.decoder(protocol), whole(body))
    assert is_legal(chunks)
    settled = joined if protocol in RAW else list
    assert settled(decode(wire.decoder(protocol), data.draw(cuts(body)))) == settled(chunks)
    assert settled(decode(wire.decoder(protocol), byte_by_byte(body))) == settled(chunks)


@protocols
def test_nothing_at_all_is_a_cut(protocol: str) -> None:
    chunks = wire.decoder(protocol).close()
    assert [chunk.type for chunk in chunks][-2:] == ["error", "done"]
    assert finish_reasons(chunks) == ["incomplete"]


@protocols
def test_after_done_everything_is_empty(protocol: str) -> None:
    decoder = wire.decoder(protocol)
    assert decoder.close() != []
    assert decoder.close() == []
    assert decoder.feed(b"data: {}\n\n") == []
    assert decoder.close() == []


@protocols
def test_a_malformed_event_ends_the_stream_at_once(protocol: str) -> None:
    decoder = wire.decoder(protocol)
    chunks = decoder.feed(b'data: {"a": tru\n\n')
    assert [chunk.type for chunk in chunks][-2:] == ["error", "done"]
    assert finish_reasons(chunks) == ["error"]
    assert decoder.feed(b"data: {}\n\n") == decoder.close() == []


@protocols
def test_a_too_large_event_ends_the_stream(protocol: str) -> None:
    for body in (b"data: " + b"x" * 100, b"data: " + b"x" * 100 + b"\n\n"):
        chunks = decode(wire.decoder(protocol, max_event_bytes=50), [body])
        assert [chunk.type for chunk in chunks][-2:] == ["error", "done"]
        assert finish_reasons(chunks) == ["error"]


@protocols
@pytest.mark.parametrize(
    "body", [b'{"error": {"message": "no such model"}}', b"[1]", b"<html><body>Bad gateway</body>"]
)
def test_a_body_that_is_no_stream_is_an_error(protocol: str, body: bytes) -> None:
    chunks = decode(wire.decoder(protocol), [body])
    assert [chunk.type for chunk in chunks][-2:] == ["error", "done"]
    assert decode(wire.decoder(protocol), byte_by_byte(body)) == chunks


@protocols
@pytest.mark.parametrize(
    "body", [b": ping\n\n", b"event: unknown\n\n", b"foreign: 1\nnonsense\n\n", b"retry: 10\nid: 4\n\n"]
)
def test_what_is_unknown_is_no_error(protocol: str, body: bytes) -> None:
    decoder = wire.decoder(protocol)
    assert decoder.feed(body) == []
    assert finish_reasons(decoder.close()) == ["incomplete"]


@protocols
def test_a_new_encoder_has_lost_nothing(protocol: str) -> None:
    encoder = wire.encoder(protocol)
    assert encoder.losses == []
    assert isinstance(encoder.close(), bytes)
