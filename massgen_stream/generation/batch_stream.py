"""Requests that are made side by side, as one stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from typing import Final, NamedTuple

from msgspec.structs import replace

from ..backend.instruments import Instruments
from ..backend.limits import StreamLimits
from ..backend.merging import merged
from ..backend.requirements import require
from ..backend.run import Job
from ..backend.stream import ChunkStream
from ..backend.turn import Turn
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.narrow import done, turn_done
from ..stream_chunk.text import TextStreamChunk
from .batch import Part
from .clients import MediaClients
from .production import Production
from .streaming import stream_of

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_WHOLE: Final = "stop"
_CANCELLED: Final = "cancelled"


class Batch(NamedTuple):
    """Requests that are made side by side.

    Attributes:
        parts: The requests.
        limits: Times and retries of each of them.
        instruments: Time, chance and ids.
        concurrency: How many are under way at a time.
    """

    parts: Sequence[Part]
    limits: StreamLimits
    instruments: Instruments
    concurrency: int

    def source(self, number: int) -> str:
        """Return the source of a part; they are numbered from 1."""
        return str(number) if self.limits.source is None else f"{self.limits.source}/{number}"

    def prompts(self) -> dict[str, str]:
        """Return what each source is asked for, in order."""
        return {self.source(number): part.order.config.prompt for number, part in enumerate(self.parts, 1)}


class Making:
    """A batch under way: what its generator and its `BatchStream` share.

    Laws:
        1. Each part is a source; one that has told anything ends in a `turn_done` of its own, however the batch ends.
        2. After `cancel` the parts under way end in order, with what they have and have used; no other begins.

    Args:
        batch: What is made.
    """

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._running: dict[str, ChunkStream] = {}
        self._begun: dict[str, None] = {}
        self._reasons: list[str] = []
        self._is_cancelled = False

    async def attempt(self, turn: Turn) -> _Chunks:
        """Yield what comes of all parts, and one end: ``stop`` if anything came and nobody cancelled it."""
        turn.use(self)
        async with (
            MediaClients() as clients,
            aclosing(merged(self._sources(turn.id_prefix, clients), most=self._batch.concurrency)) as items,
        ):
            async for _, chunk in items:
                yield self._told(chunk)
        yield done(self._reason())

    def cancel(self) -> None:
        """End the parts in order; what has come of them can still be read."""
        self._is_cancelled = True
        for stream in self._running.values():
            stream.cancel()

    def close(self) -> list[BaseStreamChunk]:
        """Return the ends of the parts that were cut off: the whole stream ran out of time, or was closed."""
        return [replace(turn_done(_CANCELLED), source=source) for source in self._begun]

    def _told(self, chunk: BaseStreamChunk) -> BaseStreamChunk:
        source = chunk.source or ""
        if chunk.type is not ChunkType.DONE or not isinstance(chunk, TextStreamChunk):
            self._begun[source] = None
            return chunk
        self._reasons.append(chunk.finish_reason or "other")
        self._begun.pop(source, None)
        return replace(chunk, type=ChunkType.TURN_DONE)

    def _reason(self) -> str:
        missing = len(self._reasons) < len(self._batch.parts)
        if self._is_cancelled and (missing or _CANCELLED in self._reasons):
            return _CANCELLED
        return _WHOLE if _WHOLE in self._reasons else self._reasons[0]

    def _sources(self, prefix: str, clients: MediaClients) -> list[Callable[[], _Chunks]]:
        """Return what begins each part; parts of one vendor share a client."""
        parts = [part.within(clients) for part in self._batch.parts]
        return [partial(self._chunks, number, part, prefix) for number, part in enumerate(parts, 1)]

    async def _chunks(self, number: int, part: Part, prefix: str) -> _Chunks:
        """Yield the stream of one part; a name of its own keeps its ids apart."""
        if self._is_cancelled:
            return
        limits, source = self._batch.limits, self._batch.source(number)
        instruments = self._batch.instruments._replace(new_id=lambda: f"{number}-{prefix.rstrip('-')}")
        stream = stream_of(*part, (), replace(limits, source=source), instruments)
        self._running[source] = stream
        try:
            async with stream:
                async for chunk in stream:
                    yield chunk
        finally:
            del self._running[source]


class BatchStream(ChunkStream):
    """A batch as one stream; `cancel` ends each part that is under way, in order.

    Attributes:
        prompts: What each source is asked for, in the order of the prompts; chunks come in the order of their making.
    """

    __slots__ = ("_making", "prompts")

    def __init__(self, making: Making, job: Job, prompts: Mapping[str, str]) -> None:
        super().__init__(job)
        self._making, self.prompts = making, prompts

    def cancel(self) -> None:
        """End the batch in order: what has arrived, an end of each part and ``done("cancelled")`` still come."""
        self._making.cancel()


def batch_stream(batch: Batch, notes: Sequence[BaseStreamChunk]) -> BatchStream:
    """Return the stream in which all parts of *batch* are made; it is not tried again as a whole.

    Raises:
        MissingExtra: What a part needs is not installed.
    """
    generator, order = batch.parts[0]
    for part in batch.parts:
        require(part.generator.libraries, part.generator.name)
    origin = Production(generator(), order).origin()
    limits = replace(batch.limits, max_retries=0, first_chunk_timeout=None)
    making = Making(batch)
    job = Job(making.attempt, batch, notes, origin, limits, batch.instruments, None)
    return BatchStream(making, job, batch.prompts())
