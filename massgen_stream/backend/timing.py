"""How fast a stream was, as its reader saw it."""

from __future__ import annotations

import msgspec


class StreamTiming(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of one stream, in seconds from its first read; None where it has not come to that.

    Attributes:
        time_to_first_chunk: Until the vendor's first chunk.
        time_to_first_text: Until the first piece of visible text.
        chunks_per_second: The vendor's chunks after its first, over the time between the first and the latest.
        total: Until `done`, or until the latest chunk of a stream that has not ended.
        chunks: How many chunks the vendor has sent.
    """

    time_to_first_chunk: float | None = None
    time_to_first_text: float | None = None
    chunks_per_second: float | None = None
    total: float | None = None
    chunks: int = 0


class Stopwatch:
    """Takes the times; the generator of a stream writes, its `ChunkStream` reads."""

    __slots__ = ("chunks", "first", "latest", "started", "text")

    def __init__(self) -> None:
        self.started: float | None = None
        self.first: float | None = None
        self.text: float | None = None
        self.latest: float | None = None
        self.chunks = 0

    def timing(self) -> StreamTiming:
        """Return the figures so far."""
        spread = self.latest - self.first if self.latest is not None and self.first is not None else 0.0
        return StreamTiming(
            time_to_first_chunk=self._since_start(self.first),
            time_to_first_text=self._since_start(self.text),
            chunks_per_second=(self.chunks - 1) / spread if spread > 0 and self.chunks > 1 else None,
            total=self._since_start(self.latest),
            chunks=self.chunks,
        )

    def _since_start(self, moment: float | None) -> float | None:
        return None if moment is None or self.started is None else moment - self.started
