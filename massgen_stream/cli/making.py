"""One medium, made and shown: bars while it comes, its path at the end, in order at Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from operator import itemgetter

from ..backend import ChunkStream
from ..generation.continuations import continuations_of
from ..generation.open_jobs import OpenJobs
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from ..stream_chunk.text import TextStreamChunk
from .conversation import Watched, show
from .ending import FAILED, finish_code
from .interrupt import on_interrupt
from .notices import notice, tell_open_jobs
from .option_names import error_in_options
from .output import write_output
from .parts import Parts
from .times import times_of


def make(begin: Callable[[], ChunkStream], *, as_json: bool, pictures: str, base_url: str | None) -> int:
    """Make a medium, show how it comes and return the exit code.

    Args:
        begin: Returns the stream that makes it.
        as_json: Whether standard output gets the chunks, else the paths.
        pictures: How the terminal shows pictures.
        base_url: Where it is asked for; None: where it usually is.

    Raises:
        MassGenStreamError: It cannot be asked for.
        OSError: Standard output cannot be written.
    """
    return asyncio.run(_made(begin, as_json=as_json, pictures=pictures, base_url=base_url))


async def _made(begin: Callable[[], ChunkStream], *, as_json: bool, pictures: str, base_url: str | None) -> int:
    stream = begin()
    told = _Told(Parts.of(stream))
    try:
        with on_interrupt(stream.cancel) as interrupt:
            await _shown(stream, _sink(as_json=as_json, pictures=pictures), told, as_json=as_json)
        if not as_json:
            await told.report()
    finally:
        if not as_json:  # else the chunks have told it
            tell_open_jobs(told.jobs.handles(), base_url)
    if interrupt.happened:
        return interrupt.code
    return finish_code(told.reason) or (0 if told.media else FAILED)


async def _shown(stream: ChunkStream, sink: Watched, told: _Told, *, as_json: bool) -> None:
    try:
        async with stream:
            async for chunk in stream:
                told.feed(chunk)
                shown = chunk if as_json else told.parts.named(chunk)
                await show(error_in_options("media", shown), sink)
    finally:
        sink.close(times_of(stream))


class _Told:
    """What the end of the program needs to know.

    Args:
        parts: The requests of the command.

    Attributes:
        parts: The same.
        jobs: Those that are left behind.
        media: How many media came to their end.
        reason: Why the stream ended.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.jobs = OpenJobs()
        self._paths: list[tuple[int, str]] = []
        self.media = 0
        self.reason: str | None = None
        self._introduced = False
        self._continuations: list[tuple[int, str]] = []

    def paths(self) -> list[str]:
        """Return the files, in the order of the prompts, whichever came first."""
        return _in_order(self._paths)

    async def report(self) -> None:
        """Write where the files are, and say how to go on with the media that came, as far as another process can."""
        for path in self.paths():
            write_output(f"{path}\n".encode("utf-8", "surrogateescape"))
        store = continuations_of(os.environ)
        for known in _in_order(self._continuations):
            if not await store.is_in_memory(known):
                notice(f"to change or to continue it: --continue-from {known}")

    def feed(self, chunk: BaseStreamChunk) -> None:
        """Take note of *chunk*."""
        self.jobs.feed(chunk)
        if isinstance(chunk, MultimodalStreamChunk):
            if chunk.type is ChunkType.MEDIA and not chunk.is_partial:
                self._take(chunk)
        elif isinstance(chunk, TextStreamChunk):
            if chunk.type is ChunkType.START and not self._introduced:
                self._introduced = True
                notice(f"{chunk.provider} makes it with {chunk.model}")
            self.reason = chunk.finish_reason if chunk.type is ChunkType.DONE else self.reason

    def _take(self, final: MultimodalStreamChunk) -> None:
        self.media += 1
        place = self.parts.place(final)
        self._paths += [(place, final.path)] if final.path else []
        self._continuations += [(place, final.continuation_id)] if final.continuation_id else []


def _in_order(found: Sequence[tuple[int, str]]) -> list[str]:
    """Return what was found, by its place; what has the same place stays as it came."""
    return [one for _, one in sorted(found, key=itemgetter(0))]


def _sink(*, as_json: bool, pictures: str) -> Watched:
    if as_json:
        from .json_lines import JsonLines  # noqa: PLC0415 - needs no rich

        return JsonLines()
    from .render import Renderer  # noqa: PLC0415 - rich is an extra
    from .screen.console import StandardConsole  # noqa: PLC0415

    return Renderer(StandardConsole(stderr=not sys.stdout.isatty()), pictures=pictures)
