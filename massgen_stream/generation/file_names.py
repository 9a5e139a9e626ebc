"""Where finished media are put."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from ..errors import ConfigurationError
from ..media.mime_names import normal_mime
from ..stream_chunk.formatter.mime import extension_of
from .config import GenerationConfig

_LONGEST: Final = 48
_EXTENSIONS: Final = {
    "audio/pcm": "pcm",
    "audio/l16": "pcm",
    "audio/basic": "ulaw",
    "audio/x-mulaw": "ulaw",
    "audio/x-alaw": "alaw",
}


class FilePlaces:
    """Names the files of one request.

    Args:
        config: Says where they go.
        stream_id: For names that nobody has chosen.
        before: How many media of other requests come before, where they share a name.
        taken: Numbers that they have taken; a vendor may make more than it was asked for.

    Attributes:
        folder: Where they are put; None: no place was named, and nothing is written.
    """

    def __init__(
        self, config: GenerationConfig, stream_id: str, before: int = 0, taken: set[int] | None = None
    ) -> None:
        self._path = config.output_path
        self._stem = f"{slug(config.prompt) or config.media_type.value}-{stream_id[:8]}"
        self._count = 0 if self._path is None else before
        self._taken = taken if taken is not None and self._path is not None else set()
        self.folder = config.output_dir if self._path is None else self._path.parent

    def next(self, mime_type: str) -> Path:
        """Return the place of the next medium; the first one gets the name that was asked for, as it is."""
        self._count += 1
        while self._count in self._taken:
            self._count += 1
        self._taken.add(self._count)
        number = f"-{self._count}" if self._count > 1 else ""
        if self._path is not None:
            return self._path.with_name(f"{self._path.stem}{number}{self._path.suffix}")
        return (self.folder or Path()) / f"{self._stem}{number}.{extension(mime_type)}"


def check_places(config: GenerationConfig) -> None:
    """Check that files can have the places that are named, as far as a look tells.

    Raises:
        ConfigurationError: They cannot.
    """
    path, folder = config.output_path, config.output_dir
    if path is not None and (path.is_dir() or not path.name):
        raise ConfigurationError(f"output_path {str(path)!r} is a folder; name a file, or give it as output_dir")
    if folder is not None and folder.exists() and not folder.is_dir():
        raise ConfigurationError(f"output_dir {str(folder)!r} is a file; name a folder, or give it as output_path")
    if path is not None:
        check_folder(path.parent)
    elif folder is not None:
        check_folder(folder)


def check_folder(folder: Path) -> None:
    """Check that files can be made in a folder, which need not exist yet; nothing stays there.

    A nameless file is made in the folder, or in the nearest one above it: permissions alone do not tell of file systems
    that are read-only or made up, and of nothing where everything is permitted.

    Raises:
        ConfigurationError: They cannot.
    """
    deed = "write into" if folder.is_dir() else "make"
    if "\0" in str(folder):
        raise ConfigurationError(f"cannot make the folder {str(folder)!r}: a NUL is in its name; name another place")
    try:
        nearest = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
        with TemporaryFile(dir=nearest):
            pass
    except OSError as problem:
        why = f"{problem.strerror}; name another place"
        raise ConfigurationError(f"cannot {deed} the folder {str(folder)!r}: {why}") from None


def slug(text: str) -> str:
    """Return a text as a part of a file name: small letters, digits and hyphens; empty if nothing of it can be."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    cut = words[: _LONGEST + 1].rpartition("-")[0] if len(words) > _LONGEST else words
    return cut or words[:_LONGEST]


def extension(mime_type: str) -> str:
    """Return the ending of a file's name for a MIME type."""
    plain = normal_mime(mime_type)
    return _EXTENSIONS.get(plain) or extension_of(plain)
