"""The encoder as the simulator uses it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ..stream_chunk.base import BaseStreamChunk
from ..wire import Encoder
from .ops import Close


class Wiring(Protocol):
    """Turns the chunks of one answer into the events that the vendor would send."""

    def events(self, chunk: BaseStreamChunk) -> Iterator[bytes | Close]:
        """Yield the events for *chunk*, each in one piece; nothing for what the wire cannot say.

        A wire that can tell a failure only by breaking off closes the connection.
        """

    def close(self) -> bytes:
        """Return what belongs after the last chunk."""


class EncoderWiring:
    """Sends what an encoder says, as it says it."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def events(self, chunk: BaseStreamChunk) -> Iterator[bytes]:
        """Yield what there is to send for *chunk*."""
        data = self._encoder.encode(chunk)
        if data:
            yield data

    def close(self) -> bytes:
        """Return what belongs after the last chunk."""
        return self._encoder.close()
