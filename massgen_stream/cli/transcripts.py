"""Transcripts on standard output in forms that programs read: lines with times, and subtitle files."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Final

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from ..wire.openai_transcription.marks import TRANSCRIPT
from ..wire.openai_transcription.subtitles import subtitles_in
from .notices import failure, notice
from .output import write_output
from .plain_text import neutral, one_line
from .times import Times

_TOLD: Final = ("warning", "loss", "info", "contradiction", "retry")


class _Printed(ABC):
    """Prints what programs read; what happens meanwhile goes to standard error."""

    def wait(self, text: str) -> None:  # noqa: B027 - the same for all
        """Say nothing: what is printed is whole when it comes."""

    def feed(self, chunk: BaseStreamChunk) -> None:
        """Print what the next chunk tells.

        Raises:
            OSError: Standard output cannot be written.
        """
        if isinstance(chunk, TextStreamChunk) and not _is_news(chunk):
            self._print(chunk)

    def close(self, times: Times | None = None) -> None:  # noqa: B027 - the same for all
        """Do nothing: nothing is held back."""

    @abstractmethod
    def _print(self, chunk: TextStreamChunk) -> None:
        """Print what is for programs."""


class TimedLines(_Printed):
    """Prints words, or segments, each on a line of its own.

    Args:
        part: ``words`` or ``segments``.
    """

    def __init__(self, part: str) -> None:
        self._part = part
        self._lines = 0

    def _print(self, chunk: TextStreamChunk) -> None:
        if chunk.type is ChunkType.CONTENT:
            marks = (chunk.provider_data or {}).get(TRANSCRIPT) or {}
            for mark in marks.get(self._part, ()):
                self._lines += 1
                write_output(line_of(mark).encode("utf-8", "replace"))
        elif chunk.type is ChunkType.DONE and not self._lines:
            notice(f"no {self._part} were told")


class SubtitleFile(_Printed):
    """Prints the file that the vendor made; on a terminal, without what would control it.

    Args:
        form: ``srt`` or ``vtt``.

    Attributes:
        has_come: Whether there was one.
    """

    def __init__(self, form: str) -> None:
        self._form = form
        self.has_come = False

    def _print(self, chunk: TextStreamChunk) -> None:
        file = subtitles_in(chunk.response or {})
        if file is not None:
            self.has_come = True
            shown = neutral(file.replace("\r\n", "\n")) if sys.stdout.isatty() else file
            write_output(shown.encode("utf-8", "replace"))
        elif chunk.type is ChunkType.DONE and not self.has_come:
            notice(f"no {self._form} file came; --json shows what did")


def _is_news(chunk: TextStreamChunk) -> bool:
    """Tell what happens meanwhile; return whether the chunk was of that kind."""
    if chunk.type is ChunkType.ERROR:
        failure(chunk.error or "")
        return True
    if chunk.type is ChunkType.BACKEND_STATUS and chunk.status in _TOLD:
        notice(f"{chunk.status}: {chunk.detail}")
        return True
    return False


def line_of(mark: Mapping[str, Any]) -> str:
    """Return the line for a word or segment: start, end, speaker, text, with tabs between them."""
    times = (mark.get("start_seconds"), mark.get("end_seconds"))
    fields = ["" if time is None else f"{time:.3f}" for time in times]
    fields += [one_line(mark[name]) for name in ("speaker", "text") if name in mark]
    return "\t".join(fields) + "\n"
