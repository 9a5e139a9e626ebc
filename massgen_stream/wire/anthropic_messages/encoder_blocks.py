"""Blocks on the wire: which index a block has, and when it stops.

A block of text, thinking or a client's call stops when another begins, as Claude sends them; a reader makes no chunk
of that stop. A block whose stop a reader does tell (a tool that the vendor runs, a compaction, an image in segments)
stays open until the chunk for it comes.
"""

from __future__ import annotations

from typing import Final

from ..minting import Minting
from .encoder_losses import UNSAID
from .fields import Data

Key = tuple[str, str | None]
"""Kind of a block and the id in its chunks; without an id each run of its chunks is a block."""

_MINTED: Final = frozenset(("block", "text", "thinking", "image", "file"))
"""Kinds whose ids a reader makes up."""


class BlockWriter:
    """The blocks of one message.

    Args:
        losses: Gets a line for each id that a reader makes up otherwise.
    """

    def __init__(self, losses: list[str]) -> None:
        self.minting = Minting("")
        self._losses = losses
        self._places: dict[Key, int] = {}
        self._count = 0
        self._current: Key | None = None

    def has(self, key: Key) -> bool:
        """Return whether a block can be continued."""
        return key in self._places and (key[1] is not None or key == self._current)

    def start(self, key: Key, block: Data, *, stays_open: bool = False) -> list[Data]:
        """Return the events that begin a block, the stop of the one before it included."""
        events = [] if self._current is None else [self.stop(self._current)]
        if key[0] in _MINTED and self.minting.another(key[0]) != key[1] is not None:
            self._losses.append(f"{key[0]} id {key[1]}: {UNSAID}")
        self._places[key] = self._count
        self._count += 1
        self._current = None if stays_open else key
        return [*events, {"type": "content_block_start", "index": self._places[key], "content_block": block}]

    def whole(self, key: Key, block: Data) -> list[Data]:
        """Return the events of a block that comes at once."""
        return [*self.start(key, block), self.stop(key)]

    def delta(self, key: Key, kind: str, **delta: object) -> Data:
        """Return a delta of a block that has begun."""
        return {"type": "content_block_delta", "index": self._places[key], "delta": {"type": kind, **delta}}

    def raw_delta(self, key: Key, delta: Data) -> Data:
        """Return a delta of a block that has begun, as it stands."""
        return {"type": "content_block_delta", "index": self._places[key], "delta": delta}

    def stop(self, key: Key, **more: object) -> Data:
        """Return the stop of a block that has begun."""
        if key == self._current:
            self._current = None
        return {"type": "content_block_stop", "index": self._places[key], **more}

    def stop_current(self) -> list[Data]:
        """Return the stop of the block that the end of the message would stop."""
        return [] if self._current is None else [self.stop(self._current)]
