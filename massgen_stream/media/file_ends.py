"""Whether a file has the end that its format marks. Decoders are content without it, and show what came before."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Final, NamedTuple, cast

from ..errors import BrokenMedia
from .container_ends import archive_ends, matroska_ends, ogg_ends, pdf_ends
from .local_file import LocalFile
from .picture_ends import gif_ends, jpeg_ends, png_ends
from .worker_pool import Stop


class FileEnd(NamedTuple):
    """The end of a format.

    Attributes:
        name: What it is, for people.
        is_there: Returns whether a file of so many bytes has it.
    """

    name: str
    is_there: Callable[[IO[bytes], int], bool]


_OGG: Final = FileEnd("its last page", ogg_ends)
_MATROSKA: Final = FileEnd("the end of its segment", matroska_ends)
_ARCHIVE: Final = FileEnd("its end of central directory", archive_ends)
_ENDS: Final = {
    "image/png": FileEnd("its last chunk (IEND)", png_ends),
    "image/jpeg": FileEnd("its end-of-image marker", jpeg_ends),
    "image/gif": FileEnd("its trailer", gif_ends),
    "application/pdf": FileEnd("its last line (%%EOF)", pdf_ends),
    **dict.fromkeys(("audio/ogg", "video/ogg", "audio/opus", "audio/vorbis", "audio/speex"), _OGG),
    **dict.fromkeys(("video/webm", "audio/webm", "video/x-matroska", "audio/x-matroska"), _MATROSKA),
}


class _Stoppable:
    """A file of which nothing is read any more when the work is to stop: it may have millions of small parts."""

    def __init__(self, raw: IO[bytes], stop: Stop) -> None:
        self._raw, self._stop = raw, stop
        self.seek = raw.seek

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        self._stop.check()
        return self._raw.read(size)


def check_end(file: LocalFile, stop: Stop, *, is_archive: bool = False) -> None:
    """Check that the mark is there by which *file* ends; sizes that containers state are `check_whole`'s. Blocks.

    Args:
        file: The medium.
        stop: Ends it.
        is_archive: Whether it is a ZIP archive, whatever its type.

    Raises:
        BrokenMedia: It is not.
    """
    end = _ARCHIVE if is_archive else _ENDS.get(file.mime_type)
    if end is None:
        return
    with file.opened() as raw:
        found = end.is_there(cast("IO[bytes]", _Stoppable(raw, stop)), file.size_bytes)
    if not found:
        raise BrokenMedia(f"it is cut off: {end.name} is missing")
