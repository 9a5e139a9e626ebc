"""Reading streams of media in tests: every stream that is read to its end must pass the verifier."""

from __future__ import annotations

from collections.abc import AsyncIterable, Sequence
from pathlib import Path
from typing import Any

from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.verifier import StreamVerifier


async def read(stream: AsyncIterable[BaseStreamChunk]) -> list[Any]:
    """Return all chunks of a whole stream."""
    chunks = [chunk async for chunk in stream]
    verifier = StreamVerifier()
    for chunk in chunks:
        chunk.check()
        verifier.feed(chunk)
    verifier.close()
    assert not verifier.breaches, (verifier.breaches, chunks)
    return chunks


def of_type(chunks: Sequence[Any], kind: str) -> list[Any]:
    return [chunk for chunk in chunks if chunk.type == kind]


def finals(chunks: Sequence[Any]) -> list[Any]:
    return [chunk for chunk in of_type(chunks, "media") if not chunk.is_partial]


def previews(chunks: Sequence[Any]) -> list[Any]:
    return [chunk for chunk in of_type(chunks, "media") if chunk.partial_kind == "preview"]


def details(chunks: Sequence[Any], status: str) -> list[str]:
    return [chunk.detail for chunk in of_type(chunks, "backend_status") if chunk.status == status]


def data(chunks: Sequence[Any], media_id: str | None = None) -> bytes:
    """Return the bytes of a medium, by default of the only one."""
    accumulator = Accumulator()
    for chunk in chunks:
        accumulator.feed(chunk)
    media = accumulator.media
    found = media[media_id] if media_id is not None else next(iter(media.values()))
    assert found.complete
    assert isinstance(found.data, bytes)
    return found.data


def stored(path: str | Path) -> bytes:
    return Path(path).read_bytes()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())
