"""The way back from `offload`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Mapping
from contextlib import aclosing
from typing import Any

from msgspec.structs import replace

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.multimodal import MultimodalStreamChunk
from .base64_stream import base64_of
from .closing import closed
from .offload_mark import CONTAINERS, MARK, Mark, mark_in
from .source import MediaSource
from .store import MediaStore


async def inline(
    stream: AsyncIterable[BaseStreamChunk], *, store: MediaStore | None = None
) -> AsyncGenerator[BaseStreamChunk, None]:
    """Yield the chunks of *stream* as they were before `offload`; others pass as they are.

    Args:
        stream: Any stream of chunks; it is closed.
        store: Where the media are; the default store unless given.

    Raises:
        MediaError: The store has a medium no more, or damaged.
    """
    place = store or MediaStore()
    async with aclosing(closed(stream)) as chunks:
        async for chunk in chunks:
            yield await _inlined(chunk, place)


async def _inlined(chunk: BaseStreamChunk, store: MediaStore) -> BaseStreamChunk:
    if isinstance(chunk, MultimodalStreamChunk):
        chunk = await _medium(chunk, store)
    found = {name: getattr(chunk, name, None) for name in CONTAINERS}
    marked = {name: value for name, value in found.items() if _holds_mark(value)}
    parts = {name: await _with_data(value, store) for name, value in marked.items()}
    return replace(chunk, **parts) if parts else chunk


async def _medium(chunk: MultimodalStreamChunk, store: MediaStore) -> MultimodalStreamChunk:
    mark = mark_in(chunk.extra)
    if mark is None:
        return chunk
    extra = {name: value for name, value in (chunk.extra or {}).items() if name != MARK} or None
    data = None if mark.whole else await _data(mark, store, as_text=mark.encoding == "base64")
    return replace(chunk, media_data=data, media_encoding=mark.encoding, extra=extra)


async def _data(mark: Mark, store: MediaStore, *, as_text: bool) -> bytes | str:
    data = await MediaSource.of(await store.get(mark.checksum)).read()
    return base64_of(data).decode("ascii") if as_text else data


def _holds_mark(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_holds_mark, value))
    if not isinstance(value, Mapping):
        return False
    return _is_marked(value) or any(_holds_mark(item) for item in value.values())


def _is_marked(part: Mapping[str, Any]) -> bool:
    mark = mark_in(part)
    return mark is not None and mark.encoding in ("data", "base64") and "url" in part


async def _with_data(value: Any, store: MediaStore) -> Any:
    if not _holds_mark(value):
        return value
    if isinstance(value, list):
        return [await _with_data(item, store) for item in value]
    mark = mark_in(value)
    if mark is None or not _is_marked(value):
        return {name: await _with_data(item, store) for name, item in value.items()}
    key = str(mark.encoding)
    data = await _data(mark, store, as_text=key == "base64")
    # in the place of the URL: the order of the keys stays
    kept = ((name, item) for name, item in value.items() if name != MARK)
    return dict((key, data) if name == "url" else (name, item) for name, item in kept)
