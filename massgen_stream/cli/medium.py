"""A medium that is named on the command line."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from typing import Any, Final

from ..errors import ConfigurationError, MediaError

_PIECE_BYTES: Final = 2**20


def medium_named(name: str, purpose: str, *, private: bool = False) -> Any:
    """Return what `massgen_stream.media.MediaSource.of` takes for a name; ``-`` is standard input.

    Args:
        name: File, URL or ``-``.
        purpose: What would be done with it, for the error.
        private: Whether a URL may lead to a private address.

    Raises:
        ConfigurationError: There is no name, or it is standard input, and nothing is piped there.
    """
    if not name:
        raise ConfigurationError(f"nothing to {purpose}: the name of the FILE is empty")
    if private and "://" in name:
        from ..media import FetchOptions, MediaSource, UrlOrigin  # noqa: PLC0415 - only where it is needed

        return MediaSource(UrlOrigin(name, FetchOptions(allow_private=True)))
    if name != "-":
        return name
    if sys.stdin is None or sys.stdin.isatty():
        raise ConfigurationError(f"nothing to {purpose}: name a FILE, or pipe one to standard input")
    return _pieces(sys.stdin.buffer)


async def _pieces(file: Any) -> AsyncIterator[bytes]:
    """Yield what a file gives, as it comes; nobody waits for the thread that reads it, so that Ctrl-C is heard.

    It is read below its buffer: the interpreter breaks down if a thread still holds that at its end.
    """
    from ..media.worker_thread import in_own_thread  # noqa: PLC0415 - --help needs nothing of media

    raw = getattr(file, "raw", file)
    while True:
        try:
            piece = await in_own_thread(lambda: raw.read(_PIECE_BYTES), name="massgen-stream-input")
        except OSError as problem:
            raise MediaError(f"cannot read standard input: {problem.strerror}") from problem
        if piece is None:  # os.O_NONBLOCK is set, and nothing is there yet
            raise MediaError("standard input does not wait for data; pipe it through cat")
        if not piece:
            return
        yield piece
