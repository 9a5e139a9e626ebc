"""Chunks as JSON Lines: one object per line, in UTF-8, each ended by a line feed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..errors import MalformedChunk
from .base import BaseStreamChunk
from .codec_json import bytes_of_input, decode_json, encode_json


def encode_jsonl(chunks: Iterable[BaseStreamChunk]) -> Iterator[bytes]:
    r"""Yield each chunk as one line with its ``\n``.

    Raises:
        UnencodableValue: A value has no JSON form; the lines before it have been yielded.
    """
    for chunk in chunks:
        yield encode_json(chunk) + b"\n"


def decode_jsonl(pieces: Iterable[bytes | bytearray | memoryview | str]) -> Iterator[BaseStreamChunk]:
    r"""Yield the chunks of JSON Lines that come in *pieces*, cut anywhere, even within a character.

    Blank lines are skipped, ``\r\n`` is taken for ``\n``, and the last line needs neither. Work is linear in the bytes,
    however long a line is; at most one line is kept.

    Raises:
        MalformedChunk: A line is no chunk; the text names its number, from 1.
    """
    for number, line in enumerate(_lines(pieces), 1):
        if line.isspace() or not line:
            continue
        try:
            yield decode_json(line)
        except MalformedChunk as problem:
            raise MalformedChunk(f"line {number}: {problem.problem}", problem.data) from None


def _lines(pieces: Iterable[bytes | bytearray | memoryview | str]) -> Iterator[bytes]:
    parts: list[bytes] = []  # of the line that is not complete; joined once, or a long line would be quadratic
    for piece in pieces:
        first, *others = bytes_of_input(piece).split(b"\n")
        parts.append(first)
        if others:
            yield b"".join(parts)
            yield from others[:-1]
            parts = others[-1:]
    yield b"".join(parts)
