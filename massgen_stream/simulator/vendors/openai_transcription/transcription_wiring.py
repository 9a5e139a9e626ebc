"""Events of a streamed transcript."""

from __future__ import annotations

from collections.abc import Iterator

from ....stream_chunk.base import BaseStreamChunk
from ....wire.openai_transcription import TranscriptionEncoder


class TranscriptionWiring:
    """Encodes one answer in events."""

    def __init__(self) -> None:
        self._encoder = TranscriptionEncoder()

    def events(self, chunk: BaseStreamChunk) -> Iterator[bytes]:
        """Yield the events for *chunk*."""
        return (event + b"\n\n" for event in self._encoder.encode(chunk).split(b"\n\n") if event)

    def close(self) -> bytes:
        """Return what belongs after the last chunk."""
        return self._encoder.close()
