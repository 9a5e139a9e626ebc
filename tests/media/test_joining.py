"""A medium is put together from its chunks, or it is told what is missing."""

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from massgen_stream import BaseStreamChunk, MediaMetadata, MultimodalStreamChunk, decode_jsonl
from massgen_stream.errors import BrokenMedia, MalformedChunk, MediaError, MediaOverLimit
from massgen_stream.media import join, split, write_jsonl
from massgen_stream.media.chunk_file import line_of
from massgen_stream.stream_chunk.narrow import content, done, media, media_progress

from .running import PEAK_MIB, names, run

DATA = bytes(range(256)) * 20


async def chunks_of(data: Any = DATA, size: int = 1000, **options: Any) -> list[MultimodalStreamChunk]:
    return [chunk async for chunk in split(data, chunk_size=size, **options)]


@given(st.binary(max_size=300), st.integers(1, 80), st.data())
def test_any_cut_and_resume_gives_the_medium(whole: bytes, size: int, data: st.DataObject) -> None:
    """The stream breaks anywhere; what follows begins anywhere before the break, cut as before or otherwise."""
    first = run(chunks_of(whole, size, media_id="m"))
    broken = first[: data.draw(st.integers(0, len(first)))]
    again = run(chunks_of(whole, data.draw(st.sampled_from([size, 7])), media_id="m"))
    joined = run(join([*broken, *again]))
    assert joined.data == whole
    assert joined.metadata.checksum == f"sha256:{sha256(whole).hexdigest()}"


@given(st.binary(min_size=1, max_size=300), st.integers(1, 80), st.data())
def test_a_missing_segment_is_told(whole: bytes, size: int, data: st.DataObject) -> None:
    *segments, final = run(chunks_of(whole, size))
    del segments[data.draw(st.integers(0, len(segments) - 1))]
    with pytest.raises(BrokenMedia):
        run(join([*segments, final]))


@pytest.mark.anyio
async def test_a_size_alone_is_checked_too() -> None:
    final = media("m", "image", media_metadata=MediaMetadata(mime_type="image/png", size_bytes=5))
    *segments, _ = await chunks_of(media_id="m")
    with pytest.raises(BrokenMedia, match="5120 bytes, not the 5 "):
        await join([*segments, final])


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_changed_byte_is_told(whole: bytes, data: st.DataObject) -> None:
    *segments, final = run(chunks_of(whole, 50))
    index = data.draw(st.integers(0, len(segments) - 1))
    piece = bytearray(segments[index].media_data)
    piece[data.draw(st.integers(0, len(piece) - 1))] ^= data.draw(st.integers(1, 255))
    segments[index] = replace(segments[index], media_data=bytes(piece))
    with pytest.raises(BrokenMedia, match="damaged"):
        run(join([*segments, final]))


@pytest.mark.anyio
async def test_into_a_file(tmp_path: Path) -> None:
    target = tmp_path / "new" / "out.bin"
    target.parent.mkdir()
    target.write_bytes(b"before")
    joined = await join(split(DATA, chunk_size=1000, media_type="video"), target)
    assert target.read_bytes() == DATA
    assert (joined.data, joined.path, str(joined.media_type)) == (None, target, "video")
    assert names(target.parent) == ["out.bin"]


@pytest.mark.anyio
async def test_a_broken_medium_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "out.bin"
    target.write_bytes(b"before")
    *segments, _ = await chunks_of()
    with pytest.raises(BrokenMedia, match=r"cut.* 5120 bytes in 6 segments"):
        await join(segments, target)
    assert target.read_bytes() == b"before"
    assert names(tmp_path) == ["out.bin"]


@pytest.mark.anyio
async def test_from_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "chunks.jsonl"
    assert await write_jsonl(path, split(DATA, chunk_size=1000)) == 7
    assert (await join(path)).data == (await join(str(path))).data == DATA
    assert (await join(decode_jsonl([path.read_bytes()]))).data == DATA
    with path.open("ab") as file:
        file.write(b'{"type": "media", "media_')
    with pytest.raises(MalformedChunk, match="line 8"):
        await join(path)
    with pytest.raises(MediaError, match="No such file"):
        await join(tmp_path / "none")


@pytest.mark.anyio
async def test_a_log_that_was_cut_and_continued(tmp_path: Path) -> None:
    path = tmp_path / "chunks.jsonl"
    chunks = await chunks_of(media_id="m")
    path.write_bytes(b"".join(piece for chunk in [*chunks[:3], *chunks[2:]] for piece in line_of(chunk)))
    assert (await join(path, tmp_path / "out")).metadata.size_bytes == len(DATA)


@pytest.mark.anyio
async def test_other_chunks_are_passed_over() -> None:
    *segments, final = await chunks_of(media_id="m")
    preview = media("m", "image", media_data=b"x", media_encoding="binary", is_partial=True, partial_kind="preview")
    around: list[BaseStreamChunk] = [content("Here it is"), preview, media_progress("m", progress_percentage=1.0)]
    assert (await join([*around, *segments, preview, final, done(finish_reason="stop")])).data == DATA


@pytest.mark.anyio
async def test_one_of_several() -> None:
    mixed = [
        chunk
        for pair in zip(await chunks_of(b"a" * 10, 5), await chunks_of(b"b" * 10, 5), strict=True)
        for chunk in pair
    ]
    with pytest.raises(MediaError, match="several media"):
        await join(mixed)
    assert (await join(mixed, media_id=mixed[1].media_id)).data == b"b" * 10
    with pytest.raises(MediaError, match="no medium 'none'"):
        await join(mixed, media_id="none")
    with pytest.raises(MediaError, match="no medium"):
        await join([content("nothing")])


@pytest.mark.anyio
@pytest.mark.parametrize(
    "fields",
    [
        {"media_data": DATA, "media_encoding": "binary"},
        {"media_data": b64encode(DATA).decode(), "media_encoding": "base64"},
    ],
)
async def test_a_medium_in_one_chunk(fields: dict[str, Any]) -> None:
    assert (await join([media("m", "image", **fields)])).data == DATA


@pytest.mark.anyio
async def test_a_medium_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(DATA)
    assert (await join([media("m", "image", path=str(path))])).data == DATA
    half = media(
        "m", "image", media_data=str(path), media_encoding="file_path", is_partial=True, partial_kind="segment",
        chunk_index=0, byte_offset=0,
    )  # fmt: skip
    assert (await join([half, *await chunks_of(media_id="m")])).data == DATA


@pytest.mark.anyio
async def test_base64_segments_without_offsets() -> None:
    *segments, final = await chunks_of()
    texts = [b64encode(chunk.media_data).decode() for chunk in segments]
    plain = [
        replace(chunk, media_data=text, media_encoding="base64", byte_offset=None)
        for chunk, text in zip(segments, texts, strict=True)
    ]
    assert (await join([*plain, final])).data == DATA
    with pytest.raises(BrokenMedia, match="chunk 2 did not come"):
        await join([*plain[:2], *plain[3:], final])


@pytest.mark.anyio
async def test_it_stops_at_the_limit(tmp_path: Path) -> None:
    assert (await join(split(DATA), max_bytes=len(DATA))).data == DATA
    with pytest.raises(MediaOverLimit, match="max_bytes 5119"):
        await join(split(DATA, chunk_size=100), tmp_path / "out", max_bytes=len(DATA) - 1)
    assert names(tmp_path) == []


@pytest.mark.anyio
async def test_it_closes_the_stream_that_it_gives_up() -> None:
    closed = []

    async def endless() -> AsyncIterator[MultimodalStreamChunk]:
        try:
            for chunk in (await chunks_of())[2:]:
                yield chunk
        finally:
            closed.append(True)

    with pytest.raises(BrokenMedia, match="gap"):
        await join(endless())
    assert closed == [True]


def in_process(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", "import asyncio\nfrom massgen_stream.media import *\n" + program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    program = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))\n"
        "for size in (2**16, 2**22):\n"  # in many pieces, and in one that is written in part
        "    try: asyncio.run(join(split(bytes(2**20 + 10), chunk_size=size), sys.argv[1]))\n"
        "    except Exception as error: print(type(error).__name__, error)\n"
    )
    first, second = in_process(program, str(tmp_path / "out.bin")).splitlines()
    assert first == second
    assert first.startswith("MediaError cannot write")
    assert "too large" in first
    assert names(tmp_path) == []


def test_memory_is_that_of_a_few_segments(tmp_path: Path) -> None:
    (tmp_path / "in.bin").write_bytes(os.urandom(2**20) * 96)
    program = (
        "import sys, os\n"
        "os.chdir(sys.argv[1])\n"
        f"{PEAK_MIB}\n"
        "async def main(name):\n"
        "    await write_jsonl(name + '.jsonl', split(name))\n"
        "    await join(name + '.jsonl', 'out.bin')\n"
        "open('small', 'wb').write(bytes(10))\n"
        "asyncio.run(main('small'))\n"
        "before = peak()\n"
        "asyncio.run(main('in.bin'))\n"
        "print(peak() - before)\n"
    )
    assert int(in_process(program, str(tmp_path))) <= 48
    assert (tmp_path / "out.bin").read_bytes() == (tmp_path / "in.bin").read_bytes()
