"""Whatever a decoder makes, what leaves the gate keeps the whole grammar."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from msgspec.structs import replace

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.gate import Gate
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.verifier import StreamVerifier
from massgen_stream.testing.strategies import streams
from massgen_stream.testing.strategies_streams import turn_sequences
from massgen_stream.testing.strategies_turns import fresh_names, turns

TIMES = st.lists(st.floats(0, 4e9), min_size=1, max_size=6)
FINALS = st.sets(st.sampled_from(("complete_message", "reasoning_done", "media", "usage")))


def gated(gate: Gate, stream: list[BaseStreamChunk], times: list[float]) -> list[BaseStreamChunk]:
    return [passed for number, chunk in enumerate(stream) for passed in gate.feed(chunk, times[number % len(times)])]


def without(stream: list[BaseStreamChunk], finals: set[str]) -> list[BaseStreamChunk]:
    """Take away finals that the gate can build: of `media` those of segments, of `usage` that of the end."""
    kept = [one for one in stream if one.type not in finals or one.type in ("media", "usage")]
    if "media" in finals:
        kept = [one for one in kept if not _is_final_of_segments(one, kept)]
    if "usage" in finals and isinstance(kept[-1], TextStreamChunk):
        kept[-1] = replace(kept[-1], usage=None, usage_source=None)
    return kept


def _is_final_of_segments(one: BaseStreamChunk, stream: list[BaseStreamChunk]) -> bool:
    if not isinstance(one, MultimodalStreamChunk) or one.type is not ChunkType.MEDIA or one.is_partial:
        return False
    segments = [other for other in stream if getattr(other, "partial_kind", None) == "segment"]
    return any(other.media_id == one.media_id for other in segments if isinstance(other, MultimodalStreamChunk))


@given(streams(numbered=False), TIMES, FINALS)
def test_the_stream_of_a_decoder_keeps_the_grammar_behind_the_gate(
    stream: list[BaseStreamChunk], times: list[float], finals: set[str]
) -> None:
    verifier = StreamVerifier(raising=True)
    for chunk in gated(Gate(stream_id="s", source="a"), without(stream, finals), times):
        verifier.feed(chunk)
    verifier.close()


@st.composite
def several_turns(draw: DrawFn) -> list[BaseStreamChunk]:
    names = fresh_names()
    return draw(turn_sequences(names, None)) + draw(turns(names, end=ChunkType.DONE))


@given(several_turns(), TIMES, FINALS)
def test_so_do_several_turns(stream: list[BaseStreamChunk], times: list[float], finals: set[str]) -> None:
    verifier = StreamVerifier(raising=True)
    for chunk in gated(Gate(stream_id="s"), without(stream, finals), times):
        verifier.feed(chunk)
    verifier.close()


@given(streams(numbered=False), st.integers(0, 30), st.sampled_from(("error", "incomplete", "cancelled")))
def test_so_does_a_stream_that_was_cut(stream: list[BaseStreamChunk], place: int, reason: str) -> None:
    gate = Gate(stream_id="s")
    error = None if reason == "cancelled" else TextStreamChunk(type="error", error="cut")
    passed = gated(gate, stream[:-1][:place], [1.0]) + gate.end(reason, 2.0, error=error)
    verifier = StreamVerifier(raising=True)
    for chunk in passed:
        verifier.feed(chunk)
    verifier.close()
    assert gate.ended


@given(streams(numbered=False))
def test_nothing_passes_after_done(stream: list[BaseStreamChunk]) -> None:
    gate = Gate(stream_id="s")
    gated(gate, stream, [1.0])
    assert gated(gate, stream, [2.0]) == []
