"""Blocks that are kept as they are: context compaction, a fallback to another model, and what is not known."""

from __future__ import annotations

from typing import Any, Final

from ...errors import excerpt
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..json_value import finite
from .block import Chunks, ItemBlock, Mint, own_data
from .fields import Data

COMPACTION: Final = "compaction"
FALLBACK: Final = "fallback"


class RawBlock(ItemBlock):
    """A block that goes back unchanged in the next request; it shows nothing.

    The start of a block is under ``block``; deltas of a kind that is not known are listed under ``deltas``.
    """

    def __init__(self, mint: Mint, block: Data, out: Chunks) -> None:
        super().__init__(mint)
        self._compacts = block.get("type") == COMPACTION
        self._stopped = False
        if self._compacts:
            out.append(TextStreamChunk(type=ChunkType.COMPRESSION_STATUS, status="started"))
        out.append(self._kept(block=finite(block)))
        if block.get("type") == FALLBACK:
            out.append(TextStreamChunk(type=ChunkType.BACKEND_STATUS, status="info", detail=fallback_detail(block)))

    def delta(self, delta: Data, out: Chunks) -> None:
        """Add a delta. That of a compaction has the whole summary, and fields that the block has too."""
        delta = finite(delta)
        if self._compacts and delta.get("type") == "compaction_delta":
            out.append(self._kept(block={name: value for name, value in delta.items() if name != "type"}))
        else:
            out.append(self._kept(deltas=[delta]))

    def stop(self, out: Chunks) -> None:
        """Tell the end of a compaction."""
        if self._compacts and not self._stopped:
            out.append(TextStreamChunk(type=ChunkType.COMPRESSION_STATUS, status="completed"))
        self._stopped = True

    def _kept(self, **data: Any) -> TextStreamChunk:
        return TextStreamChunk(type=ChunkType.CONTENT, content="", item_id=self.item_id, provider_data=own_data(**data))


def fallback_detail(block: Data) -> str:
    """Return the line that tells of a fallback block."""
    before, after = (_model(block.get(name)) for name in ("from", "to"))
    return f"the provider answers with {after} instead of {before}"


def _model(place: Any) -> str:
    name = place.get("model") if isinstance(place, dict) else None
    return excerpt(name) if isinstance(name, str) and name else "another model"
