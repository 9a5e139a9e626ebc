"""Encoding: the law over generated wires, and what is said for chunks that no decoder made."""

from hypothesis import given

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.testing.cuts import decode
from massgen_stream.testing.wires_openai_responses import wires
from massgen_stream.wire.openai_responses import ResponsesDecoder, ResponsesEncoder


def decoded(body: bytes) -> list[BaseStreamChunk]:
    return decode(ResponsesDecoder(), [body])


@given(body=wires())
def test_encoding_and_decoding_gives_the_same_chunks(body: bytes) -> None:
    chunks = decoded(body)
    encoder = ResponsesEncoder()
    said = b"".join(map(encoder.encode, chunks)) + encoder.close()
    assert decoded(said) == chunks
    assert encoder.losses == []
