"""Where a media store keeps its objects, and how its library is asked; exceptions of that library end here."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from ..errors import MassGenStreamError, MediaError, MissingExtra, UnreachableMedia, excerpt

if TYPE_CHECKING:
    from obstore.store import ObjectStore

MEMORY: Final = "memory:"
FOLDER_VARIABLE: Final = "MASSGEN_STREAM_MEDIA"
"""Environment variable that names the default place."""


def default_place() -> str:
    """Return the place of a store that was given none: `FOLDER_VARIABLE`, else a folder of the user."""
    given = os.environ.get(FOLDER_VARIABLE)
    if given:
        return given
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return str(Path(base) / "massgen-stream" / "media")


class Place:
    """A folder, memory, or a bucket.

    Attributes:
        name: For errors; without a password.
        folder: The folder; None for the others.
        base_url: What the URLs of objects begin with.
    """

    def __init__(self, place: str | os.PathLike[str], options: Mapping[str, Any]) -> None:
        text = os.fspath(place)
        scheme = text.partition("://")[0].lower() if "://" in text else ""
        self.folder: Path | None = None
        self._options = options
        self._lock = threading.Lock()
        self._opened: ObjectStore | None = None
        if scheme == "file":
            self.folder = Path(url2pathname(urlsplit(text).path))
        elif not scheme and not text.startswith(MEMORY):
            self.folder = Path(text)
        if self.folder is not None:
            self.folder = self.folder.absolute()
            self.base_url = self.folder.as_uri() + "/"
        else:
            self.base_url = "memory:///" if text.startswith(MEMORY) else text.rstrip("/") + "/"
        self.name = excerpt(self.folder or self.base_url.rpartition("@")[2])

    @property
    def is_remote(self) -> bool:
        """Whether a network is between us and it."""
        return self.folder is None and not self.base_url.startswith(MEMORY)

    def opened(self) -> ObjectStore:
        """Return the open store, always the same; blocks at first.

        Raises:
            MissingExtra: Its library is not installed.
            MediaError: It cannot be opened.
        """
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> ObjectStore:
        try:
            from obstore.store import LocalStore, MemoryStore, from_url  # noqa: PLC0415 - an extra
        except ImportError:
            raise MissingExtra("storing media", "media") from None
        with self.border("open"):
            if self.folder is not None:
                self.folder.mkdir(parents=True, exist_ok=True)
                return LocalStore(self.folder)
            return from_url(self.base_url, **self._options) if self.is_remote else MemoryStore()

    @contextmanager
    def border(self, action: str) -> Iterator[None]:
        """Turn what the library raises into our errors.

        Raises:
            UnreachableMedia: There is no such object.
            MediaError: Anything else that the library or the system says.
        """
        try:
            yield
        except MassGenStreamError:
            raise
        except FileNotFoundError as error:
            raise UnreachableMedia(f"cannot {action} in store {self.name}: {_reason(error)}") from None
        except (OSError, ValueError, NotImplementedError) as error:
            raise MediaError(f"cannot {action} in store {self.name}: {_reason(error)}") from None
        except Exception as error:
            if type(error).__module__.partition(".")[0] not in ("obstore", "_obstore"):
                raise
            raise MediaError(f"cannot {action} in store {self.name}: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    """Return the end of the first line, where the cause of causes is told."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    first = str(error).strip().partition("\n")[0]
    return excerpt(": ".join(first.split(": ")[-2:]))
