"""What all encoders of event streams and endpoints share: what is lost, where a response stands, what broke it."""

from __future__ import annotations

from typing import ClassVar

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.text import TextStreamChunk
from .broken import broken_bytes


class ResponseEncoder:
    """Encodes one response.

    Attributes:
        losses: What could not be said, one line each.
    """

    UNSAID: ClassVar[str] = ""
    """Why something is lost."""

    def __init__(self) -> None:
        self.losses: list[str] = []
        self._broken: TextStreamChunk | None = None  # what it breaks must come last
        self._started = self._said = self._ended = False

    def _lose(self, chunk: BaseStreamChunk, why: str) -> bytes:
        self.losses.append(f"{chunk.type}: {why}")
        return b""

    def _begins(self, chunk: TextStreamChunk) -> bool:
        """Return whether *chunk* is the first `start`; another one is lost."""
        if self._started:
            self._lose(chunk, "the stream has started")
            return False
        self._started = True
        return True

    def _breaking(self, broken: TextStreamChunk) -> bytes:
        """Return the bytes that break a stream as *broken* tells; none where no bytes do."""
        tail = broken_bytes(broken.error_info or {}, first=not self._said)
        if tail is None:
            self._lose(broken, self.UNSAID)
        return tail or b""
