"""One interface over everything that has bytes."""

import asyncio
import io
import os
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream import Accumulator, MediaMetadata
from massgen_stream.errors import BrokenMedia, MediaError, MediaOverLimit
from massgen_stream.media import MediaSource
from massgen_stream.media.origin import BytesOrigin
from massgen_stream.stream_chunk.narrow import media

from .running import open_files

DATA = bytes(range(256)) * 40
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


async def pieces_of(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 7):
        yield data[start : start + 7]
        yield b""


def every_kind(folder: Path) -> Iterator[Any]:
    path = folder / "medium.bin"
    path.write_bytes(DATA)
    text = b64encode(DATA).decode()
    yield DATA
    yield bytearray(DATA)
    yield memoryview(DATA)
    yield path
    yield str(path)
    yield path.as_uri()
    yield f"data:image/png;base64,{text}"
    yield "data:image/png;BASE64," + text.replace("+", "%2B")
    yield {"base64": text}
    yield {"type": "image", "data": DATA}
    yield {"type": "image", "path": str(path)}
    yield media("m", "image", media_data=DATA, media_encoding="binary")
    yield media("m", "image", media_data=text, media_encoding="base64")
    yield media("m", "image", path=str(path))
    yield media("m", "image", media_data=str(path), media_encoding="file_path")
    yield pieces_of(DATA)
    yield (piece for piece in (DATA[:1], DATA[1:]))
    yield io.BytesIO(DATA)
    yield BytesOrigin(DATA)
    yield MediaSource.of(DATA)


@pytest.mark.anyio
@pytest.mark.parametrize("size", [50, 1000, 2**20])
async def test_every_kind_gives_its_bytes_in_pieces_of_one_size(tmp_path: Path, size: int) -> None:
    for medium in every_kind(tmp_path):
        source = MediaSource.of(medium)
        found = [piece async for piece in source.chunks(size)]
        assert b"".join(found) == DATA
        assert {type(piece) for piece in found} == {bytes}
        assert {len(piece) for piece in found[:-1]} <= {size}
        assert 0 < len(found[-1]) <= size
        assert source.size_bytes == len(DATA)
        assert source.checksum == f"sha256:{sha256(DATA).hexdigest()}"


@pytest.mark.anyio
async def test_an_accumulated_medium(tmp_path: Path) -> None:
    accumulator = Accumulator()
    accumulator.feed(media("m", "image", media_data=DATA, media_encoding="binary"))
    assert await MediaSource.of(accumulator.media["m"]).read() == DATA


@given(st.lists(st.binary(max_size=40), max_size=12), st.integers(1, 50))
def test_any_cut_of_an_iterator_gives_pieces_of_one_size(parts: list[bytes], size: int) -> None:
    async def run() -> list[bytes]:
        return [piece async for piece in MediaSource.of(iter(parts)).chunks(size)]

    whole = b"".join(parts)
    assert asyncio.run(run()) == [whole[start : start + size] for start in range(0, len(whole), size)]


@pytest.mark.anyio
@pytest.mark.parametrize("medium", [b"", "data:,", {"base64": ""}])
async def test_nothing_is_a_medium_of_no_pieces(medium: Any) -> None:
    source = MediaSource.of(medium)
    assert [piece async for piece in source.chunks()] == []
    assert source.size_bytes == 0


def test_what_is_known_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(PNG)
    source = MediaSource.of(path)
    assert (source.filename, source.mime_type, source.size_bytes) == ("photo.png", "image/png", None)
    source = MediaSource.of({"base64": b64encode(PNG).decode(), "mime_type": "image/png", "filename": "a.png"})
    assert (source.filename, source.mime_type, source.size_bytes) == ("a.png", "image/png", len(PNG))
    assert MediaSource.of("data:image/png;charset=x;base64,QUJD").mime_type == "image/png;charset=x"
    assert MediaSource.of("data:,a%20b").mime_type == "text/plain;charset=US-ASCII"
    assert MediaSource.of(b"x", mime_type="audio/wav", filename="a.png").mime_type == "audio/wav"
    assert MediaSource.of({"url": "https://example.com/a.png"}).origin.url == "https://example.com/a.png"


@pytest.mark.anyio
async def test_a_data_url_may_be_percent_encoded() -> None:
    assert await MediaSource.of("data:text/plain,a%20b%00").read() == b"a b\x00"


@pytest.mark.anyio
async def test_the_head_leaves_the_rest_in_place(tmp_path: Path) -> None:
    for medium in every_kind(tmp_path):
        source = MediaSource.of(medium)
        assert await source.head(300) == DATA[:300]
        assert await source.head(10) == DATA[:10]
        assert await source.read() == DATA
    assert await MediaSource.of(b"ab").head(5) == b"ab"
    assert await MediaSource.of(iter([b"ab"])).head(5) == b"ab"


@pytest.mark.anyio
async def test_an_iterator_can_be_read_once() -> None:
    source = MediaSource.of(pieces_of(DATA))
    assert not source.repeatable
    await source.read()
    for again in (source.read(), source.head()):
        with pytest.raises(MediaError, match="read once"):
            await again


@pytest.mark.anyio
async def test_reading_stops_at_the_limit() -> None:
    assert await MediaSource.of(DATA).read(len(DATA)) == DATA
    with pytest.raises(MediaOverLimit, match=f"max_bytes {len(DATA) - 1}"):
        await MediaSource.of(DATA).read(len(DATA) - 1)


@pytest.mark.anyio
async def test_an_iterator_is_closed_when_reading_stops() -> None:
    closed = []

    async def endless() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x" * 100
        finally:
            closed.append(True)

    with pytest.raises(MediaOverLimit):
        await MediaSource.of(endless()).read(1000)
    assert closed == [True]


@pytest.mark.anyio
async def test_what_was_promised_is_checked() -> None:
    good = MediaSource(BytesOrigin(DATA), size_bytes=len(DATA), checksum="sha256:" + sha256(DATA).hexdigest().upper())
    assert await good.read() == DATA
    with pytest.raises(BrokenMedia, match="damaged"):
        await MediaSource(BytesOrigin(DATA), checksum="sha256:" + "0" * 64).read()
    with pytest.raises(BrokenMedia, match="promised"):
        await MediaSource(BytesOrigin(DATA), size_bytes=5).read()


@pytest.mark.anyio
@pytest.mark.parametrize("change", [b"", DATA[:5000]])
async def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path, change: bytes) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(DATA)
    chunks = MediaSource.of(path).chunks(1000)
    await anext(chunks)
    path.write_bytes(change)
    with pytest.raises(BrokenMedia, match="shorter"):
        [piece async for piece in chunks]


@pytest.mark.anyio
async def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    failing = {
        tmp_path / "none": "No such file",
        tmp_path: "no file|directory",
        tmp_path / "pipe": "no file",
        "a\x00b": "null",
    }
    for path, why in failing.items():
        with pytest.raises(MediaError, match=why):
            await MediaSource.of(path).read()
    with pytest.raises(MediaError, match="with the vendor"):
        await MediaSource.of({"file_id": "file-1"}).read()
    with pytest.raises(MediaError, match="bytes"):
        await MediaSource.of(iter(["text"])).read()
    with pytest.raises(MediaError, match="base64"):
        await MediaSource.of("data:image/png;base64,QQ=").read()


@pytest.mark.parametrize(
    "medium",
    [
        5,
        None,
        ["a"],
        {"type": "image"},
        {"data": b"", "url": "https://a.b"},
        "ftp://example.com/a",
        "s3://bucket/key",
        "file://elsewhere/a",
        "data:image/png",
        "http://",
        "https://user:secret@example.com/a.png",
        media(
            "m",
            "image",
            media_data=b"a",
            media_encoding="binary",
            is_partial=True,
            partial_kind="segment",
            chunk_index=0,
            byte_offset=0,
        ),
        media("m", "image", media_metadata=MediaMetadata(mime_type="image/png")),
    ],
)
def test_what_is_no_medium_is_refused_at_once(medium: Any) -> None:
    with pytest.raises(MediaError) as caught:
        MediaSource.of(medium)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["photo.png", "/etc/passwd", "file:///etc/passwd", "FILE:///etc/passwd", "s3://bucket/a"]
)
def test_a_url_in_a_part_or_chunk_never_names_a_file_of_ours(url: str) -> None:
    for medium in ({"type": "image", "url": url}, media("m", "image", media_data=url, media_encoding="url")):
        with pytest.raises(MediaError, match="is not read"):
            MediaSource.of(medium)


def test_a_mapped_file_is_one_view(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(DATA)
    for medium in (path, DATA):
        with MediaSource.of(medium).mapped() as view:
            assert view[100:200] == DATA[100:200]
            assert len(view) == len(DATA)
    path.write_bytes(b"")
    with MediaSource.of(path).mapped() as view:
        assert len(view) == 0
    with pytest.raises(MediaError, match="mapped"), MediaSource.of({"base64": "QQ=="}).mapped():
        pass
    with pytest.raises(MediaError, match="No such file"), MediaSource.of(tmp_path / "none").mapped():
        pass


@pytest.mark.anyio
async def test_a_file_is_closed_when_reading_stops(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(DATA)
    before = open_files()
    chunks = MediaSource.of(path).chunks(10)
    await anext(chunks)
    await chunks.aclose()
    assert open_files() == before


@pytest.mark.anyio
async def test_metadata_after_reading() -> None:
    source = MediaSource.of(PNG, mime_type="image/png", filename="a.png")
    await source.read()
    found = source.metadata
    assert (found.mime_type, found.filename, found.size_bytes) == ("image/png", "a.png", len(PNG))
    assert found.checksum == f"sha256:{sha256(PNG).hexdigest()}"
