"""The rules that everything keeps which a decoder makes."""

from collections.abc import Sequence
from copy import copy

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.gate import Gate
from massgen_stream.stream_chunk.verifier import StreamVerifier


def is_legal(chunks: Sequence[BaseStreamChunk]) -> bool:
    """Assert that *chunks*, a whole stream of a decoder, keep all rules, as they are and behind a gate."""
    bare, gated, gate = StreamVerifier(numbered=False), StreamVerifier(), Gate(stream_id="s")
    for chunk in chunks:
        chunk.check()
        chunk.to_dict()
        assert (chunk.sequence_number, chunk.timestamp, chunk.stream_id, chunk.source) == (None, None, None, None)
        bare.feed(chunk)
        for passed in gate.feed(copy(chunk), 1.0):  # it writes into what it passes on
            gated.feed(passed)
    bare.close()
    gated.close()
    assert bare.breaches == gated.breaches == []
    assert [chunk.type for chunk in chunks].count("done") == 1
    assert chunks[-1].type == "done"
    return True
