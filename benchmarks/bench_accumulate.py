"""Accumulating: linear in text, tool arguments and media."""

from __future__ import annotations

from collections.abc import Sequence

from massgen_stream.stream_chunk import (
    Accumulator,
    BaseStreamChunk,
    ChunkType,
    MediaEncoding,
    MediaType,
    MultimodalStreamChunk,
    TextStreamChunk,
)

from .table import Report
from .timing import seconds

N = 50_000
PIECE = b"0123456789abcdef" * 16


def _text(n: int) -> list[BaseStreamChunk]:
    return [TextStreamChunk(type=ChunkType.CONTENT, content=f"word{i} ", sequence_number=i) for i in range(n)]


def _arguments(n: int) -> list[BaseStreamChunk]:
    kind = ChunkType.TOOL_CALL_DELTA
    return [TextStreamChunk(type=kind, tool_call_id="call_1", tool_name="f", arguments_delta='"x",') for _ in range(n)]


def _segments(n: int) -> list[BaseStreamChunk]:
    return [
        MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id="m",
            media_type=MediaType.AUDIO,
            media_encoding=MediaEncoding.BINARY,
            media_data=PIECE,
            is_partial=True,
            partial_kind="segment",
            chunk_index=i,
            byte_offset=i * len(PIECE),
        )
        for i in range(n)
    ]


def _accumulate(chunks: Sequence[BaseStreamChunk]) -> object:
    accumulator = Accumulator()
    for chunk in chunks:
        accumulator.feed(chunk)
    return accumulator.text, accumulator.tool_calls, [item.data for item in accumulator.media.values()]


def run() -> Report:
    report = Report("accumulate", f"Feeding n deltas and reading the whole; n = {N:,} and {2 * N:,}.")
    for name, make in (("text", _text), ("tool arguments", _arguments), ("media segments", _segments)):
        once, twice = make(N), make(2 * N)
        first, second = seconds(lambda: _accumulate(once)), seconds(lambda: _accumulate(twice))  # noqa: B023
        if name == "text":
            report.add("text, per delta", first / N * 1e6, "µs", 0.6)
        else:
            report.add(f"{name}, per delta", first / N * 1e6, "µs")
        report.add(f"{name}, time(2n) / time(n)", second / first, "×", 2.3)
    return report
