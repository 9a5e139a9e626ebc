"""What a backend offers of its vendor's endpoint for files."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from secrets import token_hex
from typing import Any

from ..errors import ConfigurationError, MassGenStreamError, ProviderError, TransportError
from ..provider.spec import ProviderSpec
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.multimodal import MultimodalStreamChunk
from .account import Account
from .file_endpoint import UploadOptions
from .instruments import Instruments
from .translate import translate, without_secrets
from .uploads import Part, Uploads

_TRANSPORT = ("transport", "timeout")


class Uploading:
    """The part of a backend that uploads and deletes files.

    Attributes:
        uploads: What was uploaded; None where the vendor keeps no files, or none that can be uploaded here.
    """

    provider: ProviderSpec
    account: Account
    instruments: Instruments
    uploads: Uploads | None = None

    async def upload(self, medium: Any, **options: Any) -> Part:
        """Upload a medium, unless the same content has been uploaded, and return the part that stands for it.

        Args:
            medium: Anything that `massgen_stream.media.MediaSource.of` takes.
            options: Fields of `UploadOptions`: ``purpose``, ``kind``, ``mime_type``, ``filename``,
                ``expires_after_seconds``.

        Returns:
            A part for messages to this provider, with ``file_id`` and, where there is one, ``expires_at`` (Unix
            seconds).

        Raises:
            ConfigurationError: The provider keeps no files, or an option cannot be used.
            MediaError: The medium cannot be read.
            ProviderError: The vendor refused it.
            TransportError: The vendor cannot be reached.
        """
        part: Part = {}
        async with aclosing(self.stream_upload(medium, **options)) as chunks:
            async for chunk in chunks:
                if chunk.type is ChunkType.ATTACHMENT_COMPLETE and chunk.attachments:
                    part = chunk.attachments[0]
        return part

    def stream_upload(self, medium: Any, **options: Any) -> AsyncGenerator[MultimodalStreamChunk, None]:
        """Return the stream of an upload: `attachment` chunks, and one `attachment_complete` that holds the part.

        Args:
            medium: As `upload`.
            options: As `upload`.

        Raises:
            ConfigurationError: As `upload`, at the call; all else while the stream is read.
        """
        unknown = set(options) - set(UploadOptions._fields)
        if unknown:
            known = ", ".join(UploadOptions._fields)
            raise ConfigurationError(f"upload takes no {min(unknown)}; its options are {known}")
        uploads, wanted = self._kept(), UploadOptions(**options)
        uploads.check(wanted)
        return self._told(uploads.stream(medium, wanted, f"upload_{token_hex(8)}"))

    async def delete_file(self, file_id: str) -> None:
        """Delete a file that was uploaded.

        Raises:
            ConfigurationError: The provider keeps no files.
            ProviderError: The vendor refused, or has no such file.
            TransportError: The vendor cannot be reached.
        """
        uploads = self._kept()
        try:
            await uploads.delete(file_id)
        except Exception as error:  # noqa: BLE001 - whatever the SDK raises becomes an error of ours
            raise self._typed(error) from None

    def _kept(self) -> Uploads:
        if self.uploads is None:
            raise ConfigurationError(f"{self.provider.name} has no files to upload to; send the bytes, or a url")
        return self.uploads

    async def _told(
        self, chunks: AsyncGenerator[MultimodalStreamChunk, None]
    ) -> AsyncGenerator[MultimodalStreamChunk, None]:
        async with aclosing(chunks):
            while (chunk := await self._next(chunks)) is not None:
                yield chunk

    async def _next(self, chunks: AsyncGenerator[MultimodalStreamChunk, None]) -> MultimodalStreamChunk | None:
        try:
            return await anext(chunks, None)
        except Exception as error:  # noqa: BLE001 - whatever the SDK raises becomes an error of ours
            raise self._typed(error) from None

    def _typed(self, error: Exception) -> MassGenStreamError:
        """Return the error of ours that an SDK's means."""
        if isinstance(error, MassGenStreamError):
            return error
        provider = self.provider.name
        told = translate(error, provider=provider, now=self.instruments.wall_clock()).chunk
        told = without_secrets(told, provider, *self.account.secrets)
        info, message = told.error_info or {}, told.error or ""
        if info.get("kind") in _TRANSPORT:
            return TransportError(message, kind=info["kind"], retryable=bool(info.get("retryable")))
        names = ("kind", "status", "code", "retryable", "retry_after_seconds", "raw")
        return ProviderError(message, provider=provider, **{name: info[name] for name in names if name in info})
