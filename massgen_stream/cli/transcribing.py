"""One recording, written down and shown, in order at Ctrl-C."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from ..generation import transcribe
from ..media import MediaSource
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from ..wire.openai_transcription.marks import TRANSCRIPT
from .conversation import Sink
from .ending import finish_code
from .interrupt import on_interrupt
from .notices import failure, notice
from .option_names import error_in_options
from .output import write_output
from .plain_text import one_line
from .respondent import SIMULATOR
from .times import Times, times_of

_TAKES_BYTES: Final = "gemini"
"""It is sent a recording as a chat would be: as bytes, a file or an address."""
_TOLD: Final = ("warning", "loss", "info", "contradiction", "retry")


def write_down(source: Any, request: Mapping[str, Any], *, part: str | None, as_json: bool) -> int:
    """Transcribe a recording, show what is said as it comes, and return the exit code.

    Args:
        source: The recording.
        request: Arguments of `transcribe`.
        part: ``words`` or ``segments`` for lines of those; None for the text.
        as_json: Whether standard output gets the chunks.

    Raises:
        MassGenStreamError: It cannot be asked for.
        OSError: Standard output cannot be written.
    """
    return asyncio.run(_written(source, request, _sink(part, as_json=as_json)))


async def _written(source: Any, request: Mapping[str, Any], sink: Sink) -> int:
    if not isinstance(source, str) and request.get("provider") == _TAKES_BYTES:
        source = await MediaSource.of(source).read()
    stream = transcribe(source, **request)
    reason, introduced = None, False
    with on_interrupt(stream.cancel) as interrupt:
        try:
            sink.wait("waiting for the transcript")
            async with stream:
                async for chunk in stream:
                    if isinstance(chunk, TextStreamChunk):
                        introduced = introduced or _introduced(chunk)
                        reason = chunk.finish_reason if chunk.type is ChunkType.DONE else reason
                    sink.feed(error_in_options("transcribe", chunk))
        finally:
            sink.close(times_of(stream))
    return interrupt.code if interrupt.happened else finish_code(reason)


def _introduced(chunk: TextStreamChunk) -> bool:
    """Say who writes it down, once that is known; of the simulator it has been said."""
    is_start = chunk.type is ChunkType.START
    if is_start and chunk.provider != SIMULATOR:
        notice(f"{chunk.provider} writes it down with {chunk.model}")
    return is_start


class TimedLines:
    """Prints words, or segments, each on a line of its own.

    Args:
        part: ``words`` or ``segments``.
    """

    def __init__(self, part: str) -> None:
        self._part = part
        self._lines = 0

    def wait(self, text: str) -> None:
        """Say nothing: the lines come at the end anyway."""

    def feed(self, chunk: BaseStreamChunk) -> None:
        """Print what the next chunk tells.

        Raises:
            OSError: Standard output cannot be written.
        """
        if not isinstance(chunk, TextStreamChunk):
            return
        if chunk.type is ChunkType.CONTENT:
            marks = (chunk.provider_data or {}).get(TRANSCRIPT) or {}
            for mark in marks.get(self._part, ()):
                self._lines += 1
                write_output(line_of(mark).encode("utf-8", "replace"))
        elif chunk.type is ChunkType.ERROR:
            failure(chunk.error or "")
        elif chunk.type is ChunkType.BACKEND_STATUS and chunk.status in _TOLD:
            notice(f"{chunk.status}: {chunk.detail}")
        elif chunk.type is ChunkType.DONE and not self._lines:
            notice(f"no {self._part} were told")

    def close(self, times: Times | None = None) -> None:
        """Do nothing: every line is whole."""


def line_of(mark: Mapping[str, Any]) -> str:
    """Return the line for a word or segment: start, end, speaker, text, with tabs between them."""
    times = (mark.get("start_seconds"), mark.get("end_seconds"))
    fields = ["" if time is None else f"{time:.3f}" for time in times]
    fields += [one_line(mark[name]) for name in ("speaker", "text") if name in mark]
    return "\t".join(fields) + "\n"


def _sink(part: str | None, *, as_json: bool) -> Sink:
    if as_json:
        from .json_lines import JsonLines  # noqa: PLC0415 - needs no rich

        return JsonLines()
    if part is not None:
        return TimedLines(part)
    from .render import Renderer  # noqa: PLC0415 - rich is an extra

    return Renderer(hidden=("simulated",))  # said before it is sent
