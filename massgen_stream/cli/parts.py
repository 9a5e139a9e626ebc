"""The requests that one command becomes, by their numbers and prompts."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from ..backend import ChunkStream
from ..errors import excerpt
from ..generation.batch_stream import BatchStream
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk


class Parts:
    """Knows which request a chunk belongs to.

    Args:
        prompts: What each source is asked for, in order; empty where there is one request.
    """

    def __init__(self, prompts: Mapping[str, str]) -> None:
        self._prompts = prompts
        self._places = {source: place for place, source in enumerate(prompts, 1)}

    @classmethod
    def of(cls, stream: ChunkStream) -> Parts:
        """Return the requests of a stream."""
        return cls(stream.prompts if isinstance(stream, BatchStream) else {})

    def place(self, chunk: BaseStreamChunk) -> int:
        """Return the number of the chunk's request, from 1; 0 where there is one request."""
        return self._places.get(chunk.source or "", 0)

    def named(self, chunk: BaseStreamChunk) -> BaseStreamChunk:
        """Return *chunk*; what an error says with the number and prompt of its request."""
        place = self.place(chunk)
        if not place or not isinstance(chunk, TextStreamChunk) or chunk.type is not ChunkType.ERROR:
            return chunk
        prompt = excerpt(self._prompts[chunk.source or ""])
        return replace(chunk, error=f"{place} of {len(self._places)}, {prompt!r}: {chunk.error}")
