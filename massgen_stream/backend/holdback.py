"""What may be read of an attempt at once, and what must wait until it is known that no other attempt follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.gate import INVISIBLE
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from .translate import without_secrets
from .turn import Turn


class Origin(NamedTuple):
    """Where chunks come from.

    Attributes:
        provider: The provider's name.
        model: The model that was asked for.
        secrets: What must never be read in an error.
        base_url: Where requests go; None where that is not known.
    """

    provider: str
    model: str | None = None
    secrets: tuple[str, ...] = ()
    base_url: str | None = None


class Holdback:
    """Sorts the chunks of one attempt.

    Laws:
        1. The first chunk is a `start` that names provider and model; the notes follow it.
        2. `done` is kept: the transport is closed before it is read.
        3. While nothing is visible, an error is kept, and with it the invisible chunks after it, in order.
        4. An error names its provider and holds no secret.

    Attributes:
        done: The attempt's `done`, once it came.
        error: Its first error.
        held: What is kept, `done` apart.
        plain: Whether a `content` chunk would pass as it is.
    """

    __slots__ = ("_notes", "_origin", "_turn", "done", "error", "held", "plain")

    def __init__(self, turn: Turn, origin: Origin, notes: Sequence[BaseStreamChunk] = ()) -> None:
        self._turn, self._origin = turn, origin
        self._notes: Sequence[BaseStreamChunk] | None = notes
        self.done: TextStreamChunk | None = None
        self.error: TextStreamChunk | None = None
        self.held: list[BaseStreamChunk] = []
        self.plain = False

    def take(self, chunk: BaseStreamChunk, *, visible: bool) -> list[BaseStreamChunk]:
        """Return the chunks to hand on for *chunk*; *visible* says whether the reader has seen anything yet."""
        passed = self._passed(chunk, visible=visible)
        self.plain = self._notes is None and not self.held and self.done is None
        return passed

    def _passed(self, chunk: BaseStreamChunk, *, visible: bool) -> list[BaseStreamChunk]:
        passed: list[BaseStreamChunk] = []
        if self._notes is not None:
            start = chunk if isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.START else None
            passed += [self._start(start), *self._notes]
            self._notes = None
            if start is not None:
                return passed
        if isinstance(chunk, TextStreamChunk) and chunk.type in _KEPT:
            return passed + self._keep(chunk, visible=visible)
        if self.held and not visible:
            if chunk.type in INVISIBLE:
                self.held.append(chunk)
                return passed
            passed += self.release()
        return [*passed, chunk]

    def go_on(self, turn: Turn) -> Holdback:
        """Return itself, for the attempt that takes up the stream where it was cut."""
        self._turn = turn
        return self

    def release(self) -> list[BaseStreamChunk]:
        """Return what is held, and hold it no more."""
        held, self.held = self.held, []
        return held

    def _keep(self, chunk: TextStreamChunk, *, visible: bool) -> list[BaseStreamChunk]:
        if chunk.type is ChunkType.DONE:
            self.done = chunk
            return []
        chunk = without_secrets(chunk, self._origin.provider, *self._origin.secrets)
        self.error = self.error or chunk
        if visible:
            return [chunk]
        self.held.append(chunk)
        return []

    def _start(self, start: TextStreamChunk | None) -> TextStreamChunk:
        start = start or TextStreamChunk(type=ChunkType.START)
        return replace(
            start,
            provider=start.provider or self._origin.provider,
            model=start.model or self._origin.model,
            request_id=start.request_id or self._turn.request_id,
        )


_KEPT = frozenset((ChunkType.DONE, ChunkType.ERROR))
