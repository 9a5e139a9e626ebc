"""What happens between the first read of a stream and its first attempt: media are brought into the request."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Protocol

from ..stream_chunk.base import BaseStreamChunk
from .turn import Turn
from .uploads import Uploads

Chunks = AsyncGenerator[BaseStreamChunk, None]


class WaitingMedia(Protocol):
    """Media that are read, fetched or made to fit before a request is whole.

    Attributes:
        ready: Whether that is done; it is done once, for all attempts.
    """

    ready: bool

    def resolve(self, uploads: Uploads | None) -> Chunks:
        """Yield how far it is, and what gets lost; the request is whole at its end."""
        ...


async def with_media(
    attempt: Callable[[Turn], Chunks], media: WaitingMedia, uploads: Uploads | None, turn: Turn
) -> Chunks:
    """Yield what bringing *media* tells, unless an earlier attempt has brought them, and then the attempt.

    Raises:
        MediaError: A medium cannot be had, or is over a limit.
    """
    if not media.ready:
        with turn.preparing():
            async with aclosing(media.resolve(uploads)) as told:
                async for chunk in told:
                    yield chunk
    async with aclosing(attempt(turn)) as chunks:
        async for chunk in chunks:
            yield chunk
