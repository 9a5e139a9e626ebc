"""The stream of one order."""

from __future__ import annotations

from collections.abc import Sequence

from ..backend.instruments import Instruments
from ..backend.limits import StreamLimits
from ..backend.requirements import require
from ..backend.run import Job
from ..backend.stream import ChunkStream
from ..stream_chunk.base import BaseStreamChunk
from .generator import Generator
from .order import Order
from .production import Production


def stream_of(
    generator: type[Generator],
    order: Order,
    notes: Sequence[BaseStreamChunk],
    limits: StreamLimits,
    instruments: Instruments,
) -> ChunkStream:
    """Return the stream in which *generator* makes an order.

    Raises:
        MissingExtra: What it needs is not installed.
    """
    require(generator.libraries, generator.name)
    production = Production(generator(), order)
    return ChunkStream(Job(production.attempt, order, notes, production.origin(), limits, instruments, None))
