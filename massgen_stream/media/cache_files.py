"""The files of a media cache: found, verified, evicted. Everything here blocks.

An entry is one file, ``<first two>/<key>/<SHA-256 of its bytes>.<its MIME type, quoted>``. So it says itself whether it
is whole, it holds nothing but the medium, and processes that make the same entry at once do not disturb each other.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote, unquote

from .part_files import PART_SUFFIX

_NAME: Final = re.compile(r"([0-9a-f]{64})\.([\w%.+-]{1,150})")
_ABANDONED_SECONDS: Final = 3600.0
FEW_BYTES: Final = 2**20
_LEFT_FULL: Final = 0.9
"""How full an eviction leaves the cache, so that the next entry does not need another one."""


class CacheFile(NamedTuple):
    """An entry.

    Attributes:
        path: Its file.
        checksum: ``sha256:<hex>`` of it.
        mime_type: Its MIME type.
        size_bytes: Its size.
        data: Its bytes, unless there are many: so they stay when another process evicts the file.
    """

    path: Path
    checksum: str
    mime_type: str
    size_bytes: int
    data: bytes | None


class _Seen(NamedTuple):
    path: Path
    size_bytes: int
    used_ns: int


def key_of(digest: str, operation: str | Mapping[str, Any]) -> str:
    """Return the key of an operation on a medium."""
    told = operation if isinstance(operation, str) else json.dumps(operation, sort_keys=True)
    return sha256(f"{digest.lower()}\n{told}".encode()).hexdigest()


class CacheFiles:
    """The entries below *folder*."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder = folder
        self._max_bytes = max_bytes
        self._verified: dict[Path, tuple[int, int]] = {}

    def place_of(self, key: str, checksum: str, mime_type: str) -> Path:
        """Return where an entry belongs."""
        return self._folder_of(key) / f"{checksum.removeprefix('sha256:')}.{quote(mime_type, safe='')}"

    def find(self, key: str) -> CacheFile | None:
        """Return an entry that is whole, and count it as used; remove what is not whole."""
        with suppress(FileNotFoundError, NotADirectoryError):
            for path in sorted(self._folder_of(key).iterdir()):
                found = self._checked(path)
                if found is not None:
                    return found
        return None

    def evict(self, spared: Path) -> int:
        """Remove what was used longest ago while there is too much, except *spared*; return the bytes that are left."""
        seen = sorted(self._entries(), key=lambda entry: entry.used_ns)
        left = sum(entry.size_bytes for entry in seen)
        if left <= self._max_bytes:
            return left
        for entry in seen:
            if left <= self._max_bytes * _LEFT_FULL:
                break
            if entry.path != spared:
                self._remove(entry.path)
                left -= entry.size_bytes
        return left

    def clear(self) -> None:
        """Remove every entry."""
        for entry in list(self._entries()):
            self._remove(entry.path)

    def _folder_of(self, key: str) -> Path:
        return self.folder / key[:2] / key

    def _checked(self, path: Path) -> CacheFile | None:
        named = _NAME.fullmatch(path.name)
        if named is None:
            return None
        with suppress(OSError):
            found = path.stat()
            data = path.read_bytes() if found.st_size <= FEW_BYTES else None
            if not self._is_whole(path, found, data, named[1]):
                self._remove(path)
                return None
            os.utime(path, ns=(time.time_ns(), found.st_mtime_ns))
            return CacheFile(path, f"sha256:{named[1]}", unquote(named[2]), found.st_size, data)
        return None

    def _is_whole(self, path: Path, found: os.stat_result, data: bytes | None, digest: str) -> bool:
        """Return whether a file has its digest; a large one is read again only when it looks changed."""
        if data is not None:
            return sha256(data).hexdigest() == digest
        state = (found.st_mtime_ns, found.st_size)
        if self._verified.get(path) != state:
            with path.open("rb") as file:
                if file_digest(file, "sha256").hexdigest() != digest:
                    return False
            self._verified[path] = state
        return True

    def _entries(self) -> Iterator[_Seen]:
        """Yield every entry, and remove what killed processes have left."""
        before = time.time() - _ABANDONED_SECONDS
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = Path(folder, name)
                with suppress(OSError):
                    found = path.stat()
                    if _NAME.fullmatch(name):
                        yield _Seen(path, found.st_size, found.st_atime_ns)
                    elif name.endswith(PART_SUFFIX) and found.st_mtime < before:
                        path.unlink()

    def _remove(self, path: Path) -> None:
        self._verified.pop(path, None)
        with suppress(OSError):
            path.unlink()
        with suppress(OSError):  # not empty: another entry of the key came
            path.parent.rmdir()
