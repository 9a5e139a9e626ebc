"""What the author of a backend gets to know about one attempt, and tells back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..stream_chunk.base import BaseStreamChunk
from ..wire.base import Decoder
from .limits import StreamLimits


class Turn:
    """One attempt at one turn.

    Attributes:
        payload: What the backend's `prepare` returned.
        limits: The options of the stream; connection and read timeouts are the author's to hand on.
        number: Which attempt it is, from 1.
        id_prefix: For ids that a decoder has to make up.
        request_id: Set it to the vendor's id of the request, once known; it is put on the `start` chunk.
    """

    __slots__ = ("_count", "_decoder", "id_prefix", "limits", "number", "payload", "request_id")

    def __init__(
        self,
        payload: Any,
        limits: StreamLimits,
        *,
        number: int = 1,
        id_prefix: str = "",
        count: Callable[[bool], None] = lambda _: None,
    ) -> None:
        """Make a turn; *count* is told when `first_chunk_timeout` stops counting, and when it starts anew."""
        self.payload, self.limits, self.number, self.id_prefix = payload, limits, number, id_prefix
        self.request_id: str | None = None
        self._decoder: Decoder | None = None
        self._count = count

    @contextmanager
    def preparing(self) -> Iterator[None]:
        """Around what is made before anything is sent: it is not the vendor's time, and trips no first-chunk limit."""
        self._count(False)
        try:
            yield
        finally:
            self._count(True)

    def use(self, decoder: Decoder) -> Decoder:
        """Return *decoder*; it will be closed for what it still holds, however the attempt ends."""
        self._decoder = decoder
        return decoder

    def close(self) -> list[BaseStreamChunk]:
        """Return what the decoder still holds, its end included; empty without a decoder."""
        return self._decoder.close() if self._decoder is not None else []
