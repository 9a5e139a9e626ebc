"""What must hold of every wire protocol, over bodies as servers send them and as nobody should."""

from importlib import import_module
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream import wire
from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.cuts import byte_by_byte, cuts, decode, joined, whole
from massgen_stream.testing.strategies import chunks as any_chunks
from massgen_stream.testing.wires import STRATEGIES, wires
from massgen_stream.wire.registry import RAW

from .legality import is_legal

FORMS: dict[str, dict[str, Any]] = {
    "openai.images": {"whole": True},
    "openai.speech": {"raw": True},
    "elevenlabs.sound": {"lines": True},
}
"""Protocols whose encoders write another form too, and the option that asks for it."""

NAMED = ("anthropic.messages", "google.interactions")
"""Protocols that name every event: what is called an error is one, whatever it holds."""

protocols = pytest.mark.parametrize("protocol", wire.PROTOCOLS)
ENCODERS: list[tuple[str, dict[str, Any]]] = [*((name, {}) for name in wire.PROTOCOLS), *FORMS.items()]
encoders = pytest.mark.parametrize(("protocol", "options"), ENCODERS, ids=str)


def decoded(protocol: str, pieces: list[bytes]) -> list[BaseStreamChunk]:
    return decode(wire.decoder(protocol), pieces)


def encoded(protocol: str, chunks: list[Any], **options: Any) -> tuple[bytes, list[str]]:
    encoder = wire.encoder(protocol, **options)
    return b"".join(map(encoder.encode, chunks)) + encoder.close(), encoder.losses


def test_every_protocol_has_bodies_for_these_laws() -> None:
    assert tuple(STRATEGIES) == wire.PROTOCOLS


@protocols
@given(data=st.data())
def test_any_cut_gives_equal_chunks(protocol: str, data: st.DataObject) -> None:
    body = data.draw(wires(protocol))
    settled = joined if protocol in RAW else list
    chunks = settled(decoded(protocol, whole(body)))
    assert settled(decoded(protocol, data.draw(cuts(body)))) == chunks
    assert settled(decoded(protocol, byte_by_byte(body))) == chunks


@protocols
@given(data=st.data())
def test_what_is_decoded_keeps_all_rules(protocol: str, data: st.DataObject) -> None:
    assert is_legal(decoded(protocol, whole(data.draw(wires(protocol)))))


def is_whole(piece: bytes) -> bool:
    """Whether bytes hold whole events, or all of a body that is no stream."""
    return piece == b"" or piece.endswith(b"\n\n") or piece[:1] in b"{[<"


@protocols
@given(data=st.data())
def test_what_is_decoded_is_said_again_in_whole_events(protocol: str, data: st.DataObject) -> None:
    chunks, encoder = decoded(protocol, whole(data.draw(wires(protocol)))), wire.encoder(protocol)
    pieces = [encoder.encode(chunk) for chunk in chunks]
    assert all(map(is_whole, pieces[:-1]))
    assert decoded(protocol, [*pieces, encoder.close()]) == chunks
    assert encoder.losses == []


FAST = [
    name
    for name in wire.PROTOCOLS
    if hasattr(import_module(f"massgen_stream.wire.{name.replace('.', '_')}.decoder"), "decode_event")
]
"""Protocols whose decoders read a usual event in one go, and any other with care."""


def refuse(_: bytes) -> None:
    raise msgspec.ValidationError


@pytest.mark.parametrize("protocol", FAST)
@given(data=st.data())
def test_the_fast_way_and_the_careful_way_agree(protocol: str, data: st.DataObject) -> None:
    body = data.draw(wires(protocol))
    usual = decoded(protocol, whole(body))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"massgen_stream.wire.{protocol.replace('.', '_')}.decoder.decode_event", refuse)
        assert decoded(protocol, whole(body)) == usual


@given(chunks=st.lists(any_chunks(), max_size=6), ended=st.booleans())
def test_no_chunk_raises_and_the_reader_gets_legal_ones(chunks: list[Any], ended: bool) -> None:
    """Of every encoder at once: drawing takes longer than encoding."""
    for protocol, options in ENCODERS:
        reads_legal_chunks(protocol, options, [*chunks, *([narrow.done("stop")] if ended else [])])


def reads_legal_chunks(protocol: str, options: dict[str, Any], chunks: list[Any]) -> None:
    data, _ = encoded(protocol, chunks, **options)
    for chunk in decoded(protocol, whole(data)):
        chunk.check()


BROKEN = [
    TextStreamChunk(type="content", content=5),  # type: ignore[arg-type]
    TextStreamChunk(type="content", content=float("nan")),  # type: ignore[arg-type]
    TextStreamChunk(type="content"),
    TextStreamChunk(type="content", content="x", provider_data=[]),  # type: ignore[arg-type]
    MultimodalStreamChunk(type="media", media_type="audio", media_encoding="binary", media_data=5),
]


@encoders
@pytest.mark.parametrize("chunk", BROKEN)
def test_a_chunk_that_breaks_its_rules_is_a_loss(protocol: str, options: dict[str, Any], chunk: Any) -> None:
    encoder = wire.encoder(protocol, **options)
    assert encoder.encode(chunk) == b""
    assert encoder.losses == [f"{chunk.type}: it breaks the rules of its type"]


@protocols
def test_a_stream_starts_once(protocol: str) -> None:
    assert encoded(protocol, [narrow.start(), narrow.start()])[1] == ["start: the stream has started"]


@encoders
def test_nothing_is_said_after_the_end(protocol: str, options: dict[str, Any]) -> None:
    encoder = wire.encoder(protocol, **options)
    encoder.encode(narrow.done("stop"))
    assert encoder.encode(narrow.content("x")) == b""
    assert encoder.losses == ["content: the stream has ended"]


@encoders
def test_an_event_over_the_limit_is_not_said_again(protocol: str, options: dict[str, Any]) -> None:
    chunks = decode(wire.decoder(protocol, max_event_bytes=50), [b"data: " + b"x" * 100])
    why: str = getattr(wire.encoder(protocol), "UNSAID")  # noqa: B009 - of all encoders here, not of the interface
    assert encoded(protocol, chunks, **options)[1] == [f"error: {why}"]


@pytest.mark.parametrize("protocol", NAMED)
@pytest.mark.parametrize(
    "payload", [b"Overloaded", b'"Overloaded"', b'{"error": "Overloaded"}', b'{"message": "Overloaded"}']
)
def test_an_event_that_is_called_error_is_one(protocol: str, payload: bytes) -> None:
    error, done = decoded(protocol, [b"event: error\ndata: " + payload + b"\n\n"])
    assert (error.type, getattr(error, "error", None), done.type) == ("error", "Overloaded", "done")
