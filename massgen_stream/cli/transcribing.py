"""One recording, written down and shown, in order at Ctrl-C."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from ..generation import transcribe
from ..media import MediaSource
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from ..wire.openai_transcription.subtitles import SUBTITLES
from .conversation import Sink
from .ending import FAILED, finish_code
from .interrupt import on_interrupt
from .notices import notice
from .option_names import error_in_options
from .respondent import SIMULATOR
from .times import times_of
from .transcripts import SubtitleFile, TimedLines

_TAKES_BYTES: Final = "gemini"
"""It is sent a recording as a chat would be: as bytes, a file or an address."""


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
    return asyncio.run(_written(source, request, _sink(part, request.get("response_format"), as_json=as_json)))


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
    if interrupt.happened:
        return interrupt.code
    is_missing = isinstance(sink, SubtitleFile) and not sink.has_come
    return finish_code(reason) or (FAILED if is_missing else 0)


def _introduced(chunk: TextStreamChunk) -> bool:
    """Say who writes it down, once that is known; of the simulator it has been said."""
    is_start = chunk.type is ChunkType.START
    if is_start and chunk.provider != SIMULATOR:
        notice(f"{chunk.provider} writes it down with {chunk.model}")
    return is_start


def _sink(part: str | None, form: Any, *, as_json: bool) -> Sink:
    if as_json:
        from .json_lines import JsonLines  # noqa: PLC0415 - needs no rich

        return JsonLines()
    if part is not None:
        return TimedLines(part)
    if form in SUBTITLES:
        return SubtitleFile(form)
    from .render import Renderer  # noqa: PLC0415 - rich is an extra

    return Renderer(hidden=("simulated",))  # said before it is sent
