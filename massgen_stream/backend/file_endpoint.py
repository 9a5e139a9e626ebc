"""How each vendor's SDK uploads and deletes files."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Mapping
from typing import IO, Any, Final, NamedTuple

USER_DATA: Final = "user_data"
"""OpenAI's purpose of files that go into requests."""


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


class Stored(NamedTuple):
    """A file that a vendor has.

    Attributes:
        file_id: Its id.
        expires_at: Unix seconds; None: never, or not told.
        is_ready: Whether requests may name it already.
    """

    file_id: str
    expires_at: float | None
    is_ready: bool = True


class CountedFile(io.BufferedIOBase):
    """A file that tells how much of it has been read, for HTTP libraries that read it piece by piece."""

    def __init__(self, content: IO[bytes], size: int) -> None:
        self._content, self._size = content, size
        self.sent = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes."""
        data = self._content.read(-1 if size is None else size)
        self.sent = min(self._size, self.sent + len(data))
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go elsewhere; from the start all is counted anew."""
        position = self._content.seek(offset, whence)
        self.sent = 0 if position == 0 else self.sent
        return position

    def tell(self) -> int:
        """Return the position."""
        return self._content.tell()

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def seekable(self) -> bool:
        """Return that positions can be gone to."""
        return True


class Outgoing(NamedTuple):
    """A file on its way.

    Attributes:
        content: Its bytes.
        filename: Its name.
        mime_type: Its MIME type.
        purpose: What the vendor is to do with it, where it asks; None: it goes into requests.
        expires_after_seconds: When the vendor is to forget it; None: as it likes.
    """

    content: CountedFile
    filename: str
    mime_type: str
    purpose: str | None
    expires_after_seconds: int | None


class FileEndpoint(NamedTuple):
    """What an SDK's client can do with files; each takes the client, and arguments for the transport.

    Attributes:
        send: Uploads a file.
        delete: Deletes a file by its id.
        has_purposes: Whether the vendor asks what a file is for.
        has_expiry: Whether it can be told when to forget a file.
        look: Looks again at a file that is not ready; None where every file is at once.
    """

    send: Callable[[Any, Outgoing, Mapping[str, Any]], Awaitable[Stored]]
    delete: Callable[[Any, str, Mapping[str, Any]], Awaitable[None]]
    has_purposes: bool = False
    has_expiry: bool = True
    look: Callable[[Any, Stored, Mapping[str, Any]], Awaitable[Stored]] | None = None


async def _send_to_openai(sdk: Any, file: Outgoing, transport: Mapping[str, Any]) -> Stored:
    lasts = file.expires_after_seconds
    expiry = {} if lasts is None else {"expires_after": {"anchor": "created_at", "seconds": lasts}}
    found = await sdk.files.create(
        file=(file.filename, file.content, file.mime_type), purpose=file.purpose or USER_DATA, **expiry, **transport
    )
    return Stored(found.id, found.expires_at)


async def _send_to_anthropic(sdk: Any, file: Outgoing, transport: Mapping[str, Any]) -> Stored:
    lasts = file.expires_after_seconds
    expiry = {} if lasts is None else {"expires_in_seconds": lasts}
    found = await sdk.files.upload(file=(file.filename, file.content, file.mime_type), **expiry, **transport)
    return Stored(found.id, None if found.expires_at is None else found.expires_at.timestamp())


async def _delete(sdk: Any, file_id: str, transport: Mapping[str, Any]) -> None:
    await sdk.files.delete(file_id, **transport)


OPENAI_FILES: Final = FileEndpoint(_send_to_openai, _delete, has_purposes=True)
"""https://platform.openai.com/docs/api-reference/files"""
ANTHROPIC_FILES: Final = FileEndpoint(_send_to_anthropic, _delete)
"""https://platform.claude.com/docs/en/build-with-claude/files"""
