"""Where finished media are put."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from ..errors import ConfigurationError, excerpt
from ..media.mime_names import normal_mime
from ..stream_chunk.formatter.mime import extension_of
from .config import GenerationConfig

_LONGEST: Final = 48
_DIGITS: Final = 8
_MOST_BYTES: Final = 250
"""Of a name: 255 in the usual file systems, and further media get a number."""
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
        self._stem = f"{slug(config.prompt) or config.media_type.value}-{_short(stream_id)}"
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
    if path is not None:
        check_folder(path.parent)
        _check_file(path)
    elif folder is not None:
        if os.path.exists(folder) and not os.path.isdir(folder):  # noqa: PTH110, PTH112 - see _check_file
            raise ConfigurationError(f"output_dir {str(folder)!r} is a file; name a folder, or give it as output_path")
        check_folder(folder)


def check_folder(folder: Path) -> None:
    """Check that files can be made in a folder, which need not exist yet; nothing stays there.

    A nameless file is made in the folder, or in the nearest one above it: permissions alone do not tell of file systems
    that are read-only or made up, and of nothing where everything is permitted.

    Raises:
        ConfigurationError: They cannot.
    """
    deed = "write into" if os.path.isdir(folder) else "make"  # noqa: PTH112 - see _check_file
    if "\0" in str(folder):
        raise ConfigurationError(f"cannot make the folder {str(folder)!r}: a NUL is in its name; name another place")
    try:
        nearest = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
        with TemporaryFile(dir=nearest):
            pass
    except OSError as problem:
        why = f"{problem.strerror}; name another place"
        raise ConfigurationError(f"cannot {deed} the folder {str(folder)!r}: {why}") from None


def _check_file(path: Path) -> None:
    """Check the name of a file; `os.path` says no of a name that cannot be, of which `pathlib` raises.

    Raises:
        ConfigurationError: No file can have it.
    """
    if not path.name or os.path.isdir(path):  # noqa: PTH112
        raise ConfigurationError(f"output_path {str(path)!r} is a folder; name a file, or give it as output_dir")
    if "\0" in path.name:
        raise ConfigurationError(f"output_path {str(path)!r} has a NUL in its name; name another file")
    if len(os.fsencode(path.name)) > _MOST_BYTES:
        raise ConfigurationError(f"output_path {excerpt(path.name)!r} is longer than {_MOST_BYTES} bytes; shorten it")


def _short(stream_id: str) -> str:
    """Return what of a stream's id stands in names: some digits, and the number of the request before them."""
    number, hyphen, digits = stream_id.strip("-").rpartition("-")
    return f"{number}{hyphen}{digits[:_DIGITS]}"


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
