"""What a stream has told that is shown only at its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..times import Times


class Told:
    """Remembers the end, the sources and the texts of other choices.

    Attributes:
        done: The `done` chunk, when it came.
        citations: Sources in order of arrival, each once.
        choices: The text of each choice but the first, by its index.
    """

    def __init__(self) -> None:
        self.done: TextStreamChunk | None = None
        self.citations: list[dict[str, Any]] = []
        self.choices: dict[int, list[str]] = {}
        self._first: float | None = None
        self._last: float | None = None

    def feed(self, chunk: BaseStreamChunk) -> None:
        """Take note of *chunk*."""
        if chunk.timestamp is not None:
            self._first = chunk.timestamp if self._first is None else self._first
            self._last = chunk.timestamp
        if isinstance(chunk, TextStreamChunk) and chunk.type in _NOTED:
            _NOTED[chunk.type](self, chunk)

    def times(self) -> Times:
        """Return what the timestamps tell: the time between the first chunk and the last."""
        if self._first is None or self._last is None:
            return Times()
        return Times(total=self._last - self._first)

    def _end(self, chunk: TextStreamChunk) -> None:
        self.done = chunk

    def _source(self, chunk: TextStreamChunk) -> None:
        citation = chunk.citation or {}
        if chunk.display and all(_place(citation) != _place(known) for known in self.citations):
            self.citations.append(citation)

    def _text(self, chunk: TextStreamChunk) -> None:
        if chunk.choice_index and chunk.display:
            self.choices.setdefault(chunk.choice_index, []).append(chunk.content or "")


def _place(citation: dict[str, Any]) -> tuple[Any, ...]:
    """Return what makes two citations one source; the cited text only where there is no address."""
    place = citation.get("url"), citation.get("file_id")
    return place if any(place) else (citation.get("title"), citation.get("cited_text"))


_NOTED: Final[dict[str, Callable[[Told, TextStreamChunk], None]]] = {
    ChunkType.DONE: Told._end,  # noqa: SLF001 - the class's own table
    ChunkType.CITATION: Told._source,  # noqa: SLF001
    ChunkType.CONTENT: Told._text,  # noqa: SLF001
}
