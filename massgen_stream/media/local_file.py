"""A medium that decoders can seek in: bytes in memory, or a file."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from hashlib import sha256
from typing import IO, Any, Final

import msgspec

from ..errors import MediaError, MediaOverLimit
from ..stream_chunk.kinds import MediaType
from .detection import HEAD_BYTES, detect
from .origin import BytesOrigin, reason, unreadable
from .source import MediaSource
from .worker_thread import in_thread

MOST_IN_MEMORY: Final = 8 * 2**20
"""Bytes up to which a medium that is no file is kept in memory while it is worked on."""
_BLOCK_BYTES: Final = 2**20
MOST_BYTES: Final = 4 * 2**30
"""Bytes of a medium that is fetched from elsewhere, unless told otherwise."""


class LocalFile(msgspec.Struct, frozen=True, kw_only=True):
    """A whole medium at hand, and what it is. It can be sent to another process.

    Attributes:
        kind: Image, audio, video, document or file.
        mime_type: Its MIME type.
        shown: Whether its first bytes show the type.
        size_bytes: Its size.
        data: Its bytes; None: it is a file.
        path: The file; None: it is in memory.
        filename: Its name, where it has one.
        checksum: ``sha256:<hex>``, where it is known already.
    """

    kind: MediaType
    mime_type: str
    shown: bool
    size_bytes: int
    data: bytes | None = None
    path: str | None = None
    filename: str | None = None
    checksum: str | None = None

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Open it for reading; blocks.

        Raises:
            MediaError: It cannot be opened any more.
        """
        if self.path is None:
            yield io.BytesIO(self.data or b"")
            return
        try:
            file = open(self.path, "rb")  # noqa: PTH123, SIM115 - closed below
        except OSError as error:
            raise unreadable(self.path, error) from None
        with file:
            yield file

    def digest(self, going_on: Callable[[], object] = lambda: None) -> str:
        """Return its checksum, read anew where it is not known; blocks.

        Args:
            going_on: Called before every block; what it raises ends the work.
        """
        if self.checksum is not None:
            return self.checksum
        digest = sha256()
        with self.opened() as file:
            while block := file.read(_BLOCK_BYTES):
                going_on()
                digest.update(block)
        return f"sha256:{digest.hexdigest()}"

    def tail(self, size: int) -> bytes:
        """Return its last bytes; blocks."""
        with self.opened() as file:
            file.seek(max(0, self.size_bytes - size))
            return file.read(size)


@asynccontextmanager
async def local_file(medium: Any, *, max_bytes: int = MOST_BYTES, **declared: str | None) -> AsyncIterator[LocalFile]:
    """Have *medium* at hand for the time of the block; what is neither bytes nor a file is kept in a temporary one.

    Args:
        medium: Anything that `MediaSource.of` takes.
        max_bytes: Its largest size.
        **declared: ``mime_type`` and ``filename``.

    Raises:
        MediaError: It cannot be read, contradicts its declared type, or is over the limit.
    """
    source = MediaSource.of(medium, **declared)
    origin = source.origin
    if isinstance(origin, BytesOrigin):
        yield _described(source, origin.data, len(origin.data), max_bytes, data=origin.data)
    elif origin.path is not None:
        path, head, size = await in_thread(_looked_at, origin.path)
        yield _described(source, head, size, max_bytes, path=path)
    else:
        async with _kept(source, max_bytes) as file:
            yield file


def _described(source: MediaSource, head: bytes, size: int, max_bytes: int, **place: Any) -> LocalFile:
    if size > max_bytes:
        raise MediaOverLimit((f"medium of {size} bytes is over max_bytes {max_bytes}",))
    found = detect(head[:HEAD_BYTES], mime_type=source.mime_type, filename=source.filename)
    return LocalFile(
        kind=found.kind,
        mime_type=found.mime_type,
        shown=found.shown,
        size_bytes=size,
        filename=source.filename,
        checksum=source.checksum,
        **place,
    )


def _looked_at(place: str | os.PathLike[str]) -> tuple[str, bytes, int]:
    path = os.path.abspath(place)  # noqa: PTH100 - decoders take "http:x" for an address, "/…/http:x" never
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - the same bytes as those that the decoders read
            return path, file.read(HEAD_BYTES), os.fstat(file.fileno()).st_size
    except OSError as error:
        raise unreadable(path, error) from None


@asynccontextmanager
async def _kept(source: MediaSource, max_bytes: int) -> AsyncIterator[LocalFile]:
    held: list[bytes] = []
    size, spool = 0, None
    try:
        async with aclosing(source.chunks()) as chunks:
            async for chunk in chunks:
                size += len(chunk)
                if size > max_bytes:
                    raise MediaOverLimit((f"medium of at least {size} bytes is over max_bytes {max_bytes}",))
                held.append(chunk)
                if size > MOST_IN_MEMORY:
                    spool = spool or tempfile.NamedTemporaryFile(prefix="massgen-stream-")  # noqa: SIM115
                    held = await in_thread(_written, spool, held)
        if spool is None:
            data = b"".join(held)
            yield _described(source, data, size, max_bytes, data=data)
            return
        await in_thread(_written, spool, held)
        _, head, _ = await in_thread(_looked_at, spool.name)
        yield _described(source, head, size, max_bytes, path=spool.name)
    finally:
        if spool is not None:
            spool.close()


def _written(spool: IO[bytes], pieces: list[bytes]) -> list[bytes]:
    """Write *pieces*, and return what is left to write: nothing."""
    try:
        spool.writelines(pieces)
        spool.flush()
    except OSError as error:
        raise MediaError(f"cannot keep the medium while it is worked on: {reason(error)}") from None
    return []
