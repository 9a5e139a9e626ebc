"""Readers that leave a stream."""

from __future__ import annotations

import asyncio
from typing import Any


async def left(stream: Any, how: str, at: str) -> list[Any]:
    """Read *stream* until a chunk of the type *at* comes, and leave it: ``cancel``, ``break``, or end the ``task``.

    Returns the chunks that came.
    """
    seen, chunks = asyncio.Event(), []

    async def reader() -> None:
        async with stream:
            async for chunk in stream:
                chunks.append(chunk)
                if chunk.type == at:
                    seen.set()
                    if how == "break":
                        break

    task = asyncio.create_task(reader())
    await asyncio.wait_for(seen.wait(), 5)
    if how == "cancel":
        stream.cancel()
    elif how == "task":
        task.cancel()
    await asyncio.wait([task])
    return chunks
