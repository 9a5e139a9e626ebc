"""Chunks in a file of JSON Lines, read and written in worker threads.

Nearly all bytes of such a file are the base64 of segments. The codec reads and writes them at some hundred megabytes a
second; here the text of a large segment is cut out of its line, or put into it, and only the rest goes through the
codec. What is no ordinary line goes through the codec whole, so that both say the same of every line.
"""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncGenerator, AsyncIterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import IO, Final, cast

from msgspec.structs import force_setattr, replace

from ..errors import MalformedChunk, MediaError
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.codec_json import decode_json, encode_json
from ..stream_chunk.kinds import MediaEncoding
from ..stream_chunk.multimodal import MultimodalStreamChunk
from .atomic_file import AtomicFile
from .base64_stream import Base64Decoder, base64_of
from .origin import unreadable
from .worker_thread import WORTH_A_THREAD, in_thread, opened_in_thread, result_of, settled

_READ_BYTES: Final = 2**20
_MOST_CHUNKS: Final = 64
"""Chunks that are decoded in one go: small ones would spend more time on threads, large ones are few."""
_KEY: Final = b'"media_data":"'


async def read_jsonl(path: str | os.PathLike[str]) -> AsyncGenerator[BaseStreamChunk, None]:
    """Yield the chunks of a file of JSON Lines; the next ones are read while the caller works on the last.

    Raises:
        MediaError: The file cannot be read.
        MalformedChunk: A line is no chunk; the text names its number, from 1.
    """
    try:
        file = await opened_in_thread(partial(_opened, path), IO.close)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None
    ahead: asyncio.Future[list[BaseStreamChunk]] | None = None
    try:
        chunks = _chunks(file)
        while some := await _read(ahead or in_thread(_some, chunks), path):
            ahead = in_thread(_some, chunks)
            for chunk in some:
                yield chunk
    finally:
        try:
            await settled(ahead)
        finally:
            file.close()


async def write_jsonl(path: str | os.PathLike[str], chunks: AsyncIterable[BaseStreamChunk]) -> int:
    """Write a stream of chunks as JSON Lines; return how many. The file appears when the stream has ended.

    Raises:
        MediaError: The file cannot be written.
        UnencodableValue: A chunk has no JSON form.
    """
    count = 0
    async with AtomicFile.at(path) as file:
        async for chunk in chunks:
            for piece in line_of(chunk):
                await file.write(piece)
            count += 1
        await file.finish()
    return count


def line_of(chunk: BaseStreamChunk) -> list[bytes]:
    """Return the pieces of the line for *chunk*; joined they are ``encode_json(chunk)`` and a line feed."""
    if isinstance(chunk, MultimodalStreamChunk) and chunk.media_encoding is MediaEncoding.BINARY:
        data = chunk.media_data
        if isinstance(data, bytes) and len(data) >= WORTH_A_THREAD:
            line, place = encode_json(replace(chunk, media_data=b"")), _KEY + b'"'
            if line.count(place) == 1:
                start = line.index(place) + len(_KEY)
                return [line[:start], base64_of(data), line[start:], b"\n"]
    return [encode_json(chunk), b"\n"]


def chunk_of(line: bytes | bytearray) -> BaseStreamChunk:
    """Return ``decode_json(line)``.

    Raises:
        MalformedChunk: It is no chunk.
    """
    start = line.find(_KEY) + len(_KEY) if len(line) >= WORTH_A_THREAD else 0
    end = line.find(b'"', start)
    rest = line[:start] + line[end:]
    if start >= len(_KEY) and rest.count(_KEY) == 1:
        with suppress(MalformedChunk, MediaError):
            chunk = decode_json(rest)
            # empty bytes: the key is the chunk's own, not one of a dictionary in it, and its encoding is binary
            if isinstance(chunk, MultimodalStreamChunk) and chunk.media_data == b"":
                decoder = Base64Decoder()
                with memoryview(line)[start:end] as text:
                    force_setattr(chunk, "media_data", decoder.feed(text))
                decoder.close()
                return chunk
    return decode_json(line)


async def _read(reading: asyncio.Future[list[BaseStreamChunk]], path: object) -> list[BaseStreamChunk]:
    try:
        return await result_of(reading)
    except OSError as error:
        raise unreadable(path, error) from None


def _opened(path: str | os.PathLike[str]) -> IO[bytes]:
    return open(path, "rb", buffering=0)  # noqa: PTH123 - takes every kind of path


def _chunks(file: IO[bytes]) -> Iterator[BaseStreamChunk]:
    for number, line in enumerate(_lines(file), 1):
        if line and not line.isspace():
            try:
                yield chunk_of(line)
            except MalformedChunk as problem:
                raise MalformedChunk(f"line {number}: {problem.problem}", problem.data) from None


def _lines(file: IO[bytes]) -> Iterator[bytearray]:
    """Yield the lines, all in one buffer that is reused: memory for each of them would cost more than reading it."""
    line = bytearray()
    ahead = bytearray(_READ_BYTES)
    view = memoryview(ahead)
    while count := cast("io.FileIO", file).readinto(view):
        start = 0
        while (end := ahead.find(b"\n", start, count)) >= 0:
            line += view[start:end]
            yield line
            line.clear()
            start = end + 1
        line += view[start:count]
    yield line


def _some(chunks: Iterator[BaseStreamChunk]) -> list[BaseStreamChunk]:
    """Return the next few chunks; one that holds much comes alone."""
    found: list[BaseStreamChunk] = []
    for chunk in islice(chunks, _MOST_CHUNKS):
        found.append(chunk)
        if len(getattr(chunk, "media_data", None) or b"") > WORTH_A_THREAD:
            break
    return found
