"""Strategies of whole streams that keep the grammar by construction."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, cycle, islice
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from msgspec.structs import replace

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.unknown import UnknownChunk
from .strategies_blocks import Block, chunk
from .strategies_turns import fresh_names, interleaved, turns

_SOURCES: Final = (None, "agent-1", "backend")
_MERGED: Final = ("agent-1", "agent-2")


@st.composite
def streams(draw: DrawFn, *, numbered: bool = True) -> list[BaseStreamChunk]:
    """Streams that keep every rule of `GRAMMAR`.

    They have one or more turns of one source, or of two merged ones; several choices; reasoning, calls, media in
    segments and previews, citations, statuses, usage, errors of tools; ends of every kind; and attempts that failed.

    Args:
        draw: Given by hypothesis.
        numbered: False for streams as decoders make them: one turn, without number, time, id or source.
    """
    names = fresh_names()
    if not numbered:
        return draw(turns(names, end=ChunkType.DONE))
    if draw(st.sampled_from((False, False, True))):
        merged = interleaved(draw, [draw(turn_sequences(names, source)) for source in _MERGED])
        return draw(stamped([*merged, chunk(ChunkType.DONE, finish_reason="stop", usage_source="none")]))
    source = draw(st.sampled_from(_SOURCES))
    before = draw(turn_sequences(names, source, fewest=0))
    last = of_source(draw(turns(names, end=ChunkType.DONE)), source)
    return draw(stamped(before + last))


@st.composite
def turn_sequences(draw: DrawFn, names: Iterator[str], source: str | None, *, fewest: int = 1) -> Block:
    """A few turns of one source, each with its `turn_done`."""
    number = draw(st.integers(fewest, 2))
    return [one for _ in range(number) for one in of_source(draw(turns(names)), source)]


def of_source(block: Block, source: str | None) -> Block:
    """Return the chunks with that source."""
    return [changed(one, source=source) for one in block] if source is not None else block


def changed(one: BaseStreamChunk, **common: Any) -> BaseStreamChunk:
    """Return a chunk with other common fields."""
    if isinstance(one, UnknownChunk):  # its document holds them too
        return UnknownChunk.from_unknown({**one.raw, "type": one.type, **common})
    return replace(one, **common)


@st.composite
def stamped(draw: DrawFn, block: Block) -> Block:
    """Number the chunks from 0, and give them time and stream id, as the gate does."""
    stream_id = draw(st.text("abc123", min_size=1, max_size=4))
    steps = draw(st.lists(st.sampled_from((0.0, 0.001, 0.25, 60.0)), min_size=1, max_size=4))
    times = accumulate(islice(cycle(steps), len(block)), initial=draw(st.floats(1e9, 4e9)))
    return [
        changed(one, sequence_number=number, timestamp=time, stream_id=stream_id)
        for number, (one, time) in enumerate(zip(block, times, strict=False))
    ]
