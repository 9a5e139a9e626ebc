"""Files that a backend has uploaded to its vendor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ..errors import ConfigurationError
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from .file_endpoint import FileEndpoint, Stored, UploadOptions
from .shared_upload import Door, SharedUpload, Step

if TYPE_CHECKING:
    from ..media.local_file import LocalFile

Part = dict[str, Any]
Key = tuple[object, ...]
_SPARE_SECONDS: Final = 300.0
"""A file that the vendor forgets sooner than this is uploaded again."""


class Uploads:
    """Uploads media, each content once, and deletes them.

    Args:
        endpoint: What the vendor's SDK does with files.
        door: Opens the client.
        provider: The provider's name, for chunks.
        wall_clock: Returns Unix seconds.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        endpoint: FileEndpoint,
        door: Door,
        provider: str,
        wall_clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._endpoint, self._door, self._provider = endpoint, door, provider
        self._now, self._sleep = wall_clock, sleep
        self._known: dict[Key, Stored] = {}
        self._under_way: dict[Key, SharedUpload] = {}

    def check(self, options: UploadOptions) -> None:
        """Refuse options that the vendor has no place for.

        Raises:
            ConfigurationError: It asks for no purpose, or cannot be told when to forget a file.
        """
        if options.purpose is not None and not self._endpoint.has_purposes:
            raise ConfigurationError(f"purpose: {self._provider} asks for none; leave it out")
        if options.expires_after_seconds is not None and not self._endpoint.has_expiry:
            raise ConfigurationError(f"expires_after_seconds: {self._provider} decides itself; leave it out")

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

        async with AsyncExitStack() as holding:
            opening = local_file(medium, mime_type=options.mime_type, filename=options.filename)
            file = await holding.enter_async_context(opening)
            said = (file.mime_type, file.filename, options.purpose, options.expires_after_seconds)
            key = (await in_thread(file.digest), *said)
            stored = self._known.get(key)
            if stored is None or self._is_over(stored):
                shared = self._shared(key, file, options, holding)
                async with aclosing(shared.progress()) as steps:
                    async for step in steps:
                        yield self._chunk(step, file, media_id)
                stored = shared.stored()
            yield self._complete(_part(file, stored, options.kind), file, media_id)

    async def delete(self, file_id: str) -> None:
        """Delete a file at the vendor, and forget it here."""
        sdk, transport = await self._door()
        await self._endpoint.delete(sdk, file_id, transport)
        self._known = {key: stored for key, stored in self._known.items() if stored.file_id != file_id}

    def _shared(self, key: Key, file: LocalFile, options: UploadOptions, holding: AsyncExitStack) -> SharedUpload:
        """Return the upload of this content that is under way, else a new one, which takes the file along."""
        shared = self._under_way.get(key)
        if shared is not None and shared.may_be_joined:
            return shared
        shared = self._under_way[key] = SharedUpload(
            self._endpoint,
            self._door,
            file,
            options,
            holding=holding.pop_all(),
            sleep=self._sleep,
            provider=self._provider,
        )
        shared.whenever_done(partial(self._settle, key, shared))
        return shared

    def _settle(self, key: Key, shared: SharedUpload, stored: Stored | None) -> None:
        if self._under_way.get(key) is shared:
            del self._under_way[key]
        if stored is not None:
            self._known[key] = stored

    def _is_over(self, stored: Stored) -> bool:
        return stored.expires_at is not None and stored.expires_at - self._now() < _SPARE_SECONDS

    def _chunk(self, step: Step, file: LocalFile, media_id: str) -> MultimodalStreamChunk:
        return MultimodalStreamChunk(
            type=ChunkType.ATTACHMENT,
            media_id=media_id,
            media_type=file.kind,
            stage=step.stage,
            bytes_transferred=step.sent,
            total_bytes=file.size_bytes,
            progress_percentage=100.0 * step.sent / file.size_bytes if file.size_bytes else None,
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


def _part(file: LocalFile, stored: Stored, kind: str | None) -> Part:
    part: Part = {"type": kind or file.kind.value, "file_id": stored.file_id, "mime_type": file.mime_type}
    part |= {"filename": file.filename} if file.filename and part["type"] in ("document", "file") else {}
    return part | ({} if stored.expires_at is None else {"expires_at": stored.expires_at})
