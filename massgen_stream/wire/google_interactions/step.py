"""What the steps of an interaction have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..indexed_parts import Part
from ..json_value import finite
from .fields import Data

PROTOCOL: Final = "google.interactions"
Chunks = list[BaseStreamChunk]
Mint = Callable[[str], str]
"""Makes another id of a kind of thing."""


def own_data(**data: Any) -> Data:
    """Return `provider_data` of this protocol."""
    return {PROTOCOL: data}


class EchoedStep(Part):
    """The client's own input, which a server may repeat; nobody is told of it."""


class RawStep(Part):
    """A step that goes back unchanged in the next request; it shows nothing.

    The start of a step is under ``step``; its deltas are listed under ``deltas``.
    """

    def __init__(self, mint: Mint, step: Data, out: Chunks) -> None:
        self._item_id = mint("step")
        out.append(self._kept(step=finite(step)))

    def delta(self, delta: Data, out: Chunks) -> None:
        """Add a delta."""
        out.append(self._kept(deltas=[finite(delta)]))

    def _kept(self, **data: Any) -> TextStreamChunk:
        return TextStreamChunk(
            type=ChunkType.CONTENT, content="", item_id=self._item_id, provider_data=own_data(**data)
        )
