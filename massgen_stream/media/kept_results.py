"""Conversions and previews that are made once, and kept in a `MediaCache` with what is known of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final, TypeVar

import msgspec

from ..errors import MediaError
from .cache import CachedMedia, MediaCache
from .local_file import LocalFile
from .source import MediaSource
from .worker_pool import Workers
from .worker_thread import in_thread

Result = TypeVar("Result", bound=msgspec.Struct)
_FORM: Final = 1
"""Counted up when what is kept, or how things are made, changes: what was kept before is then not found."""
_MIME_TYPE: Final = "application/vnd.msgpack"


async def run_kept(
    cache: MediaCache | None,
    workers: Workers,
    kind: type[Result],
    work: Callable[..., Result],
    file: LocalFile,
    *args: Any,
) -> Result:
    """Return what *work* returns, or what it returned before for the same content, type and arguments.

    Args:
        cache: Where it is kept; None: nowhere.
        workers: Where it is done.
        kind: Type of the result.
        work: Is called with `Stop`, *file* and *args*.
        file: The medium; its name is no part of what is done.
        args: Values of JSON and structs; limits are among them, since they decide what is refused.

    Raises:
        MediaError: The cache cannot be written; also what *work* raises.
    """
    make = partial(workers.run, work, file, *args)
    if cache is None:
        return await make()
    made: list[Result] = []

    async def encoded() -> bytes:
        made.append(await make())
        return msgspec.msgpack.encode(made[0])

    asked = {"name": work.__name__, "type": file.mime_type, "args": msgspec.to_builtins(args), "form": _FORM}
    entry = await cache.get_or_make(await in_thread(file.digest), asked, encoded, mime_type=_MIME_TYPE)
    return made[0] if made else await _read(entry, make, kind)


async def _read(entry: CachedMedia, make: Callable[[], Awaitable[Result]], kind: type[Result]) -> Result:
    """Return what an entry holds; another process may have removed it since it was found."""
    try:
        return msgspec.msgpack.decode(await MediaSource.of(entry).read(), type=kind)
    except (MediaError, msgspec.MsgspecError):
        return await make()
