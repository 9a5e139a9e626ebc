"""The calls of one turn: run side by side, told as they go, and answered in order."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from typing import Any

from ..backend.merging import merged
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from .call import Call


class CallsOfTurn:
    """All calls of a turn.

    Args:
        calls: In the order in which they are answered.
        most: How many run at a time.
    """

    def __init__(self, calls: Sequence[Call], *, most: int) -> None:
        self._calls, self._most = calls, most

    async def run(self) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield what the calls do, and each result once those before it are told."""
        results = _InOrder()
        async with aclosing(merged([call.run for call in self._calls], most=self._most)) as coming:
            async for number, chunk in coming:
                if chunk.type is not ChunkType.TOOL_RESULT or chunk.source is not None:
                    yield chunk
                    continue
                for result in results.take(number, chunk):
                    yield result
        for result in results.left():
            yield result

    def messages(self) -> list[dict[str, Any]]:
        """Return the answers, for the model."""
        return [call.message() for call in self._calls]

    def cancel(self) -> None:
        """End the calls that run; what has come of them can still be read."""
        for call in self._calls:
            call.cancel()


class _InOrder:
    """Keeps results back until those before them have come."""

    def __init__(self) -> None:
        self._next = 0
        self._kept: dict[int, BaseStreamChunk] = {}

    def take(self, number: int, result: BaseStreamChunk) -> Iterator[BaseStreamChunk]:
        self._kept[number] = result
        while self._next in self._kept:
            yield self._kept.pop(self._next)
            self._next += 1

    def left(self) -> list[BaseStreamChunk]:
        """Return those that others, which were cancelled, kept back."""
        return [result for _, result in sorted(self._kept.items())]
