"""Several requests as one stream: several prompts, or more media than one request brings."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
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
from ..stream_chunk.narrow import done
from ..stream_chunk.text import TextStreamChunk
from .config import GenerationConfig
from .generator import Generator
from .order import Order
from .production import Production
from .streaming import stream_of

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_WHOLE: Final = "stop"


class Part(NamedTuple):
    """One request of several.

    Attributes:
        generator: Who makes it.
        order: What is made.
    """

    generator: type[Generator]
    order: Order


def parts_of(generator: type[Generator], order: Order, most: int) -> Iterator[Part]:
    """Yield the requests that an order takes, of at most so many media each."""
    for earlier in range(0, order.config.n, most):
        config = _part(order.config, min(most, order.config.n - earlier), earlier)
        yield Part(generator, order._replace(config=config))


def _part(config: GenerationConfig, n: int, earlier: int) -> GenerationConfig:
    """Return the request for some of the media; a seed goes on, since the same one would make the same again."""
    seed = None if config.seed is None else config.seed + earlier
    return config if n == config.n else replace(config, n=n, seed=seed)


def numbered(parts: Sequence[Part]) -> list[Part]:
    """Return *parts* so that files of one name are numbered through all of them; no two get the same."""
    before, found = 0, []
    taken: set[int] = set()
    for part in parts:
        found.append(part._replace(order=part.order._replace(before=before, taken=taken)))
        before += part.order.config.n
    return found


class Batch(NamedTuple):
    """Requests that are made side by side.

    Each is a source of the stream, and ends with a `turn_done` of its own, unless the whole stream is cancelled.

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

    async def attempt(self, turn: Turn) -> _Chunks:
        """Yield what comes of all of them, and one end: ``stop`` if anything came."""
        sources = [partial(self._chunks, number, part, turn.id_prefix) for number, part in enumerate(self.parts, 1)]
        reasons: list[str] = []
        async with aclosing(merged(sources, most=self.concurrency)) as items:
            async for _, chunk in items:
                if chunk.type is ChunkType.DONE and isinstance(chunk, TextStreamChunk):
                    reasons.append(chunk.finish_reason or "other")
                    yield replace(chunk, type=ChunkType.TURN_DONE)
                else:
                    yield chunk
        yield done(_WHOLE if _WHOLE in reasons else reasons[0])

    async def _chunks(self, number: int, part: Part, prefix: str) -> _Chunks:
        """Yield the stream of one part; a name of its own keeps its ids apart."""
        source = str(number) if self.limits.source is None else f"{self.limits.source}/{number}"
        instruments = self.instruments._replace(new_id=lambda: f"{number}-{prefix.rstrip('-')}")
        stream = stream_of(*part, (), replace(self.limits, source=source), instruments)
        async with stream:
            async for chunk in stream:
                yield chunk


def batch_stream(batch: Batch, notes: Sequence[BaseStreamChunk]) -> ChunkStream:
    """Return the stream in which all parts of *batch* are made; it is not tried again as a whole.

    Raises:
        MissingExtra: What a part needs is not installed.
    """
    generator, order = batch.parts[0]
    for part in batch.parts:
        require(part.generator.libraries, part.generator.name)
    origin = Production(generator(), order).origin()
    limits = replace(batch.limits, max_retries=0, first_chunk_timeout=None)
    return ChunkStream(Job(batch.attempt, batch, notes, origin, limits, batch.instruments, None))
