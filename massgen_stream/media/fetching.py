"""A download as a stream of chunks."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from secrets import token_hex
from typing import Any

from ..stream_chunk.kinds import ChunkType, MediaType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from .fetch_options import FetchOptions
from .source import CHUNK_BYTES, MediaSource
from .splitting import split
from .url_origin import UrlOrigin


async def fetch(
    url: str,
    *,
    media_id: str | None = None,
    media_type: MediaType | str | None = None,
    chunk_size: int = CHUNK_BYTES,
    **options: Any,
) -> AsyncGenerator[MultimodalStreamChunk, None]:
    """Yield a medium behind a URL as its segments and final, with `media_progress` before each segment.

    ``await join(fetch(url), path)`` downloads into a file.

    Args:
        url: An http or https URL.
        media_id: Id of the medium; a random one unless given.
        media_type: Its kind; by its MIME type unless given.
        chunk_size: Bytes of each segment but the last.
        options: Fields of `FetchOptions`.

    Raises:
        MediaError: It cannot be had, as `UrlOrigin.pieces` tells.
        TransportError: Nobody answered, or the connection broke too often.
    """
    origin = UrlOrigin(url, FetchOptions(**options))
    name = media_id or f"media_{token_hex(8)}"
    yield _progress(name, 0, None)
    chunks = split(MediaSource(origin), chunk_size=chunk_size, media_id=name, media_type=media_type)
    came = 0
    async with aclosing(chunks):
        async for chunk in chunks:
            if chunk.is_partial:
                came += len(chunk.media_data)
                yield _progress(name, came, origin.size_bytes)
            yield chunk


def _progress(media_id: str, came: int, total: int | None) -> MultimodalStreamChunk:
    return MultimodalStreamChunk(
        type=ChunkType.MEDIA_PROGRESS,
        media_id=media_id,
        stage="downloading",
        bytes_transferred=came,
        total_bytes=total,
        progress_percentage=min(100.0, 100.0 * came / total) if total else None,
    )
