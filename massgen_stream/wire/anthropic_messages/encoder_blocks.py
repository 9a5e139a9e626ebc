"""Blocks on the wire: which index a block has, and when it stops.

A block of text, thinking or a client's call stops when another begins, as Claude sends them; a reader makes no chunk
of that stop. A block whose stop a reader does tell (a tool that the vendor runs, a compaction, an image in segments)
stays open until the chunk for it comes.
"""

from __future__ import annotations

from ..part_writer import Key, PartWriter
from .encoder_losses import UNSAID
from .fields import Data


class BlockWriter(PartWriter):
    """The blocks of one message.

    Args:
        losses: Gets a line for each id that a reader makes up otherwise.
    """

    UNSAID = UNSAID
    MINTED = frozenset(("block", "text", "thinking", "image", "file"))

    def whole(self, key: Key, block: Data) -> list[Data]:
        """Return the events of a block that comes at once."""
        return [*self.start(key, block), self.stop(key)]

    def delta(self, key: Key, kind: str, **delta: object) -> Data:
        """Return a delta of a block that has begun."""
        return {"type": "content_block_delta", "index": self._places[key], "delta": {"type": kind, **delta}}

    def raw_delta(self, key: Key, delta: Data) -> Data:
        """Return a delta of a block that has begun, as it stands."""
        return {"type": "content_block_delta", "index": self._places[key], "delta": delta}

    def _start_event(self, index: int, part: Data) -> Data:
        return {"type": "content_block_start", "index": index, "content_block": part}

    def _stop_event(self, index: int) -> Data:
        return {"type": "content_block_stop", "index": index}
