"""The laws of decoders and encoders, for xAI's messages."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.gate import Gate
from massgen_stream.stream_chunk.verifier import StreamVerifier
from massgen_stream.testing.strategies import streams as any_streams
from massgen_stream.wire.grok import GrokDecoder

from . import messages as wire

Documents = list[dict[str, Any]]


@given(wire.streams, st.integers(1, 3))
def test_what_is_decoded_can_be_said_again(documents: Documents, choices: int) -> None:
    chunks = wire.decoded(documents, choices=choices)
    said, losses = wire.encoded(chunks)
    unsaid = [loss for loss in losses if not loss.startswith("error: ")]
    assert unsaid == []
    assert wire.decoded(said, choices=choices) == chunks


@given(wire.streams, st.integers(1, 3))
def test_there_is_one_done_and_it_is_last(documents: Documents, choices: int) -> None:
    decoder = GrokDecoder(choices=choices)
    chunks = [chunk for one in documents for chunk in decoder.feed_message(wire.message(one))]
    assert [chunk for chunk in chunks if chunk.type == "done"] == []
    chunks += decoder.close()
    assert [chunk.type for chunk in chunks].count("done") == 1
    assert chunks[-1].type == "done"
    assert decoder.close() == [] == decoder.feed_message(wire.message(wire.saying()))
    assert all(chunk.validate() for chunk in chunks)


@given(wire.streams)
def test_the_grammar_holds(documents: Documents) -> None:
    gate, verifier = Gate(stream_id="s"), StreamVerifier()
    for chunk in wire.decoded(documents):
        for out in gate.feed(chunk, 1.0):
            verifier.feed(out)
    assert verifier.close() == []


@given(any_streams())
def test_the_encoder_takes_any_stream(chunks: list[BaseStreamChunk]) -> None:
    documents, _ = wire.encoded(chunks)
    for document in documents:
        wire.message(document)


@given(st.none() | st.integers() | st.text() | st.binary())
def test_anything_else_is_no_message(found: object) -> None:
    decoder = GrokDecoder()
    failure, done = decoder.feed_message(found)
    assert failure.type == "error"
    assert (done.type, getattr(done, "finish_reason", None)) == ("done", "error")
    assert decoder.close() == []
