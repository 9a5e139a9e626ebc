"""What the authors of generators get for nothing."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, ClassVar

import pytest

from massgen_stream.backend import Turn
from massgen_stream.backend.account import Account
from massgen_stream.backend.limits import StreamLimits
from massgen_stream.errors import ProviderError
from massgen_stream.generation import GenerationConfig, Generator, Order
from massgen_stream.generation.streaming import stream_of
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.stream_chunk.narrow import start

from .fakes import host, instruments, plain, whole
from .reading import details, finals, read

pytestmark = pytest.mark.anyio
BUSY = ProviderError("busy", kind="server", status=503, retryable=True)


class Losing(Generator):
    """Loses something in every attempt, and fails where its script says."""

    name = title = "fake"
    host = host("fake", key=False)
    offers: ClassVar = {MediaType.IMAGE: plain()}
    script: ClassVar[list[list[Any]]] = []

    async def generate(self, order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        async for chunk in self.with_losses(order, self._attempt(turn.number), ["a is left out", "b is left out"]):
            yield chunk

    async def _attempt(self, number: int) -> AsyncGenerator[BaseStreamChunk, None]:
        for step in self.script[number - 1]:
            if isinstance(step, Exception):
                raise step
            yield step


async def chunks_of(*script: list[Any]) -> list[Any]:
    made = type("Made", (Losing,), {"script": list(script)})
    config = GenerationConfig(prompt="a", media_type=MediaType.IMAGE)
    order = Order(config, "fake-1", Account(None, None), instruments().sleep)
    return await read(stream_of(made, order, (), StreamLimits(), instruments()))


@pytest.mark.parametrize(
    "script",
    [
        [[start(), whole()]],
        [[start(), BUSY], [start(), whole()]],
        [[BUSY], [start(), BUSY], [start(), whole()]],
    ],
)
async def test_losses_are_told_once(script: list[list[Any]]) -> None:
    chunks = await chunks_of(*script)
    assert details(chunks, "loss") == ["fake: a is left out", "fake: b is left out"]
    assert len(finals(chunks)) == 1
    assert len(details(chunks, "retry")) == len(script) - 1
