"""One medium on its way into a request: fetched, and made to fit."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Final, TypeVar

from msgspec.structs import replace

from ..errors import MassGenStreamError, MediaError, PrivateAddress, TransportError, UnreachableMedia
from ..stream_chunk.formatter.neutral import SOURCES
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from .file_endpoint import UploadOptions
from .media_input import Part, size_bytes
from .media_task import MediaTask
from .uploads import Uploads

Piece = TypeVar("Piece")
MOST_BYTES: Final = 2**29
"""Largest size that is fetched where the provider states no limit, or the medium is to be made smaller."""
_CONTAINERS: Final = ("video/mp4", "video/webm", "video/ogg", "application/ogg")
"""Types that servers give to sound."""
_ACCEPTED: Final = {"image": ("image/*",), "audio": ("audio/*", *_CONTAINERS), "video": ("video/*", "application/ogg")}


class MediaArrival:
    """Brings one medium.

    Args:
        task: What is to be done.
        uploads: Where it may be uploaded to.

    Attributes:
        part: It, with its bytes once `chunks` has ended.
        losses: What it does not have any more, one line each.
    """

    def __init__(self, task: MediaTask, uploads: Uploads | None = None) -> None:
        self._task, self._uploads = task, uploads
        self.part: Part = task.part
        self.losses: list[str] = []

    async def chunks(self) -> AsyncGenerator[MultimodalStreamChunk, None]:
        """Yield how far the download is, and the upload.

        Raises:
            MediaError: It cannot be had, or cannot be sent: limit and value are named.
        """
        if self._task.url is not None:
            async with aclosing(self._fetched(self._task.url)) as told:
                async for chunk in told:
                    yield chunk
            if self._task.pixels is not None and not self._task.fits:
                self._task.pixels.check(self.part, self._task.where)
        if self._task.fits:
            await self._fit()
        if self._uploads is not None and self._is_uploaded():
            async with aclosing(self._uploaded(self._uploads)) as told:
                async for chunk in told:
                    yield chunk

    async def _fetched(self, url: str) -> AsyncGenerator[MultimodalStreamChunk, None]:
        from ..media import FetchOptions, MediaSource, UrlOrigin  # noqa: PLC0415 - only where it is needed

        task = self._task
        most = MOST_BYTES if task.fits or task.max_bytes is None else max(task.max_bytes, task.upload_bytes or 0)
        accept = _ACCEPTED.get(task.kind, ())
        source = MediaSource(
            UrlOrigin(url, FetchOptions(max_bytes=most, accept=accept, allow_private=task.allow_private))
        )
        held: list[bytes] = []
        came = 0
        yield self._progress(0, None)
        async with aclosing(source.chunks()) as pieces:
            while piece := await self._next(pieces):
                held.append(piece)
                came += len(piece)
                yield self._progress(came, source.size_bytes)
        self.part = {**task.bare, **_described(task, source.mime_type), "data": b"".join(held)}

    def _is_uploaded(self) -> bool:
        task = self._task
        if task.upload_bytes is None or task.max_bytes is None:
            return False
        return (size_bytes(self.part, task.where) or 0) > task.max_bytes

    async def _uploaded(self, uploads: Uploads) -> AsyncGenerator[MultimodalStreamChunk, None]:
        task, part = self._task, self.part
        source: Any = {name: part[name] for name in SOURCES if name in part}
        options = UploadOptions(kind=part["type"], mime_type=part.get("mime_type"), filename=part.get("filename"))
        async with aclosing(uploads.stream(source, options, f"{task.where}.file_id")) as told:
            while (chunk := await self._next(told)) is not None:
                if chunk.attachments:
                    found = chunk.attachments[0]
                    self.part = {"mime_type": found["mime_type"], **task.bare, "file_id": found["file_id"]}
                yield chunk

    async def _next(self, pieces: AsyncGenerator[Piece, None]) -> Piece | None:
        try:
            return await anext(pieces, None)
        except (MediaError, TransportError) as problem:
            raise _placed(problem, self._task.where) from None

    def _progress(self, came: int, total: int | None) -> MultimodalStreamChunk:
        return MultimodalStreamChunk(
            type=ChunkType.ATTACHMENT,
            media_id=self._task.where,
            media_type=self._task.part["type"],
            stage="downloading",
            bytes_transferred=came,
            total_bytes=total,
            progress_percentage=min(100.0, 100.0 * came / total) if total else None,
        )

    async def _fit(self) -> None:
        from ..media import MediaCache, MediaLimits, fit  # noqa: PLC0415 - only where it is needed

        task, part = self._task, self.part
        source: Any = {name: part[name] for name in SOURCES if name in part}
        known = MediaLimits() if task.pixels is None else task.pixels.limits
        limits = replace(known, max_bytes=task.max_bytes, mime_types=task.types)
        try:
            cache = MediaCache(None if task.cache is True else task.cache) if task.cache else None
            declared, name = part.get("mime_type"), part.get("filename")
            fitted = await fit(source, limits, mime_type=declared, filename=name, cache=cache)
        except MediaError as problem:
            raise _placed(problem, task.where) from None
        if fitted.data is not None:
            self.part = {**task.bare, "data": fitted.data, "mime_type": fitted.metadata.mime_type}
            self.losses += [f"{task.where}: {loss}" for loss in fitted.losses]


def _described(task: MediaTask, mime_type: str | None) -> dict[str, Any]:
    """What is known of a medium that was fetched; what its part says of itself wins."""
    known = task.part.get("mime_type") or mime_type
    described = {"mime_type": known} if known else {}
    is_named = task.kind == "document" and task.filename
    return {**described, "filename": task.filename} if is_named else described


def _placed(problem: MassGenStreamError, where: str) -> MediaError:
    """Return *problem* as one of the medium at *where*; a download has been tried often enough before it is told."""
    if isinstance(problem, PrivateAddress):
        return PrivateAddress(problem.host, problem.address, option="allow_private_media", where=where)
    if isinstance(problem, UnreachableMedia):
        return UnreachableMedia(f"{where}: {problem}", status=problem.status)
    return MediaError(f"{where}: {problem}")
