"""A file of JSON Lines is read and written as the codec would."""

import os
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from msgspec.structs import replace

from massgen_stream import BaseStreamChunk, decode_json, encode_json, encode_jsonl
from massgen_stream.errors import MalformedChunk, MassGenStreamError, MediaError
from massgen_stream.media import read_jsonl, write_jsonl
from massgen_stream.media.chunk_file import chunk_of, line_of
from massgen_stream.stream_chunk.narrow import content, media
from massgen_stream.testing.strategies import chunks

from .running import names, open_files

LARGE = os.urandom(100_000)
SEGMENT = media("m", "image", media_data=LARGE, media_encoding="binary")
TEXT = b64encode(LARGE).decode()


async def stream(items: Iterable[BaseStreamChunk]) -> AsyncIterator[BaseStreamChunk]:
    for item in items:
        yield item


def outcome(line: bytes, read: Any) -> Any:
    try:
        return read(line)
    except MassGenStreamError as error:
        return type(error)


@given(chunks())
def test_any_chunk_has_the_line_of_the_codec(chunk: BaseStreamChunk) -> None:
    assert b"".join(line_of(chunk)) == encode_json(chunk) + b"\n"
    assert chunk_of(encode_json(chunk)) == chunk


@pytest.mark.parametrize(
    "chunk",
    [
        SEGMENT,
        replace(SEGMENT, provider_data={"x": {"media_data": "nested"}}),
        replace(SEGMENT, text_content='says "media_data":"" in quotes'),
        replace(SEGMENT, media_data=TEXT, media_encoding="base64"),
        replace(SEGMENT, media_data="x" * 100_000, media_encoding="url"),
        replace(SEGMENT, extra={"unknown": [1, {"media_data": ""}]}),
        replace(SEGMENT, media_data=LARGE[:-1]),
        replace(SEGMENT, media_data=memoryview(LARGE)),
        replace(SEGMENT, media_data=None, provider_data={"media_data": TEXT}),
    ],
)
def test_a_large_chunk_has_the_line_of_the_codec(chunk: BaseStreamChunk) -> None:
    line = encode_json(chunk)
    assert b"".join(line_of(chunk)) == line + b"\n"
    assert chunk_of(line) == chunk_of(bytearray(line)) == decode_json(line)


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.replace(b'"media_data":"', b'"media_data": "'),
        lambda line: line.replace(b'"media_data":"', b'"media_data":"*'),
        lambda line: line.replace(b'"media_data":"', b'"media_data":"\\u0041AA='),
        lambda line: line[:-20],
        lambda line: line.replace(b'"}', b"") + b'"',
        lambda line: line[:-1] + b',"media_data":"QUJD"}',
        lambda line: line[:-1] + b',"media_data":""}',
        lambda _: (
            b'{"provider_data":{"media_data":"' + TEXT.encode() + b'"},"type":"media","media_encoding":"binary",'
            b'"media_data":""}'
        ),
        lambda line: line.replace(b'=="', b'"'),
        lambda line: line.replace(b'"binary"', b'"base64"'),
        lambda line: line.replace(b'"binary"', b'"other"'),
        lambda line: line.replace(b'"type":"media"', b'"type":"novel"'),
        lambda line: b"[" + line + b"]",
    ],
)
def test_an_odd_line_is_read_as_the_codec_reads_it(change: Any) -> None:
    line = change(encode_json(SEGMENT))
    assert line != encode_json(SEGMENT)
    assert outcome(line, chunk_of) == outcome(line, decode_json)


@pytest.mark.anyio
@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 1000])
async def test_a_file_holds_the_stream(tmp_path: Path, count: int) -> None:
    items = [SEGMENT if number % 50 == 7 else content(f"word {number}") for number in range(count)]
    path = tmp_path / "a.jsonl"
    assert await write_jsonl(path, stream(items)) == count
    assert path.read_bytes() == b"".join(encode_jsonl(items))
    assert [chunk async for chunk in read_jsonl(path)] == items


@pytest.mark.anyio
async def test_blank_lines_and_a_missing_line_feed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    line = encode_json(content("a"))
    path.write_bytes(b"\n" + line + b"\r\n  \n\n" + line)
    assert [chunk async for chunk in read_jsonl(path)] == [content("a")] * 2


@pytest.mark.anyio
async def test_a_line_that_is_no_chunk_is_named_and_what_came_before_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(encode_json(SEGMENT) + b"\n\nnonsense\n")
    chunks = read_jsonl(path)
    before = open_files()
    assert await anext(chunks) == SEGMENT
    with pytest.raises(MalformedChunk, match="line 3: "):
        await anext(chunks)
    assert open_files() == before


@pytest.mark.anyio
async def test_leaving_early_closes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes((encode_json(SEGMENT) + b"\n") * 3)
    before = open_files()
    chunks = read_jsonl(path)
    await anext(chunks)
    await chunks.aclose()
    assert open_files() == before


@pytest.mark.anyio
async def test_a_file_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(MediaError, match="cannot read"):
            [chunk async for chunk in read_jsonl(path)]
    with pytest.raises(MediaError, match="cannot write"):
        await write_jsonl(tmp_path / "none" / "a.jsonl", stream([]))


@pytest.mark.anyio
async def test_a_stream_that_fails_leaves_no_file(tmp_path: Path) -> None:
    async def failing() -> AsyncIterator[BaseStreamChunk]:
        yield SEGMENT
        raise ValueError("gone")

    with pytest.raises(ValueError, match="gone"):
        await write_jsonl(tmp_path / "a.jsonl", failing())
    assert names(tmp_path) == []
