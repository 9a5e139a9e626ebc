"""A file that appears under its name whole, or not at all."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from ..errors import MediaError, excerpt
from .origin import reason
from .part_files import hold, new_part, sweep_once
from .worker_thread import in_thread, opened_in_thread, result_of, settled

WORTH_A_WRITE: Final = 256 * 1024
"""Bytes that are gathered before a worker thread writes them: small pieces would spend more time on threads."""
_MOST_MOVES: Final = 8


class AtomicFile:
    """Takes the bytes of a file, beside its place, and puts it there when all have come.

    Use it as ``async with``; leaving by an exception removes what was written. A process that is killed leaves a file
    whose name begins with a dot and ends in ``.part``, which a later one removes (see `part_files`).

    Attributes:
        path: Its place; None while that is not known yet, see `finish`.
    """

    def __init__(self, folder: Path, path: Path | None = None) -> None:
        self._folder, self.path = folder, path
        self._part = new_part(folder, path.name if path else "new")
        self._file: IO[bytes] | None = None
        self._gathered: list[bytes] = []
        self._size = 0
        self._busy: asyncio.Future[None] | None = None

    @classmethod
    def at(cls, path: str | os.PathLike[str]) -> AtomicFile:
        """Return the file for *path*."""
        place = Path(path)
        return cls(place.parent, place)

    async def __aenter__(self) -> Self:
        try:
            self._file = await opened_in_thread(self._opened, self._abandoned)
        except (OSError, ValueError) as error:
            raise self._unwritable(error) from None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await settled(self._busy)
        finally:
            self._drop()

    async def write(self, piece: bytes) -> None:
        """Take the next piece; it is written while the caller goes on, at most one at a time.

        Raises:
            MediaError: An earlier piece could not be written.
        """
        self._gathered.append(piece)
        self._size += len(piece)
        if self._size >= WORTH_A_WRITE:
            await self._flush()

    async def finish(self, path: Path | None = None) -> Path:
        """Put the file to its place, or to *path*, over what was there; return the place.

        Raises:
            MediaError: It cannot be written.
        """
        place = path or self.path or self._part
        await self._flush()
        await self._idle()
        try:
            await in_thread(self._moved, place)
        except OSError as error:
            raise self._unwritable(error) from None
        return place

    async def _flush(self) -> None:
        await self._idle()
        pieces, self._gathered, self._size = self._gathered, [], 0
        if pieces:
            self._busy = in_thread(self._written, pieces)

    async def _idle(self) -> None:
        busy = self._busy
        if busy is None:
            return
        try:
            await result_of(busy)
        except OSError as error:
            raise self._unwritable(error) from None
        self._busy = None

    def _opened(self) -> IO[bytes]:
        sweep_once(self._folder)
        file = open(self._part, "xb", buffering=0)  # noqa: PTH123, SIM115 - kept open
        hold(file)
        return file

    def _abandoned(self, file: IO[bytes]) -> None:
        self._file = file
        self._drop()

    def _written(self, pieces: list[bytes]) -> None:
        file = self._file
        for piece in pieces:
            view = memoryview(piece)
            while view and file is not None:  # a full disk takes a part before it says so
                view = view[file.write(view) :]

    def _moved(self, place: Path) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        for _ in range(_MOST_MOVES):
            place.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # somebody has just removed the empty folder
                self._part.replace(place)
                return
        self._part.replace(place)

    def _drop(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        with suppress(OSError):
            self._part.unlink()

    def _unwritable(self, error: Exception) -> MediaError:
        return MediaError(f"cannot write {excerpt(self.path or self._folder)!r}: {reason(error)}")
