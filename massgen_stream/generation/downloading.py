"""Media that a vendor only refers to: fetched at once, since such addresses soon end."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Final
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from ..errors import GoneMedia, UnreachableMedia
from ..media.fetching import fetch
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType, MediaEncoding
from ..stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk

SEGMENT_BYTES: Final = 128 * 1024
"""Small enough that the first one is there soon, large enough that a film is not a million chunks."""
_GONE: Final = (404, 410)
_WHY: Final = "the medium was made, and is not there any more, since it has expired or was deleted; make it again"
_FROM_VENDOR: Final = ("continuation_id", "text_content", "provider", "model", "provider_data")


def is_remote(chunk: BaseStreamChunk) -> bool:
    """Return whether *chunk* is a final that only says where its medium is."""
    return (
        isinstance(chunk, MultimodalStreamChunk)
        and chunk.type is ChunkType.MEDIA
        and not chunk.is_partial
        and chunk.media_encoding is MediaEncoding.URL
        and isinstance(chunk.media_data, str)
        and chunk.media_data.lower().startswith(("http://", "https://"))
    )


async def downloaded(
    final: MultimodalStreamChunk, base_url: str | None, headers: Mapping[str, str] | None = None
) -> AsyncGenerator[BaseStreamChunk, None]:
    """Yield the medium that *final* refers to: progress, segments, and the final with what the vendor said of it.

    Args:
        final: See `is_remote`.
        base_url: Address of the host; media on the same host are fetched even if it is no public one.
        headers: Of the request, for media that are not everybody's.

    Raises:
        GoneMedia: It is not there any more.
        MediaError: It cannot be had.
        TransportError: Nobody answered, or the connection broke too often.
    """
    host = urlsplit(base_url).hostname if base_url else None
    chunks = fetch(
        str(final.media_data),
        media_id=final.media_id,
        media_type=final.media_type,
        chunk_size=SEGMENT_BYTES,
        allow_private=(host,) if host else (),
        headers=headers or {},
    )
    async with aclosing(chunks):
        while (chunk := await _next(chunks)) is not None:
            is_final = chunk.type is ChunkType.MEDIA and not chunk.is_partial
            yield _described(chunk, final) if is_final else chunk


async def _next(chunks: AsyncGenerator[MultimodalStreamChunk, None]) -> MultimodalStreamChunk | None:
    try:
        return await anext(chunks, None)
    except UnreachableMedia as problem:
        if problem.status not in _GONE:
            raise
        raise GoneMedia(f"{problem.problem.partition(';')[0]}: {_WHY}", status=problem.status) from None


def _described(came: MultimodalStreamChunk, said: MultimodalStreamChunk) -> MultimodalStreamChunk:
    told = {name: value for name in _FROM_VENDOR if (value := getattr(said, name)) is not None}
    return replace(came, **told, media_metadata=_merged(came.media_metadata, said.media_metadata))


def _merged(came: MediaMetadata | None, said: MediaMetadata | None) -> MediaMetadata | None:
    if came is None or said is None:
        return came or said
    absent = {
        name: value for name, value in msgspec.structs.asdict(said).items() if value and not getattr(came, name, None)
    }
    return replace(came, **absent)
