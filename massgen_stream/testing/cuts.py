"""Bytes cut into pieces, as networks do, and a decoder run over them.

Every function here returns pieces that join to the bytes they were cut from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Protocol, TypeGuard, TypeVar

from msgspec.structs import replace

from ..errors import MissingExtra
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.multimodal import MultimodalStreamChunk

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_T = TypeVar("_T")


class Feedable(Protocol[_T]):
    """Anything that takes bytes in pieces: protocol decoders, `SSEDecoder`, readers of JSON Lines."""

    def feed(self, data: bytes, /) -> list[_T]:
        """Return what *data* completes."""
        ...

    def close(self) -> list[_T]:
        """Return what the end of input completes."""
        ...


def decode(decoder: Feedable[_T], pieces: Iterable[bytes]) -> list[_T]:
    """Return everything that *decoder* makes of *pieces*, the end of input included."""
    return [item for piece in pieces for item in decoder.feed(piece)] + decoder.close()


def whole(data: bytes) -> list[bytes]:
    """Do not cut."""
    return [data]


def byte_by_byte(data: bytes) -> list[bytes]:
    """Cut after every byte."""
    return strides(data, 1)


def strides(data: bytes, size: int) -> list[bytes]:
    """Cut into pieces of *size* bytes; the last one may be shorter."""
    return [data[start : start + size] for start in range(0, len(data), size)]


def cut_at(data: bytes, positions: Iterable[int]) -> list[bytes]:
    """Cut at *positions*, in any order; two equal ones give an empty piece, those out of range are ignored."""
    inside = sorted(position for position in positions if 0 <= position <= len(data))
    return [data[start:end] for start, end in pairwise([0, *inside, len(data)])]


def cut_sizes(data: bytes, sizes: Iterable[int]) -> list[bytes]:
    """Cut into pieces of the given *sizes*, as `Recording.reads` has them; what is left over is one more piece."""
    return cut_at(data, _running_totals(sizes))


def random_cuts(data: bytes, seed: int, count: int | None = None) -> list[bytes]:
    """Cut at *count* random positions, the same ones for the same *seed*; without *count* at 1 to 100."""
    chance = Random(seed)  # noqa: S311 - tests want the same cuts again, not secret ones
    count = chance.randint(1, 100) if count is None else count
    return cut_at(data, (chance.randint(0, len(data)) for _ in range(count)))


def cuts(data: bytes, *, max_cuts: int = 30) -> SearchStrategy[list[bytes]]:
    """Return a hypothesis strategy of ways to cut *data*, empty pieces included; it shrinks to the whole.

    Raises:
        MissingExtra: hypothesis is not installed.
    """
    try:
        from hypothesis import strategies as st  # noqa: PLC0415 - the other functions do without it
    except ImportError:
        raise MissingExtra("massgen_stream.testing.cuts.cuts", "testing") from None

    def cut(positions: Sequence[int]) -> list[bytes]:
        return cut_at(data, positions)

    return st.lists(st.integers(0, len(data)), max_size=max_cuts).map(cut)


def joined(chunks: Iterable[BaseStreamChunk]) -> list[BaseStreamChunk]:
    """Return *chunks* with adjacent segments of one medium joined: what the cut of a raw body cannot change."""
    out: list[BaseStreamChunk] = []
    for chunk in chunks:
        last = out[-1] if out else None
        if _is_segment(last) and _is_segment(chunk) and last.media_id == chunk.media_id:
            out[-1] = replace(last, media_data=last.media_data + chunk.media_data)
        else:
            out.append(chunk)
    return out


def _is_segment(chunk: object) -> TypeGuard[MultimodalStreamChunk]:
    if not isinstance(chunk, MultimodalStreamChunk) or not chunk.is_partial:
        return False
    return chunk.partial_kind == "segment" and isinstance(chunk.media_data, bytes)


def _running_totals(sizes: Iterable[int]) -> Iterator[int]:
    total = 0
    for size in sizes:
        total += size
        yield total
