"""A backend without a network, whose attempts are scripts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from massgen_stream.backend import Instruments, LLMBackend, Turn
from massgen_stream.provider import ProviderSpec
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import content, done, start

SPEC = ProviderSpec(name="fake", title="Fake", protocol="openai.chat", default_model="fake-1", key_required=False)
Script = Callable[[Turn], AsyncGenerator[BaseStreamChunk, None]]


class ScriptedBackend(LLMBackend):
    """Follows *scripts* in order, the last one for all further attempts."""

    def __init__(self, *scripts: Script, provider: ProviderSpec = SPEC, **options: Any) -> None:
        super().__init__(provider, **options)
        self.scripts = scripts
        self.turns: list[Turn] = []
        self.open = 0

    async def stream_attempt(self, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        self.turns.append(turn)
        script = self.scripts[min(len(self.turns), len(self.scripts)) - 1]
        chunks = script(turn)
        self.open += 1
        try:
            async for chunk in chunks:
                yield chunk
        finally:
            await chunks.aclose()
            self.open -= 1


class Sleeper:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    def instruments(self) -> Instruments:
        return Instruments(clock=lambda: self.now, sleep=self.sleep, jitter=lambda: 0.0, new_id=lambda: "s-1")


def saying(*texts: str, finish: str = "stop") -> Script:
    async def script(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        yield start(model="fake-1")
        for text in texts:
            yield content(text)
        yield done(finish)

    return script


def raising(error: Exception, *before: BaseStreamChunk) -> Script:
    async def script(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        for chunk in before:
            yield chunk
        raise error

    return script


def yielding(*chunks: BaseStreamChunk) -> Script:
    async def script(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        for chunk in chunks:
            yield chunk

    return script


def hanging(*before: BaseStreamChunk) -> Script:
    async def script(turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        for chunk in before:
            yield chunk
        await asyncio.Event().wait()

    return script


class Pieces:
    """A decoder that finds one chunk list per byte, and *rest* at the end."""

    def __init__(self, rest: Sequence[BaseStreamChunk]) -> None:
        self.rest = list(rest)

    def feed(self, data: bytes, /) -> list[BaseStreamChunk]:
        return [content(chr(byte)) for byte in data]

    def close(self) -> list[BaseStreamChunk]:
        rest, self.rest = self.rest, []
        return rest
