"""Where the bytes of a medium come from: memory, base64, a file, an iterator, or a place that others keep."""

from __future__ import annotations

import asyncio
import os
import stat
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import IO, Any

from ..errors import BrokenMedia, MediaError, excerpt
from .base64_stream import Base64Decoder, base64_size
from .worker_thread import in_thread, opened_in_thread, result_of, settled


class Origin(ABC):
    """What holds the bytes of one medium.

    Laws: `pieces` yields the bytes in order, each piece not empty and of any size up to about the one asked for; it
    closes what it opened when it is closed; where `repeatable` is true, every call yields the same bytes.

    Attributes:
        size_bytes: Size, where it is known before reading.
        mime_type: What the origin itself says of the type.
        filename: Its name there.
        repeatable: Whether it can be read again.
        is_near: Whether reading it again costs little.
        path: The file, where it is one.
        url: The address, where it has one.
        file_id: The vendor's id, where it has one.
        checksum: ``sha256:<hex>``, where it promises one.
    """

    size_bytes: int | None = None
    mime_type: str | None = None
    filename: str | None = None
    repeatable: bool = True
    is_near: bool = True
    path: Path | None = None
    url: str | None = None
    file_id: str | None = None
    checksum: str | None = None

    @abstractmethod
    def pieces(self, size: int) -> AsyncGenerator[bytes, None]:
        """Yield the bytes.

        Raises:
            MediaError: They cannot be read.
        """


class BytesOrigin(Origin):
    """Bytes in memory."""

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        self.data = bytes(data)
        self.size_bytes = len(self.data)

    async def pieces(self, size: int) -> AsyncGenerator[bytes, None]:
        """Yield slices; a medium of one piece is not copied."""
        if 0 < len(self.data) <= size:
            yield self.data
            return
        for start in range(0, len(self.data), size):
            yield self.data[start : start + size]


class Base64Origin(Origin):
    """Base64 text in memory, decoded piece by piece."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.size_bytes = base64_size(text)

    async def pieces(self, size: int) -> AsyncGenerator[bytes, None]:
        """Yield what slices of the text stand for."""
        decoder, step = Base64Decoder(), max(1, size // 3) * 4
        for start in range(0, len(self._text), step):
            piece = decoder.feed(self._text[start : start + step])
            if piece:
                yield piece
        decoder.close()


class PathOrigin(Origin):
    """A file; the next piece is read in a worker thread while the reader works on the last one."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = self.path = Path(path)
        self.filename = self._path.name or None

    async def pieces(self, size: int) -> AsyncGenerator[bytes, None]:
        """Yield the file's bytes; a file that changes while it is read is an error."""
        file, length = await opened_in_thread(self.opened, lambda found: found[0].close())
        ahead: asyncio.Future[bytes] | None = None
        left = length
        try:
            while left:
                ahead = ahead or in_thread(file.read, min(size, left))
                piece = await _readable(ahead, self._path)
                left -= len(piece)
                if not piece:
                    raise BrokenMedia(f"{str(self.path)!r} became shorter while it was read; read it again")
                ahead = in_thread(file.read, min(size, left)) if left else None
                yield piece
        finally:
            try:
                await settled(ahead)
            finally:
                file.close()

    def opened(self) -> tuple[IO[bytes], int]:
        """Return the open file and its size; blocks.

        Raises:
            MediaError: It cannot be opened, or is no regular file.
        """
        try:
            # a pipe would block until somebody writes; without the flag even opening it would
            file = open(self._path, "rb", buffering=0, opener=_without_waiting)  # noqa: SIM115 - kept open
        except (OSError, ValueError) as error:
            raise unreadable(self.path, error) from None
        found = os.fstat(file.fileno())
        if stat.S_ISREG(found.st_mode):
            return file, found.st_size
        file.close()
        raise MediaError(f"{str(self.path)!r} is no file; pass the path of one")


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


class FileObjectOrigin(Origin):
    """An open binary file or anything with its `read`; read once, in worker threads, and left open."""

    repeatable = False

    def __init__(self, file: Any) -> None:
        self._file = file

    async def pieces(self, size: int) -> AsyncGenerator[bytes, None]:
        """Yield what `read` gives."""
        ahead: asyncio.Future[bytes] | None = None
        try:
            while True:
                ahead = in_thread(self._file.read, size)
                piece = await result_of(ahead)
                if not piece:
                    return
                yield bytes_of_piece(piece)
        finally:
            await settled(ahead)


class IteratorOrigin(Origin):
    """An asynchronous iterator of pieces; read once, and closed when it can be."""

    repeatable = False

    def __init__(self, iterator: AsyncIterator[bytes]) -> None:
        self._iterator = iterator

    async def pieces(self, size: int) -> AsyncGenerator[bytes, None]:  # noqa: ARG002 - it has pieces of its own
        """Yield what the iterator yields."""
        if isinstance(self._iterator, AsyncGenerator):
            async with aclosing(self._iterator) as generator:
                async for piece in generator:
                    if len(piece):
                        yield bytes_of_piece(piece)
            return
        async for piece in self._iterator:
            if len(piece):
                yield bytes_of_piece(piece)


class FileIdOrigin(Origin):
    """A file that a vendor keeps: it has a name, and no bytes that could be had from here."""

    def __init__(self, file_id: str) -> None:
        self.file_id = file_id

    def pieces(self, size: int) -> AsyncGenerator[bytes, None]:  # noqa: ARG002 - it has none
        """Refuse: only the vendor has the bytes."""
        raise MediaError(f"the bytes of file id {excerpt(self.file_id)!r} are with the vendor; pass the medium itself")


def bytes_of_piece(piece: object) -> bytes:
    """Return a piece as `bytes`.

    Raises:
        MediaError: It is something else, such as text.
    """
    if isinstance(piece, bytes):
        return piece
    if isinstance(piece, bytearray | memoryview):
        return bytes(piece)
    raise MediaError(f"a medium comes in pieces of bytes, not of {type(piece).__name__}; open files in binary mode")


async def _readable(reading: asyncio.Future[bytes], path: Path) -> bytes:
    try:
        return await result_of(reading)
    except OSError as error:
        raise unreadable(path, error) from None


def unreadable(path: object, error: Exception) -> MediaError:
    """Return the error for a file that cannot be read."""
    return MediaError(f"cannot read {excerpt(path)!r}: {reason(error)}")


def reason(error: Exception) -> str:
    """Return what an error of the operating system says, without the path that it repeats."""
    return error.strerror if isinstance(error, OSError) and error.strerror else excerpt(error)


async def recut(pieces: AsyncGenerator[bytes, None], size: int) -> AsyncGenerator[bytes, None]:
    """Yield the same bytes in pieces of exactly *size*, the last one of what is left; close *pieces*."""
    if size < 1:
        raise MediaError(f"a piece has at least one byte, not {size}")
    held: list[bytes] = []
    length = 0
    async with aclosing(pieces):
        async for piece in pieces:
            if not held and len(piece) == size:
                yield piece
                continue
            held.append(piece)
            length += len(piece)
            if length < size:
                continue
            joined, end = b"".join(held), length - length % size
            for start in range(0, end, size):
                yield joined[start : start + size]
            held, length = [joined[end:]] if end < length else [], length - end
    if held:
        yield b"".join(held)
