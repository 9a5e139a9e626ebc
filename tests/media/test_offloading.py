"""Large media leave a stream for a store, and come back."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from massgen_stream import Accumulator, BaseStreamChunk, StreamVerifier, decode_json, encode_json
from massgen_stream.errors import UnreachableMedia
from massgen_stream.media import MediaSource, MediaStore, inline, offload, split
from massgen_stream.stream_chunk.narrow import attachment, complete_message, content, media
from massgen_stream.testing.strategies import streams

from .running import run

LARGE = bytes(range(256)) * 20
TEXT = b64encode(LARGE).decode()


async def stream_of(items: Iterable[BaseStreamChunk]) -> AsyncIterator[BaseStreamChunk]:
    for item in items:
        yield item


async def there(items: Iterable[BaseStreamChunk], store: MediaStore, threshold: int = 1000) -> list[Any]:
    return [chunk async for chunk in offload(stream_of(items), threshold, store=store)]


async def back(items: Iterable[BaseStreamChunk], store: MediaStore) -> list[BaseStreamChunk]:
    return [chunk async for chunk in inline(stream_of(items), store=store)]


@given(streams(), st.integers(0, 12))
def test_any_stream_comes_back_through_json(items: list[BaseStreamChunk], threshold: int) -> None:
    async def scene() -> None:
        store = MediaStore.memory()
        away = await there(items, store, threshold)
        assert len(away) == len(items)
        through = [decode_json(encode_json(chunk)) for chunk in away]
        assert list(map(encode_json, await back(through, store))) == list(map(encode_json, items))

    run(scene())


@given(streams(), st.integers(0, 12))
def test_the_grammar_holds_in_between(items: list[BaseStreamChunk], threshold: int) -> None:
    async def scene() -> None:
        verifier = StreamVerifier()
        for chunk in await there(items, MediaStore.memory(), threshold):
            assert verifier.feed(chunk) == []
        assert verifier.close() == []

    run(scene())


async def one(chunk: BaseStreamChunk) -> tuple[Any, MediaStore]:
    store = MediaStore.memory()
    (away,) = await there([chunk], store)
    assert await back([away], store) == [chunk]
    return away, store


@pytest.mark.anyio
@pytest.mark.parametrize(
    "fields",
    [
        {"media_data": LARGE, "media_encoding": "binary"},
        {"media_data": TEXT, "media_encoding": "base64"},
    ],
)
async def test_a_medium_becomes_a_url(fields: dict[str, Any]) -> None:
    for chunk in (media("m", "image", **fields), attachment(**fields), media("m", "image", **fields)):
        away, store = await one(chunk)
        found = await store.get(away.extra["offloaded"]["checksum"])
        assert (away.media_encoding, away.media_data) == ("url", found.url)
        assert len(encode_json(away)) < 500


@pytest.mark.anyio
@pytest.mark.parametrize(
    "chunk",
    [
        content("x" * 10_000),
        media("m", "image", media_data=LARGE[:999], media_encoding="binary"),
        media("m", "image", media_data="https://example.com/" + "a" * 5000, media_encoding="url"),
        media("m", "image", media_data=TEXT[:-4] + "QR==", media_encoding="base64"),
        media("m", "image", media_data="?" * 5000, media_encoding="base64"),
        media("m", "image", media_data=LARGE, media_encoding="binary", provider_data={"a": 1}).from_dict(
            {**media("m", "image", media_data="a", media_encoding="url").to_dict(), "offloaded": "mine"}
        ),
        complete_message({"role": "assistant", "content": [{"type": "text", "text": "x" * 5000}]}),
        complete_message({"role": "assistant", "content": [], "provider_data": {"type": "image", "data": LARGE}}),
    ],
)
async def test_what_stays_as_it_is(chunk: BaseStreamChunk) -> None:
    store = MediaStore.memory()
    assert await there([chunk], store) == [chunk]
    assert await back([chunk], store) == [chunk]
    assert [stored async for stored in store.list()] == []


@pytest.mark.anyio
async def test_parts_of_a_message() -> None:
    parts = [
        {"type": "text", "text": "look"},
        {"type": "image", "data": LARGE, "mime_type": "image/png"},
        {"type": "audio", "mime_type": "audio/wav", "base64": TEXT, "filename": "a.wav"},
        {"type": "tool_result", "attachments": [{"type": "file", "data": LARGE}, {"type": "file", "data": b"small"}]},
        {"type": "image", "url": "https://example.com/a.png"},
    ]
    chunk = complete_message({"role": "assistant", "content": parts})
    before = encode_json(chunk)
    away, store = await one(chunk)
    assert encode_json(chunk) == before
    first, second, third = away.complete_message["content"][1:4]
    assert list(first) == ["type", "url", "mime_type", "offloaded"]
    assert list(second) == ["type", "mime_type", "url", "filename", "offloaded"]
    assert third["attachments"][1] == {"type": "file", "data": b"small"}
    assert len([stored async for stored in store.list()]) == 1
    (again,) = await back([away], store)
    assert encode_json(again) == before


@pytest.mark.anyio
async def test_segments_have_urls_and_the_final_has_one_of_the_whole(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    data = LARGE + b"rest"
    items = [chunk async for chunk in split({"data": data, "mime_type": "video/mp4"}, chunk_size=2000, media_id="m")]
    away = await there(items, store)
    assert {chunk.media_encoding for chunk in away} == {"url"}
    accumulator = Accumulator()
    for chunk in away:
        accumulator.feed(chunk)
    medium = accumulator.media["m"]
    assert (medium.complete, medium.mime_type) == (True, "video/mp4")
    assert await MediaSource.of(medium.data).read() == data
    assert await back(away, store) == items


@pytest.mark.anyio
async def test_the_first_segment_decides() -> None:
    store = MediaStore.memory()
    small = [chunk async for chunk in split(iter([LARGE]), chunk_size=999)]
    assert await there(small, store) == small
    told = [chunk async for chunk in split(LARGE, chunk_size=999)]  # its size is told with the first one
    away = await there(told, store)
    assert {chunk.media_encoding for chunk in away} == {"url"}
    assert await back(away, store) == told


@pytest.mark.anyio
async def test_media_with_one_id_of_several_sources() -> None:
    store = MediaStore.memory()
    first = [replace(chunk, source="a") async for chunk in split(LARGE, chunk_size=2000, media_id="m")]
    second = [replace(chunk, source="b") async for chunk in split(LARGE[::-1], chunk_size=2000, media_id="m")]
    mixed = [chunk for pair in zip(first, second, strict=True) for chunk in pair]
    away = await there(mixed, store)
    assert await back(away, store) == mixed
    wholes = [await MediaSource.of(await store.get(chunk.media_data)).read() for chunk in away[-2:]]
    assert wholes == [LARGE, LARGE[::-1]]


@pytest.mark.anyio
async def test_a_cut_stream_comes_back_too() -> None:
    store = MediaStore.memory()
    items = [chunk async for chunk in split(LARGE, chunk_size=2000)][:2]
    assert await back(await there(items, store), store) == items


@pytest.mark.anyio
async def test_a_medium_that_the_store_has_lost() -> None:
    away, _ = await one(media("m", "image", media_data=LARGE, media_encoding="binary"))
    with pytest.raises(UnreachableMedia):
        await back([away], MediaStore.memory())


@pytest.mark.anyio
async def test_the_stream_is_closed() -> None:
    closed = []

    async def endless() -> AsyncIterator[BaseStreamChunk]:
        try:
            while True:
                yield content("a")
                await asyncio.sleep(0)
        finally:
            closed.append(True)

    for change in (offload, inline):
        chunks = change(endless(), store=MediaStore.memory())
        assert await anext(chunks) == content("a")
        await chunks.aclose()
    assert closed == [True, True]
