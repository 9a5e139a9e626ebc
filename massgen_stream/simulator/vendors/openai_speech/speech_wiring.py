"""The answer as sound, or as events."""

from __future__ import annotations

from collections.abc import Iterator

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....wire.openai_speech import SpeechEncoder
from ...ops import Close


class SpeechWiring:
    """Encodes one answer; an error after the first sound breaks it off, since nothing else can follow sound."""

    def __init__(self, *, events: bool) -> None:
        self._encoder = SpeechEncoder(raw=not events)
        self._is_sound = not events
        self._said = False

    def events(self, chunk: BaseStreamChunk) -> Iterator[bytes | Close]:
        """Yield the bytes for *chunk*."""
        if self._is_sound and self._said and chunk.type is ChunkType.ERROR:
            yield Close("close")
            return
        data = self._encoder.encode(chunk)
        if data:
            self._said = True
            yield data

    def close(self) -> bytes:
        """Return what belongs after the last chunk."""
        return self._encoder.close()
