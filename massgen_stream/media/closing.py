"""Streams that are closed by whoever reads them to the end, or not."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TypeVar

Item = TypeVar("Item")


async def closed(stream: AsyncIterable[Item] | Iterable[Item]) -> AsyncGenerator[Item, None]:
    """Yield the items of *stream*, and close it, where it can be closed, when this generator is."""
    if not isinstance(stream, AsyncIterable):
        for item in stream:
            yield item
        return
    async with closing(stream):
        async for item in stream:
            yield item


@asynccontextmanager
async def closing(stream: object) -> AsyncIterator[None]:
    """Close *stream* behind the block, where it can be closed."""
    try:
        yield
    finally:
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()
