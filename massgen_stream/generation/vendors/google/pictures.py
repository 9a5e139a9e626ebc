"""The answer of a language model that makes pictures, as media: previews at once, and what can be continued."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, Final

from msgspec.structs import replace

from ....backend.turn import Turn
from ....stream_chunk.accumulator import Accumulator
from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType, MediaType
from ....stream_chunk.multimodal import MultimodalStreamChunk
from ....stream_chunk.text import TextStreamChunk
from ...order import Order

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_FINE: Final = ("stop", "length", "other", "tool_calls")


class Pictures:
    """Reads one answer.

    A picture is shown when it comes, and is final when the answer is over: only then is it known what it can be
    continued from. Drafts, which a model makes while it thinks, are previews of the picture that follows.

    Args:
        order: Gives ids, and keeps what is continued.
        turn: The attempt.
        kept: Makes of a whole answer what its pictures are continued from.
    """

    def __init__(self, order: Order, turn: Turn, kept: Callable[[Accumulator], dict[str, Any]]) -> None:
        self._order, self._turn, self._kept = order, turn, kept
        self._heard = Accumulator()
        self._whole: list[MultimodalStreamChunk] = []
        self._previews = 0

    async def of(self, chunks: _Chunks) -> _Chunks:
        """Yield an answer, its end included; of one that is cut the pictures that have come are whole."""
        try:
            async with aclosing(chunks):
                async for chunk in chunks:
                    for out in await self._taken(chunk):
                        yield out
        except Exception:
            for final in self._finals():
                yield final
            raise
        for chunk in self._turn.close():
            for out in await self._taken(chunk):
                yield out

    async def _taken(self, chunk: BaseStreamChunk) -> list[BaseStreamChunk]:
        self._heard.feed(chunk)
        if isinstance(chunk, MultimodalStreamChunk) and _is_picture(chunk):
            return [self._shown(chunk)]
        if isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.DONE:
            fine = chunk.finish_reason in _FINE and bool(self._whole)
            new_id = await self._order.keep(self._kept(self._heard)) if fine else None
            return [*self._finals(new_id), chunk]
        return [chunk]

    def _shown(self, picture: MultimodalStreamChunk) -> BaseStreamChunk:
        media_id = self._order.media_id(self._turn, len(self._whole) + 1)
        preview = replace(
            picture,
            media_id=media_id,
            is_partial=True,
            partial_kind="preview",
            chunk_index=self._previews,
            provider_data=None,
            display=True,
        )
        self._previews += 1
        if picture.display is not False:
            self._whole.append(replace(picture, media_id=media_id))
            self._previews = 0
        return preview

    def _finals(self, continuation_id: str | None = None) -> list[BaseStreamChunk]:
        found, self._whole = self._whole, []
        return [replace(final, continuation_id=continuation_id) for final in found]


def _is_picture(chunk: MultimodalStreamChunk) -> bool:
    return chunk.type is ChunkType.MEDIA and chunk.media_type is MediaType.IMAGE and isinstance(chunk.media_data, bytes)
