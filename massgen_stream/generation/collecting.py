"""`collect_media`: the same for those who want the result alone."""

from __future__ import annotations

from collections.abc import AsyncIterable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from ..errors import MassGenStreamError
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import ChunkType, MediaType
from ..stream_chunk.media_item import MediaItem
from ..stream_chunk.multimodal import MultimodalStreamChunk
from ..stream_chunk.text import TextStreamChunk
from .choices import MADE
from .config import GenerationConfig
from .media_stream import generate_media
from .open_jobs import OpenJobs
from .result import GenerationResult

_NOTES = ("warning", "loss", "info", "contradiction")


async def collect_media(*args: Any, **options: Any) -> GenerationResult:
    """Make a medium and return what came of it; arguments as `generate_media`.

    Nothing that a user, a key or a vendor does wrong is raised: then `success` is False, and `error` says what it was.
    """
    try:
        stream = generate_media(*args, **options)
    except MassGenStreamError as problem:
        return GenerationResult(success=False, media_type=_kind(*args, **options), error=str(problem))
    config = options.get("config")
    placed = config if isinstance(config, GenerationConfig) else None
    named = options.get("output_path") or options.get("output_dir")
    has_place = bool(named or (placed and (placed.output_path or placed.output_dir)))
    async with stream:
        result = await result_of(stream, keep=not has_place)
    return result if result.media_type is not None else replace(result, media_type=_kind(*args, **options))


async def result_of(stream: AsyncIterable[BaseStreamChunk], *, keep: bool = False) -> GenerationResult:
    """Read a stream of media to its end and return what came of it.

    Args:
        stream: The stream.
        keep: Whether the bytes of the first medium are kept, in memory.
    """
    told = _Told(keep=keep)
    async for chunk in stream:
        told.feed(chunk)
    return told.result()


def _kind(_prompt: Any = None, mode: Any = None, **options: Any) -> MediaType | None:
    """Return what was asked for; None where it is no kind of medium."""
    config = options.get("config")
    asked = mode if mode is not None else getattr(config, "media_type", MediaType.IMAGE)
    return MediaType(asked) if asked in MADE else None


class _Told:
    """What a stream has told."""

    def __init__(self, *, keep: bool) -> None:
        self._keep = keep
        self._start: TextStreamChunk | None = None
        self._done: TextStreamChunk | None = None
        self._errors: list[str] = []
        self._notes: list[str] = []
        self._text: list[str] = []
        self._first: MultimodalStreamChunk | None = None
        self._items: dict[str | None, MediaItem] = {}
        self._jobs = OpenJobs()

    def feed(self, chunk: BaseStreamChunk) -> None:
        self._jobs.feed(chunk)
        if isinstance(chunk, MultimodalStreamChunk):
            self._take(chunk)
        elif isinstance(chunk, TextStreamChunk):
            self._read(chunk)

    def result(self) -> GenerationResult:
        reason = self._done.finish_reason if self._done is not None else "incomplete"
        first, start = self._first, self._start
        metadata = first.media_metadata if first is not None else None
        item = self._items.get(first.media_id) if first is not None else None
        success = first is not None and reason == "stop" and not self._errors
        return GenerationResult(
            success=success,
            output_path=Path(first.path) if first is not None and first.path else None,
            media_type=first.media_type if first is not None else None,
            backend_name=(start.provider or "") if start is not None else "",
            model_used=next((one.model for one in (first, start) if one is not None and one.model), ""),
            file_size_bytes=metadata.size_bytes if metadata is not None else None,
            duration_seconds=metadata.duration_seconds if metadata is not None else None,
            error=None if success else self._problem(reason),
            metadata=self._metadata(reason),
            continuation_id=first.continuation_id if first is not None else None,
            data=item.data if item is not None and isinstance(item.data, bytes) else None,
        )

    def _take(self, chunk: MultimodalStreamChunk) -> None:
        if chunk.type is not ChunkType.MEDIA:
            return
        if self._keep and (self._first is None or chunk.media_id == self._first.media_id):
            self._items.setdefault(chunk.media_id, MediaItem(chunk.media_id or "")).feed(chunk)
        if not chunk.is_partial and self._first is None:
            self._first = chunk
            self._items = {known: item for known, item in self._items.items() if known == chunk.media_id}

    def _read(self, chunk: TextStreamChunk) -> None:
        if chunk.type is ChunkType.START:
            self._start = chunk
        elif chunk.type is ChunkType.DONE:
            self._done = chunk
        elif chunk.type is ChunkType.ERROR:
            self._errors.append(chunk.error or "")
        elif chunk.type is ChunkType.BACKEND_STATUS and chunk.status in _NOTES:
            self._notes.append(chunk.detail or "")
        elif chunk.type in (ChunkType.CONTENT, ChunkType.REFUSAL):
            self._text.append(chunk.content or "")

    def _problem(self, reason: str | None) -> str:
        text = "".join(self._text).strip()
        return "; ".join(self._errors) or text or f"the stream ended with {reason}"

    def _metadata(self, reason: str | None) -> dict[str, Any]:
        done = self._done
        found = {
            "finish_reason": reason,
            "media_results": done.media_results if done is not None else None,
            "usage": done.usage if done is not None else None,
            "text": "".join(self._text),
            "notes": self._notes,
            "jobs": self._jobs.handles(),
        }
        return {name: value for name, value in found.items() if value}
