"""What was made of media: converted forms and previews, kept on disk."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any, Final
from weakref import WeakValueDictionary

from ..errors import MediaError
from ..stream_chunk.formatter.mime import HEAD_BYTES, mime_of_bytes
from ..stream_chunk.media_item import DEFAULT_MIME_TYPE
from .atomic_file import AtomicFile
from .cache_files import FEW_BYTES, CacheFile, CacheFiles, key_of
from .origin import BytesOrigin, PathOrigin
from .source import MediaSource
from .worker_thread import in_thread

FOLDER_VARIABLE: Final = "MASSGEN_STREAM_CACHE"
"""Environment variable that names the default folder."""
MAX_BYTES: Final = 2**30
_LOOKED_AT_EVERY: Final = 64
"""Entries that a process adds before it looks what other processes have added."""

Operation = str | Mapping[str, Any]


class CachedMedia(PathOrigin):
    """An entry of a cache; `MediaSource.of` reads it."""

    def __init__(self, file: CacheFile) -> None:
        super().__init__(file.path)
        self.filename = None
        self.checksum, self.mime_type, self.size_bytes = file.checksum, file.mime_type, file.size_bytes
        self._held = None if file.data is None else BytesOrigin(file.data)

    async def pieces(self, size: int) -> AsyncGenerator[bytes, None]:
        """Yield its bytes."""
        async with aclosing(self._held.pieces(size) if self._held else super().pieces(size)) as pieces:
            async for piece in pieces:
                yield piece


class MediaCache:
    """Results of operations on media, by the SHA-256 of the medium and the name of the operation.

    Several processes may use one folder. An entry that is damaged is not found, and made anew. When there is more than
    *max_bytes*, the entries used longest ago go; the one that was just made stays, however large it is.

    Args:
        folder: Where it is; None: the folder of the variable ``MASSGEN_STREAM_CACHE``, else one of the user.
        max_bytes: Bytes of all entries together.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None, *, max_bytes: int = MAX_BYTES) -> None:
        if max_bytes < 0:
            raise MediaError(f"max_bytes is 0 or more, not {max_bytes}")
        self.folder = _default_folder() if folder is None else Path(folder).absolute()
        self._files = CacheFiles(self.folder, max_bytes)
        self._max_bytes = max_bytes
        self._total: int | None = None
        self._added = 0
        self._making: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def get(self, digest: str, operation: Operation) -> CachedMedia | None:
        """Return what *operation* made of the medium; None when that is not known.

        Args:
            digest: Checksum of the medium.
            operation: What was done, with everything that the result depends on; a mapping is taken as its JSON.
        """
        found = await in_thread(self._files.find, key_of(digest, operation))
        return None if found is None else CachedMedia(found)

    async def put(self, digest: str, operation: Operation, result: Any, *, mime_type: str | None = None) -> CachedMedia:
        """Keep what *operation* made of the medium: anything that `MediaSource.of` takes.

        Raises:
            MediaError: It cannot be read or written.
        """
        source = MediaSource.of(result, mime_type=mime_type)
        type_of = source.mime_type or mime_of_bytes(await source.head(HEAD_BYTES)) or DEFAULT_MIME_TYPE
        await in_thread(_made, self.folder)
        held: list[bytes] = []
        size = 0
        async with AtomicFile(self.folder) as file, aclosing(source.chunks()) as pieces:
            async for piece in pieces:
                size += len(piece)
                held = [*held, piece] if size <= FEW_BYTES else []
                await file.write(piece)
            checksum = str(source.checksum)
            path = await file.finish(self._files.place_of(key_of(digest, operation), checksum, type_of))
        await self._make_room(path, size)
        data = b"".join(held) if size <= FEW_BYTES else None
        return CachedMedia(CacheFile(path, checksum, type_of, size, data))

    async def get_or_make(
        self,
        digest: str,
        operation: Operation,
        make: Callable[[], Awaitable[Any]],
        *,
        mime_type: str | None = None,
    ) -> CachedMedia:
        """Return what is kept, else what *make* returns, which is kept from now on.

        Several callers of one process that want the same at once wait for one of them to make it.

        Raises:
            MediaError: It cannot be read or written.
            Exception: What *make* raises; then nothing is kept.
        """
        lock = self._making.setdefault(key_of(digest, operation), asyncio.Lock())
        async with lock:
            found = await self.get(digest, operation)
            if found is not None:
                return found
            return await self.put(digest, operation, await make(), mime_type=mime_type)

    async def clear(self) -> None:
        """Remove every entry."""
        await in_thread(self._files.clear)
        self._total = None

    async def _make_room(self, path: Path, size: int) -> None:
        self._added += 1
        if self._total is not None:
            self._total += size
        if self._total is None or self._total > self._max_bytes or self._added % _LOOKED_AT_EVERY == 0:
            self._total = await in_thread(self._files.evict, path)


def _default_folder() -> Path:
    given = os.environ.get(FOLDER_VARIABLE)
    if given:
        return Path(given).absolute()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "massgen-stream" / "media"


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MediaError(f"cannot make cache folder {str(folder)!r}: {error.strerror}") from None
