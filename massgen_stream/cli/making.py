"""One medium, made and shown: bars while it comes, its path at the end, in order at Ctrl-C."""

from __future__ import annotations

import asyncio
import json
import shlex
import sys
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from ..backend import ChunkStream
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from ..stream_chunk.text import TextStreamChunk
from .conversation import Watched, show
from .ending import FAILED, finish_code
from .interrupt import on_interrupt
from .notices import PROGRAM, notice
from .option_names import error_in_options
from .output import write_output
from .parts import Parts
from .times import times_of


def make(begin: Callable[[], ChunkStream], *, as_json: bool, pictures: str) -> int:
    """Make a medium, show how it comes and return the exit code.

    Args:
        begin: Returns the stream that makes it.
        as_json: Whether standard output gets the chunks, else the paths.
        pictures: How the terminal shows pictures.

    Raises:
        MassGenStreamError: It cannot be asked for.
        OSError: Standard output cannot be written.
    """
    return asyncio.run(_made(begin, as_json=as_json, pictures=pictures))


async def _made(begin: Callable[[], ChunkStream], *, as_json: bool, pictures: str) -> int:
    stream = begin()
    told = _Told(Parts.of(stream))
    with on_interrupt(stream.cancel) as interrupt:
        await _shown(stream, _sink(as_json=as_json, pictures=pictures), told, as_json=as_json)
    if not as_json:
        for path in told.paths():
            write_output(f"{path}\n".encode("utf-8", "surrogateescape"))
        told.advise()
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
        media: How many media came to their end.
        reason: Why the stream ended.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._paths: list[tuple[int, str]] = []
        self.media = 0
        self.reason: str | None = None
        self._introduced = False
        self._job: dict[str, Any] | None = None
        self._problem: str | None = None
        self._continuations: list[tuple[int, str]] = []

    def paths(self) -> list[str]:
        """Return the files, in the order of the prompts, whichever came first."""
        return _in_order(self._paths)

    def advise(self) -> None:
        """Say what can be done next: go on with the media that came, or with a job that did not come to its end."""
        for known in _in_order(self._continuations):
            notice(f"to change or to continue it: --continue-from {known}")
        if self._job is not None and not self.media and self._is_open:
            job = json.dumps(self._job, ensure_ascii=False)
            notice(f"if the job goes on at {self._job['provider']}: {PROGRAM} media --resume {shlex.quote(job)}")

    @property
    def _is_open(self) -> bool:
        """Whether the stream broke off before its job came to an end."""
        return self.reason in (None, "incomplete", "cancelled") or self._problem == "timeout"

    def feed(self, chunk: BaseStreamChunk) -> None:
        """Take note of *chunk*."""
        if isinstance(chunk, MultimodalStreamChunk):
            self._job = chunk.job or self._job
            if chunk.type is ChunkType.MEDIA and not chunk.is_partial:
                self._take(chunk)
        elif isinstance(chunk, TextStreamChunk):
            if chunk.type is ChunkType.START and not self._introduced:
                self._introduced = True
                notice(f"{chunk.provider} makes it with {chunk.model}")
            if chunk.type is ChunkType.ERROR:
                self._problem = (chunk.error_info or {}).get("kind")
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
