"""What came of a request, for callers who do not read the stream."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from ..stream_chunk.kinds import MediaType


class GenerationResult(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one request; of several media the first one that came has the fields of its own.

    Attributes:
        success: Whether the media that were asked for are there.
        output_path: File of the first medium; None where no place was named, or nothing came.
        media_type: Image, video or audio.
        backend_name: Name of the generator; empty when none could be chosen.
        model_used: Its model, as the vendor names it.
        file_size_bytes: Size of the first medium.
        duration_seconds: Length of the first medium, where it is known.
        error: What went wrong, one line.
        metadata: ``media_results`` (one summary for each medium, as they came), ``finish_reason``, ``usage``, ``text``
            that came along, ``notes`` (losses and warnings), and ``jobs`` (handles for `resume_media` of those that
            were begun and paid for, and whose media have not come), as far as there are any.
        continuation_id: Give it to `continue_from` to change or continue the medium.
        data: The bytes of the first medium, when no place for a file was named.
    """

    success: bool
    output_path: Path | None = None
    media_type: MediaType | None = None
    backend_name: str = ""
    model_used: str = ""
    file_size_bytes: int | None = None
    duration_seconds: float | None = None
    error: str | None = None
    metadata: dict[str, Any] = {}
    continuation_id: str | None = None
    data: bytes | None = msgspec.field(default=None)

    def __repr__(self) -> str:
        where = f", output_path={str(self.output_path)!r}" if self.output_path else ""
        problem = f", error={self.error!r}" if self.error else ""
        return f"GenerationResult(success={self.success}, backend_name={self.backend_name!r}{where}{problem})"
