"""Reading streams in tests: every stream that is read to its end must pass the verifier."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Sequence
from typing import Any

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.verifier import StreamVerifier

HELLO = [{"role": "user", "content": "hello"}]


async def read(stream: AsyncIterable[BaseStreamChunk]) -> list[TextStreamChunk]:
    """Return the text chunks of a whole stream."""
    return verified([chunk async for chunk in stream])


def verified(chunks: Sequence[BaseStreamChunk]) -> list[TextStreamChunk]:
    verifier = StreamVerifier()
    for chunk in chunks:
        verifier.feed(chunk)
    verifier.close()
    assert not verifier.breaches, (verifier.breaches, chunks)
    return [chunk for chunk in chunks if isinstance(chunk, TextStreamChunk)]


def types(chunks: Sequence[BaseStreamChunk]) -> list[str]:
    return [str(chunk.type) for chunk in chunks]


def text(chunks: Sequence[TextStreamChunk]) -> str:
    return "".join(chunk.content or "" for chunk in chunks if chunk.type is ChunkType.CONTENT)


def of_type(chunks: Sequence[TextStreamChunk], kind: str) -> list[TextStreamChunk]:
    return [chunk for chunk in chunks if chunk.type == kind]


def error_info(chunks: Sequence[TextStreamChunk]) -> dict[str, Any]:
    """Return what is known of the only error of a stream."""
    (error,) = of_type(chunks, "error")
    assert error.error_info is not None
    return error.error_info


async def spin(turns: int = 10) -> None:
    """Let the loop turn a few times."""
    for _ in range(turns):
        await asyncio.sleep(0)


def tasks() -> set[asyncio.Task[Any]]:
    return asyncio.all_tasks() - {asyncio.current_task()}
