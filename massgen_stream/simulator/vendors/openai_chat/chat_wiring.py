"""Events of a streamed answer, in the order in which OpenAI sends them."""

from __future__ import annotations

from collections.abc import Iterator

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.narrow import usage
from ....stream_chunk.text import TextStreamChunk
from ....wire.openai_chat import ChatEncoder


class ChatWiring:
    """Encodes one answer; every event says when the answer was *created* (Unix seconds).

    The usage of `done` is told in an event of its own, without choices, between finish reason and ``[DONE]``.
    """

    def __init__(self, created: int) -> None:
        self._encoder = ChatEncoder()
        self._encoder.created = created
        self._usage: object = None

    def events(self, chunk: BaseStreamChunk) -> Iterator[bytes]:
        """Yield the events for *chunk*."""
        if isinstance(chunk, TextStreamChunk) and chunk.usage and chunk.usage != self._usage:
            self._usage = chunk.usage
            if chunk.type is ChunkType.DONE:
                yield from self._encoded(usage(chunk.usage))
        yield from self._encoded(chunk)

    def close(self) -> bytes:
        """Return what belongs after the last chunk."""
        return self._encoder.close()

    def _encoded(self, chunk: BaseStreamChunk) -> Iterator[bytes]:
        return (event + b"\n\n" for event in self._encoder.encode(chunk).split(b"\n\n") if event)
