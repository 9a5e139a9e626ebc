"""Pieces of one medium."""

from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.generation import Segments
from massgen_stream.stream_chunk.gate import Gate
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.stream_chunk.narrow import done
from massgen_stream.stream_chunk.verifier import StreamVerifier


@given(st.lists(st.binary(max_size=9), min_size=1))
def test_they_keep_the_grammar(pieces: list[bytes]) -> None:
    numbered, gate, verifier = (
        Segments("m", "audio", MediaMetadata(mime_type="audio/wav")),
        Gate(stream_id="s"),
        StreamVerifier(),
    )
    chunks = [numbered.next(piece) for piece in pieces]
    for chunk in [*chunks, done("stop")]:
        chunk.check()
        for out in gate.feed(chunk, 1.0):
            assert verifier.feed(out) == []
    assert verifier.close() == []
    assert (numbered.count, numbered.size) == (len(pieces), sum(map(len, pieces)))
    assert [chunk.media_metadata is not None for chunk in chunks] == [True] + [False] * (len(pieces) - 1)
