"""Files that a backend has uploaded to its vendor."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..errors import ConfigurationError
from ..stream_chunk.formatter.mime import extension_of
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from .file_endpoint import CountedFile, FileEndpoint, Outgoing, Stored

if TYPE_CHECKING:
    from ..media.local_file import LocalFile

Part = dict[str, Any]
Door = Callable[[], Awaitable[tuple[Any, Mapping[str, Any]]]]
"""Returns the SDK's open client, and arguments for the transport."""
PROGRESS_SECONDS: Final = 0.1
_PIECE_BYTES: Final = 2**20
_SPARE_SECONDS: Final = 300.0
"""A file that the vendor forgets sooner than this is uploaded again."""


class UploadOptions(NamedTuple):
    """How a medium is uploaded.

    Attributes:
        purpose: What the vendor is to do with it, where it asks (OpenAI's ``user_data``, ``vision`` …).
        kind: Type of the part: image, audio, video, document or file; by default as its bytes show.
        mime_type: What it is declared as.
        filename: Its name.
        expires_after_seconds: When the vendor is to forget it.
    """

    purpose: str | None = None
    kind: str | None = None
    mime_type: str | None = None
    filename: str | None = None
    expires_after_seconds: int | None = None


class Uploads:
    """Uploads media, each content once, and deletes them.

    Args:
        endpoint: What the vendor's SDK does with files.
        door: Opens the client.
        provider: The provider's name, for chunks.
        wall_clock: Returns Unix seconds.
    """

    def __init__(self, endpoint: FileEndpoint, door: Door, provider: str, wall_clock: Callable[[], float]) -> None:
        self._endpoint, self._door, self._provider, self._now = endpoint, door, provider, wall_clock
        self._known: dict[tuple[object, ...], Stored] = {}

    def check(self, options: UploadOptions) -> None:
        """Refuse options that the vendor has no place for.

        Raises:
            ConfigurationError: It asks for no purpose.
        """
        if options.purpose is not None and not self._endpoint.has_purposes:
            raise ConfigurationError(f"purpose: {self._provider} asks for none; leave it out")

    async def stream(
        self, medium: Any, options: UploadOptions, media_id: str
    ) -> AsyncGenerator[MultimodalStreamChunk, None]:
        """Yield `attachment` chunks while the medium is sent, and `attachment_complete` with its part.

        Raises:
            MediaError: It cannot be read.
            Exception: Whatever the SDK raises.
        """
        from ..media.local_file import local_file  # noqa: PLC0415 - only where it is needed
        from ..media.worker_thread import in_thread  # noqa: PLC0415 - the same

        async with local_file(medium, mime_type=options.mime_type, filename=options.filename) as file:
            said = (file.mime_type, file.filename, options.purpose, options.expires_after_seconds)
            key = (await in_thread(_digest, file), *said)
            stored = self._known.get(key)
            if stored is None or self._is_over(stored):
                sending = _Sending(self._endpoint, file, options)
                async with aclosing(sending.progress(self._door)) as told:
                    async for sent in told:
                        yield self._chunk(sent, file, media_id)
                stored = self._known[key] = sending.stored()
            part = _part(file, stored, options.kind)
            yield self._complete(part, file, media_id)

    async def delete(self, file_id: str) -> None:
        """Delete a file at the vendor, and forget it here."""
        sdk, transport = await self._door()
        await self._endpoint.delete(sdk, file_id, transport)
        self._known = {key: stored for key, stored in self._known.items() if stored.file_id != file_id}

    def _is_over(self, stored: Stored) -> bool:
        return stored.expires_at is not None and stored.expires_at - self._now() < _SPARE_SECONDS

    def _chunk(self, sent: int, file: LocalFile, media_id: str) -> MultimodalStreamChunk:
        return MultimodalStreamChunk(
            type=ChunkType.ATTACHMENT,
            media_id=media_id,
            media_type=file.kind,
            stage="uploading",
            bytes_transferred=sent,
            total_bytes=file.size_bytes,
            progress_percentage=100.0 * sent / file.size_bytes if file.size_bytes else None,
            provider=self._provider,
        )

    def _complete(self, part: Part, file: LocalFile, media_id: str) -> MultimodalStreamChunk:
        return MultimodalStreamChunk(
            type=ChunkType.ATTACHMENT_COMPLETE,
            media_id=media_id,
            media_type=file.kind,
            attachments=[part],
            bytes_transferred=file.size_bytes,
            total_bytes=file.size_bytes,
            provider=self._provider,
        )


class _Sending:
    """One file under way."""

    def __init__(self, endpoint: FileEndpoint, file: LocalFile, options: UploadOptions) -> None:
        self._endpoint, self._file, self._options = endpoint, file, options
        self._stored: Stored | None = None

    async def progress(self, door: Door) -> AsyncGenerator[int, None]:
        """Yield how many bytes have been handed to the network."""
        sdk, transport = await door()
        with self._file.opened() as content:
            counted = CountedFile(content, self._file.size_bytes)
            task = asyncio.ensure_future(self._endpoint.send(sdk, self._outgoing(counted), transport))
            told = 0
            try:
                yield told
                while not task.done():
                    await asyncio.wait([task], timeout=PROGRESS_SECONDS)
                    if counted.sent > told:
                        told = counted.sent
                        yield told
                self._stored = task.result()
            finally:
                task.cancel()
                await asyncio.wait([task])  # it reads the file, which is closed now

    def stored(self) -> Stored:
        """Return the file, after `progress` has ended."""
        if self._stored is None:
            raise RuntimeError("the upload has not ended")
        return self._stored

    def _outgoing(self, content: CountedFile) -> Outgoing:
        file, options = self._file, self._options
        name = file.filename or f"{file.kind.value}.{extension_of(file.mime_type)}"
        return Outgoing(content, name, file.mime_type, options.purpose, options.expires_after_seconds)


def _digest(file: LocalFile) -> str:
    digest = hashlib.sha256()
    with file.opened() as content:
        for piece in iter(lambda: content.read(_PIECE_BYTES), b""):
            digest.update(piece)
    return digest.hexdigest()


def _part(file: LocalFile, stored: Stored, kind: str | None) -> Part:
    part: Part = {"type": kind or file.kind.value, "file_id": stored.file_id, "mime_type": file.mime_type}
    part |= {"filename": file.filename} if file.filename and part["type"] in ("document", "file") else {}
    return part | ({} if stored.expires_at is None else {"expires_at": stored.expires_at})
