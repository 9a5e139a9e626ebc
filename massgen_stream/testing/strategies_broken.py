"""Strategies of streams that break one rule: `broken_streams` mutates a grammatical stream, rule by rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.grammar import GRAMMAR
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from ..stream_chunk.text import TextStreamChunk
from . import strategies_values as values
from .faulty_turns import FAULTY_TURNS
from .strategies_blocks import Block, chunk
from .strategies_streams import changed, of_source, stamped, turn_sequences
from .strategies_turns import fresh_names

_T = ChunkType


@st.composite
def broken_streams(draw: DrawFn, rules: tuple[str, ...] = tuple(GRAMMAR)) -> tuple[list[BaseStreamChunk], str]:
    """Streams that break one of *rules*, and nothing else, once or more; each with the name of the rule.

    Args:
        draw: Given by hypothesis.
        rules: Names of `GRAMMAR`.
    """
    rule = draw(st.sampled_from(rules))
    source = draw(st.sampled_from((None, "agent-1")))
    before = draw(turn_sequences(fresh_names(), source, fewest=0))
    turn = FAULTY_TURNS.get(rule, _untroubled)(draw)
    whole = draw(stamped(before + of_source(turn, source)))
    mutate = _MUTATIONS.get(rule)
    return (mutate(draw, whole) if mutate else whole), rule


def _untroubled(draw: DrawFn) -> Block:
    text = chunk(_T.CONTENT, content=draw(values.text(min_size=1)))
    return [chunk(_T.START, model="m"), text, chunk(_T.DONE, finish_reason="stop")]


# of types that may come anywhere, also before a `start`
_ILLEGAL: Final[tuple[BaseStreamChunk, ...]] = (
    TextStreamChunk(type="agent_status", status="no such status"),
    TextStreamChunk(type="backend_status", status="info", model="of another type"),
    TextStreamChunk(type="hook_execution"),
    TextStreamChunk(type="custom_tool_status", status="failed", detail=b"not text"),  # type: ignore[arg-type]
    TextStreamChunk(type="hook_execution", hook_info={}, choice_index=0),
    MultimodalStreamChunk(type="media_progress", progress_percentage=100.5),
    MultimodalStreamChunk(type="attachment", stage="uploading"),
)


def _inner(draw: DrawFn, whole: Block) -> int:
    """Return the position of some chunk that is not the first."""
    return draw(st.integers(1, len(whole) - 1))


def _with(whole: Block, position: int, **common: Any) -> Block:
    return [*whole[:position], changed(whole[position], **common), *whole[position + 1 :]]


def _illegal(draw: DrawFn, whole: Block) -> Block:
    position = draw(st.integers(0, len(whole) - 1))
    one = changed(draw(st.sampled_from(_ILLEGAL)), source=whole[position].source, stream_id=whole[0].stream_id)
    longer = [*whole[:position], one, *whole[position:]]
    time = whole[position].timestamp
    longer[position] = changed(one, timestamp=time)
    return [changed(one, sequence_number=number) for number, one in enumerate(longer)]


def _misnumbered(draw: DrawFn, whole: Block) -> Block:
    """A gap, a repetition, or no number at all."""
    position = _inner(draw, whole)
    if draw(st.booleans()):
        return _with(whole, position, sequence_number=None)
    gap = draw(st.sampled_from((-1, 1, 2**64)))
    return whole[:position] + [
        changed(one, sequence_number=number + gap) for number, one in enumerate(whole[position:], position)
    ]


def _mistimed(draw: DrawFn, whole: Block) -> Block:
    position = _inner(draw, whole)
    return _with(whole, position, timestamp=(whole[position - 1].timestamp or 0) - draw(st.sampled_from((0.001, 1e9))))


def _misnamed(draw: DrawFn, whole: Block) -> Block:
    return _with(whole, _inner(draw, whole), stream_id=draw(st.sampled_from((None, "another"))))


def _endless(draw: DrawFn, whole: Block) -> Block:  # noqa: ARG001 - one shape for all mutations
    return whole[:-1]


def _unending(draw: DrawFn, whole: Block) -> Block:
    after = draw(st.sampled_from((chunk(_T.DONE, finish_reason="stop"), chunk(_T.CONTENT, content="more"))))
    number = len(whole)
    last = whole[-1]
    return [*whole, changed(after, sequence_number=number, timestamp=last.timestamp, stream_id=last.stream_id)]


_MUTATIONS: Final[Mapping[str, Callable[[DrawFn, Block], Block]]] = {
    "chunk": _illegal,
    "sequence": _misnumbered,
    "timestamp": _mistimed,
    "stream_id": _misnamed,
    "done": _endless,
    "after_done": _unending,
}
