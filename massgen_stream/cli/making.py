"""One medium, made and shown: bars while it comes, its path at the end, in order at Ctrl-C."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from typing import Any

from ..backend import ChunkStream
from ..generation import generate_media
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from ..stream_chunk.text import TextStreamChunk
from .conversation import Watched, show
from .ending import FAILED, INTERRUPTED, finish_code
from .interrupt import on_interrupt
from .notices import notice
from .output import write_output
from .times import times_of


def make(request: Mapping[str, Any], *, as_json: bool) -> int:
    """Make a medium, show how it comes and return the exit code.

    Args:
        request: Arguments of `generate_media`.
        as_json: Whether standard output gets the chunks, else the paths.

    Raises:
        MassGenStreamError: It cannot be asked for.
        OSError: Standard output cannot be written.
    """
    return asyncio.run(_made(request, as_json=as_json))


async def _made(request: Mapping[str, Any], *, as_json: bool) -> int:
    stream = generate_media(**request)
    told = _Told()
    with on_interrupt(stream.cancel) as interrupt:
        await _shown(stream, _sink(as_json=as_json), told)
    if not as_json:
        for path in told.paths:
            write_output(f"{path}\n".encode("utf-8", "surrogateescape"))
    if interrupt.happened:
        return INTERRUPTED
    return finish_code(told.reason) or (0 if told.media else FAILED)


async def _shown(stream: ChunkStream, sink: Watched, told: _Told) -> None:
    try:
        async with stream:
            async for chunk in stream:
                told.feed(chunk)
                await show(chunk, sink)
    finally:
        sink.close(times_of(stream))


class _Told:
    """What the end of the program needs to know.

    Attributes:
        paths: Files, in order.
        media: How many media came to their end.
        reason: Why the stream ended.
    """

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.media = 0
        self.reason: str | None = None
        self._introduced = False

    def feed(self, chunk: BaseStreamChunk) -> None:
        if isinstance(chunk, MultimodalStreamChunk) and chunk.type is ChunkType.MEDIA and not chunk.is_partial:
            self.media += 1
            self.paths += [chunk.path] if chunk.path else []
        elif isinstance(chunk, TextStreamChunk):
            if chunk.type is ChunkType.START and not self._introduced:
                self._introduced = True
                notice(f"{chunk.provider} makes it with {chunk.model}")
            self.reason = chunk.finish_reason if chunk.type is ChunkType.DONE else self.reason


def _sink(*, as_json: bool) -> Watched:
    if as_json:
        from .json_lines import JsonLines  # noqa: PLC0415 - needs no rich

        return JsonLines()
    from .render import Renderer  # noqa: PLC0415 - rich is an extra
    from .screen.console import StandardConsole  # noqa: PLC0415

    return Renderer(StandardConsole(stderr=not sys.stdout.isatty()))
