"""What a reader holds of a stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Coroutine, Generator
from types import AsyncGeneratorType, TracebackType
from typing import Any, Self, cast

from ..outlasting import ended
from ..stream_chunk.base import BaseStreamChunk
from .cost import Cost, cost_of
from .run import Job, Run
from .timing import StreamTiming


class ChunkStream(AsyncGenerator[BaseStreamChunk, None]):
    """A stream of chunks; it ends in exactly one `done`.

    Nothing is sent before the first read. Read it with ``async for``; leaving the loop early closes the request at the
    next turn of the event loop, ``async with`` and `aclose` do it at once, and `cancel` ends the stream in order::

        async with backend.stream_with_tools(messages, tools) as stream:
            async for chunk in stream: ...

    It may be awaited, once, for itself.

    Attributes:
        stream_id: On every chunk.
    """

    __slots__ = ("_chunks", "_run", "stream_id")

    def __init__(self, job: Job) -> None:
        self._run = Run(job)
        self._chunks = cast("AsyncGeneratorType[BaseStreamChunk, None]", self._run.chunks())
        self.stream_id = self._run.gate.stream_id

    def __aiter__(self) -> Self:
        return self

    def __anext__(self) -> Coroutine[Any, Any, BaseStreamChunk]:
        return self._chunks.__anext__()

    def asend(self, value: None) -> Coroutine[Any, Any, BaseStreamChunk]:
        """Return the next chunk, as the protocol of generators has it."""
        return self._chunks.asend(value)

    def athrow(
        self, typ: Any, val: Any = None, tb: TracebackType | None = None
    ) -> Coroutine[Any, Any, BaseStreamChunk]:
        """Raise an exception where the stream stands; it is closed and the exception comes back."""
        if val is None and tb is None:
            return self._chunks.athrow(typ)
        return self._chunks.athrow(typ, val, tb)

    async def aclose(self) -> None:
        """End the request at once; no chunk follows. Another task may be reading: it is stopped first."""
        if self._chunks.ag_running:
            self._run.patience.cancel()
            await ended(self._run.patience.released())
        await self._chunks.aclose()

    def cancel(self) -> None:
        """End the stream in order: what has arrived and ``done("cancelled")``, with usage, still come.

        Call it from any task or callback of the loop. It does nothing once the stream has ended.
        """
        self._run.patience.cancel()

    @property
    def timing(self) -> StreamTiming:
        """How fast the stream is, or was."""
        return self._run.watch.timing()

    async def cost(self) -> Cost | None:
        """Return what the stream has cost so far: the vendor's own figure, else its list price.

        None while no usage is known, and where the vendor does not say and has no known price. A stream that was cut
        has the cost of its estimated usage, and says so.

        Raises:
            MissingExtra: Prices are needed, and the extra ``cost`` is not installed.
        """
        priced = self._run.priced()
        return await cost_of(priced) if priced is not None else None

    def __await__(self) -> Generator[Any, None, Self]:
        yield from ()
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"ChunkStream(stream_id={self.stream_id!r})"
