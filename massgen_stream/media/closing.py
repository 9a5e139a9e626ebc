"""Streams that are closed by whoever reads them to the end, or not."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


async def closed(stream: AsyncIterable[Item] | Iterable[Item]) -> AsyncGenerator[Item, None]:
    """Yield the items of *stream*, and close it, where it can be closed, when this generator is."""
    if not isinstance(stream, AsyncIterable):
        for item in stream:
            yield item
        return
    try:
        async for item in stream:
            yield item
    finally:
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()
