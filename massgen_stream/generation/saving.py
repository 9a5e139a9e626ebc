"""Media on their way to the reader: counted, described, and written to files that appear when they are whole."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from msgspec.structs import replace

from ..errors import MediaError, excerpt
from ..media.atomic_file import AtomicFile
from ..media.detection import HEAD_BYTES
from ..media.mime_names import normal_mime
from ..media.worker_thread import in_thread
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.formatter.mime import mime_of_name
from ..stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ..stream_chunk.media_item import bytes_or_reference
from ..stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ..stream_chunk.narrow import backend_status
from .facts import check_kind, measured, timed, typed
from .file_names import FilePlaces

_ALSO_NAMED: Final = frozenset((("audio/opus", "audio/ogg"),))
"""Names of files that stand for a container: https://www.rfc-editor.org/rfc/rfc7845#section-9."""
_REFERENCES: Final = (MediaEncoding.URL, MediaEncoding.FILE_ID, MediaEncoding.FILE_PATH)


def is_segment(chunk: BaseStreamChunk) -> bool:
    """Return whether *chunk* holds the next bytes of a medium."""
    return isinstance(chunk, MultimodalStreamChunk) and chunk.is_partial and chunk.partial_kind == "segment"


class Saver:
    """Takes the media of one attempt; use it as ``async with``: what is not whole at its end leaves no file.

    Args:
        places: Where files go.
        id_prefix: For media that have no id.
        kind: What they are to be; None: anything.

    Attributes:
        finished: How many media have come to their end.
    """

    def __init__(self, places: FilePlaces, id_prefix: str, kind: MediaType | None = None) -> None:
        self._places, self._prefix, self._kind = places, id_prefix, kind
        self._open: dict[str, _Medium] = {}
        self.finished = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async with AsyncExitStack() as stack:
            for medium in self._open.values():
                stack.push_async_callback(medium.drop)

    async def take(self, chunk: BaseStreamChunk) -> list[BaseStreamChunk]:
        """Return *chunk* as its reader gets it.

        Raises:
            MediaError: A file cannot be written, or the medium is of another kind.
        """
        if not isinstance(chunk, MultimodalStreamChunk) or chunk.type is not ChunkType.MEDIA:
            return [chunk]
        if is_segment(chunk):
            await self._segment(chunk, chunk.media_id or "")
        return [chunk] if chunk.is_partial else await self._final(chunk)

    async def _segment(self, chunk: MultimodalStreamChunk, media_id: str) -> None:
        medium = self._open.get(media_id)
        if medium is None:
            medium = self._open[media_id] = _Medium(chunk.media_type or MediaType.FILE)
            if self._places.folder is not None:
                await medium.open_file(self._places.folder)
        await medium.take(chunk)

    async def finals(self) -> list[BaseStreamChunk]:
        """Return the finals of media whose segments have come, and nothing more."""
        left = [
            MultimodalStreamChunk(type=ChunkType.MEDIA, media_id=media_id, media_type=medium.media_type)
            for media_id, medium in self._open.items()
        ]
        return [one for final in left for one in await self._final(final)]

    async def _final(self, chunk: MultimodalStreamChunk) -> list[BaseStreamChunk]:
        self.finished += 1
        media_id = chunk.media_id or f"{self._prefix}media-{self.finished}"
        chunk = replace(chunk, media_id=media_id) if chunk.media_id is None else chunk
        medium = self._open.get(media_id)
        if medium is None:
            return await self._whole(chunk)
        final, warnings = await medium.end(chunk, self._places, self._kind)
        del self._open[media_id]
        return [*_told(warnings), final]

    async def _whole(self, chunk: MultimodalStreamChunk) -> list[BaseStreamChunk]:
        held = chunk.media_data is not None and chunk.media_encoding not in _REFERENCES
        data = bytes_or_reference(chunk) if held else None
        if not isinstance(data, bytes):
            return [chunk]
        metadata, doubt = typed(chunk.media_metadata, data[:HEAD_BYTES])
        if self._kind is not None:
            check_kind(self._kind, metadata, chunk.media_type)
        path = None
        if self._places.folder is not None:
            await in_thread(_made, self._places.folder)
            async with AtomicFile(self._places.folder) as file:
                await file.write(data)
                path = await file.finish(self._places.next(metadata.mime_type))
        metadata, problem = await measured(timed(metadata, len(data)), data)
        doubt = doubt or _named_otherwise(path, metadata.mime_type)
        final = replace(
            chunk,
            media_data=data,
            media_encoding=MediaEncoding.BINARY,
            media_metadata=metadata,
            path=str(path) if path is not None else chunk.path,
        )
        return [*_told([doubt, problem]), final]


class _Medium:
    """A medium that comes in segments."""

    def __init__(self, media_type: MediaType) -> None:
        self.media_type = media_type
        self._metadata: MediaMetadata | None = None
        self._head, self._size = b"", 0
        self._file: AtomicFile | None = None

    async def open_file(self, folder: Path) -> None:
        await in_thread(_made, folder)
        self._file = await AtomicFile(folder).__aenter__()

    async def drop(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            await file.__aexit__(None, None, None)

    async def take(self, chunk: MultimodalStreamChunk) -> None:
        data = None if chunk.media_data is None else bytes_or_reference(chunk)
        self._metadata = chunk.media_metadata or self._metadata
        if isinstance(data, bytes):
            self._size += len(data)
            self._head += data[: max(0, HEAD_BYTES - len(self._head))]
            if self._file is not None:
                await self._file.write(data)

    async def end(
        self, chunk: MultimodalStreamChunk, places: FilePlaces, kind: MediaType | None
    ) -> tuple[MultimodalStreamChunk, list[str | None]]:
        """Return the final, and warnings."""
        metadata, doubt = typed(chunk.media_metadata or self._metadata, self._head)
        if kind is not None:
            check_kind(kind, metadata, chunk.media_type)
        metadata = timed(metadata, self._size)
        if self._file is None:
            return replace(chunk, media_metadata=metadata), [doubt]
        path = await self._file.finish(places.next(metadata.mime_type))
        await self.drop()
        doubt = doubt or _named_otherwise(path, metadata.mime_type)
        metadata, problem = await measured(metadata, path)
        return replace(chunk, media_metadata=metadata, path=str(path)), [doubt, problem]


def _named_otherwise(path: Path | None, mime_type: str) -> str | None:
    """Return a warning where a file is named like another type than it has; None where it is not."""
    named = None if path is None else mime_of_name(path.name)
    if named is None or normal_mime(named) == normal_mime(mime_type) or (named, mime_type) in _ALSO_NAMED:
        return None
    return f"{path.name if path else ''} is named like {named}, and holds {normal_mime(mime_type)}"


def _told(warnings: list[str | None]) -> list[BaseStreamChunk]:
    return [backend_status("warning", detail=warning) for warning in warnings if warning]


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MediaError(f"cannot make the folder {excerpt(folder)!r}: {error.strerror}") from None
