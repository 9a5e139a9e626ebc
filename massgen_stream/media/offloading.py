"""Large media of a stream, put into a store and referred to.

A chunk that was changed says so in a field of its own, `Mark`: how its medium was encoded, and the SHA-256 and size of
what is in the store. So `inline` needs no other knowledge, and gives back the chunks that went in, one by one, also
after they have been through JSON.

A medium that comes in segments is offloaded as a whole or not at all, as its first segment decides. Each segment then
has an object of its own, because nobody knows the whole before its end; the final refers to the whole, for those who
read nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Mapping
from contextlib import aclosing
from typing import Any, Final

from msgspec.structs import replace

from ..errors import MediaError
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.formatter.neutral import MEDIA_PARTS
from ..stream_chunk.kinds import ChunkType, MediaEncoding
from ..stream_chunk.multimodal import MultimodalStreamChunk
from .base64_stream import Base64Decoder, base64_of, base64_size
from .closing import closed
from .offload_mark import CONTAINERS, MARK, Mark, mark_in
from .source import MediaSource
from .store import MediaStore
from .stored_media import StoredMedia

THRESHOLD_BYTES: Final = 256 * 1024


async def offload(
    stream: AsyncIterable[BaseStreamChunk], threshold: int = THRESHOLD_BYTES, *, store: MediaStore | None = None
) -> AsyncGenerator[BaseStreamChunk, None]:
    """Yield the chunks of *stream*, with URLs in place of media of *threshold* bytes and more.

    Args:
        stream: Any stream of chunks; it is closed.
        threshold: Bytes of a medium, of its first segment, or of a media part in a message.
        store: Where they go; the default store unless given.

    Raises:
        MediaError: The store does not take one.
    """
    offloading = _Offloading(store or MediaStore(), threshold)
    async with aclosing(closed(stream)) as chunks:
        async for chunk in chunks:
            yield await offloading.changed(chunk)


class _Offloading:
    """What is remembered while chunks pass: the segments of media that have begun."""

    def __init__(self, store: MediaStore, threshold: int) -> None:
        self._store, self._threshold = store, threshold
        self._segments: dict[tuple[str | None, str | None], list[str] | None] = {}

    async def changed(self, chunk: BaseStreamChunk) -> BaseStreamChunk:
        if isinstance(chunk, MultimodalStreamChunk):
            chunk = await self._medium(chunk)
        found = {name: getattr(chunk, name, None) for name in CONTAINERS}
        large = {name: value for name, value in found.items() if self._holds_large(value)}
        parts = {name: await self._without_large(value) for name, value in large.items()}
        return replace(chunk, **parts) if parts else chunk

    async def _medium(self, chunk: MultimodalStreamChunk) -> MultimodalStreamChunk:
        if chunk.type is not ChunkType.MEDIA or chunk.media_id is None or chunk.partial_kind == "preview":
            return await self._alone(chunk, self._threshold)
        key = (chunk.source, chunk.media_id)
        if not chunk.is_partial:
            segments = self._segments.pop(key, None)
            if segments and chunk.media_data is None:
                return await self._whole(chunk, segments)
            return await self._alone(chunk, self._threshold)
        if key not in self._segments:
            self._segments[key] = [] if self._is_large(chunk) else None
        sums = self._segments[key]
        if sums is None:
            return chunk
        changed = await self._alone(chunk, 0)
        mark = mark_in(changed.extra)
        if mark is not None:
            sums.append(mark.checksum)
        elif chunk.media_data is not None:
            self._segments[key] = None  # it refers to elsewhere: the whole cannot be put together
        return changed

    def _is_large(self, first: MultimodalStreamChunk) -> bool:
        known = first.media_metadata.size_bytes if first.media_metadata else None
        return max(_size_of(first.media_data, first.media_encoding), known or 0) >= self._threshold

    async def _alone(self, chunk: MultimodalStreamChunk, threshold: int) -> MultimodalStreamChunk:
        """Return *chunk* with a URL for its own data; as it is where they are few, or could not be given back."""
        if MARK in (chunk.extra or {}) or _size_of(chunk.media_data, chunk.media_encoding) < threshold:
            return chunk
        data = _bytes_of(chunk.media_data, is_base64=chunk.media_encoding is MediaEncoding.BASE64)
        if data is None:
            return chunk
        mime_type = chunk.media_metadata.mime_type if chunk.media_metadata else None
        return _referring(chunk, await self._store.put(data, mime_type=mime_type), whole=False)

    async def _whole(self, final: MultimodalStreamChunk, sums: list[str]) -> MultimodalStreamChunk:
        """Return the final of an offloaded medium with a URL for all of it."""
        mime_type = final.media_metadata.mime_type if final.media_metadata else None
        return _referring(final, await self._store.put(self._pieces(sums), mime_type=mime_type), whole=True)

    async def _pieces(self, sums: list[str]) -> AsyncGenerator[bytes, None]:
        for checksum in sums:
            async with aclosing(MediaSource.of(await self._store.get(checksum)).chunks()) as pieces:
                async for piece in pieces:
                    yield piece

    def _holds_large(self, value: Any) -> bool:
        if isinstance(value, list):
            return any(map(self._holds_large, value))
        if not isinstance(value, Mapping):
            return False
        key = _media_key(value)
        if key is not None and _size_of(value[key], _ENCODING_OF[key]) >= self._threshold:
            return True
        return any(self._holds_large(item) for name, item in value.items() if name != "provider_data")

    async def _without_large(self, value: Any) -> Any:
        if not self._holds_large(value):
            return value
        if isinstance(value, list):
            return [await self._without_large(item) for item in value]
        key = _media_key(value)
        if key is None:
            return {name: await self._without_large(item) for name, item in value.items()}
        data = _bytes_of(value[key], is_base64=key == "base64")
        if data is None:
            return value
        stored = await self._store.put(data, mime_type=value.get("mime_type"))
        mark = Mark(stored.checksum, stored.size_bytes, key)
        # in the place of the data: the order of the keys stays
        changed = dict(("url", stored.url) if name == key else (name, item) for name, item in value.items())
        return {**changed, MARK: mark.document()}


_ENCODING_OF: Final = {"data": MediaEncoding.BINARY, "base64": MediaEncoding.BASE64}


def _media_key(part: Mapping[str, Any]) -> str | None:
    """Return the key under which a media part has its bytes."""
    if part.get("type") not in MEDIA_PARTS or "url" in part or MARK in part:
        return None
    if isinstance(part.get("data"), bytes | bytearray | memoryview):
        return "data"
    return "base64" if isinstance(part.get("base64"), str) else None


def _size_of(data: Any, encoding: MediaEncoding | None) -> int:
    if isinstance(data, bytes | bytearray | memoryview):
        return len(data)
    return base64_size(data) if isinstance(data, str) and encoding is MediaEncoding.BASE64 else -1


def _bytes_of(data: Any, *, is_base64: bool) -> bytes | None:
    """Return what the data stands for; None where the same data could not be made of it again."""
    if isinstance(data, bytes | bytearray | memoryview):
        return bytes(data)
    if not isinstance(data, str) or not is_base64:
        return None
    decoder = Base64Decoder()
    try:
        found = decoder.feed(data)
        decoder.close()
    except MediaError:
        return None
    return found if base64_of(found).decode() == data else None


def _referring(chunk: MultimodalStreamChunk, stored: StoredMedia, *, whole: bool) -> MultimodalStreamChunk:
    encoding = str(chunk.media_encoding) if chunk.media_encoding else None
    mark = Mark(stored.checksum, stored.size_bytes, encoding, whole)
    extra = {**(chunk.extra or {}), MARK: mark.document()}
    return replace(chunk, media_data=stored.url, media_encoding=MediaEncoding.URL, extra=extra)
