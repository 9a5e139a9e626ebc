"""xAI's files (``xai_api.Files``): https://docs.x.ai/docs/guides/files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final

from ..errors import TransportError
from ..outlasting import ended
from .file_endpoint import CountedFile, FileEndpoint, Outgoing, Stored
from .limits import StreamLimits

_PIECE_BYTES: Final = 2**20
"""Of one message; the SDK sends 3 MiB, and a message has 20 at most."""


class FileService:
    """The service on an open channel.

    Args:
        messages: The module ``files_pb2``.
        stub: ``FilesStub`` of the channel.
        metadata: What every call carries.
    """

    def __init__(self, messages: Any, stub: Any, metadata: tuple[tuple[str, str], ...]) -> None:
        self._messages, self._stub, self._metadata = messages, stub, metadata

    def uploading(self, file: Outgoing) -> Any:
        """Begin to upload a file, and return the call."""
        return self._stub.UploadFile(self._chunks(file), metadata=self._metadata)

    def deleting(self, file_id: str, seconds: float | None) -> Any:
        """Begin to delete a file, and return the call."""
        asked = self._messages.DeleteFileRequest(file_id=file_id)
        return self._stub.DeleteFile(asked, metadata=self._metadata, timeout=seconds)

    async def _chunks(self, file: Outgoing) -> AsyncGenerator[Any, None]:
        chunk = self._messages.UploadFileChunk
        yield chunk(init=self._messages.UploadFileInit(name=file.filename, expires_after=file.expires_after_seconds))
        while piece := file.content.read(_PIECE_BYTES):
            yield chunk(data=piece)


def files_transport(limits: StreamLimits) -> dict[str, Any]:
    """Return how long calls about files may take."""
    return {"read_timeout": limits.read_timeout}


async def _send(service: FileService, file: Outgoing, transport: Mapping[str, Any]) -> Stored:
    call = asyncio.ensure_future(service.uploading(file))
    try:
        await _ended(call, file.content, transport["read_timeout"])
        found = call.result()
    finally:
        call.cancel()
        await ended(call)  # it reads the file, which is closed now
    return Stored(found.id, found.expires_at.ToSeconds() if found.HasField("expires_at") else None)


async def _ended(call: asyncio.Future[Any], content: CountedFile, limit: float | None) -> None:
    """Wait for the end of an upload.

    gRPC knows a deadline for a whole call, which a large file would use up, and none between two messages.

    Raises:
        TransportError: Nothing has been taken for so many seconds.
    """
    while not call.done():
        before = content.sent
        await asyncio.wait([call], timeout=limit)
        if not call.done() and content.sent == before:
            why = f"the server took nothing of the file within read_timeout ({limit:g} s)"
            raise TransportError(why, kind="timeout")


async def _delete(service: FileService, file_id: str, transport: Mapping[str, Any]) -> None:
    await service.deleting(file_id, transport["read_timeout"])


GROK_FILES: Final = FileEndpoint(_send, _delete)
