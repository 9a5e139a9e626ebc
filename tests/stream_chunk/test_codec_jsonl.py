from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import MalformedChunk, UnencodableValue
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.codec import decode_jsonl, encode_json, encode_jsonl
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.strategies import chunks


def content(text: str) -> TextStreamChunk:
    return TextStreamChunk(type="content", content=text)


def cut(data: Any, places: list[int]) -> list[Any]:
    bounds = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(bounds)]


@given(st.lists(chunks(), max_size=4), st.lists(st.integers(0, 10**6), max_size=6))
def test_any_cut_gives_the_same_chunks(some: list[BaseStreamChunk], places: list[int]) -> None:
    data = b"".join(encode_jsonl(some))
    assert list(decode_jsonl(cut(data, places))) == some


def test_each_chunk_is_one_line() -> None:
    lines = list(encode_jsonl([content("a\nb\r\u2028"), content("c")]))
    assert lines == [encode_json(content("a\nb\r\u2028")) + b"\n", encode_json(content("c")) + b"\n"]
    assert [line.count(b"\n") for line in lines] == [1, 1]


def test_both_directions_are_lazy() -> None:
    def pieces() -> Any:
        yield b'{"type":"content","content":"a"}\n{"type"'
        raise AssertionError("read too far")

    chunks_of_pieces = decode_jsonl(pieces())
    assert next(chunks_of_pieces) == content("a")
    lines = encode_jsonl(iter([content("a"), TextStreamChunk(type="usage", usage={"a": {1}})]))
    assert next(lines) == encode_json(content("a")) + b"\n"
    with pytest.raises(UnencodableValue):
        next(lines)


@pytest.mark.parametrize(
    "pieces",
    [
        [b'{"type":"content","content":"\xc3\xa9"}\n'],
        [b'\r\n\n {"type":"content","content":"\xc3', b'\xa9"}\r', b"\n  \n\t\r\n"],
        [b'{"type":"content","content":"\xc3\xa9"}'],
        [bytearray(b'{"type":"content",'), memoryview(b'"content":"\xc3\xa9"}'), "\n", b""],
        ['{"type":"content","content":"é"}\r\n'],
        ["", '{"type":"content","content":"é"}', ""],
    ],
)
def test_lines_may_end_and_come_in_any_way(pieces: list[Any]) -> None:
    assert list(decode_jsonl(pieces)) == [content("é")]


def test_only_a_line_feed_ends_a_line() -> None:
    text = "a\x0b\x0c\x1c\x85\u2028b"
    assert list(decode_jsonl(['{"type":"content","content":"a\u2028\x85b"}\n'])) == [content("a\u2028\x85b")]
    assert list(decode_jsonl(encode_jsonl([content(text)]))) == [content(text)]


@pytest.mark.parametrize("pieces", [[], [b""], [b"\n\n"], [" \r\n"]])
def test_nothing_gives_nothing(pieces: list[Any]) -> None:
    assert list(decode_jsonl(pieces)) == []


def test_a_bad_line_is_named_by_its_number_after_those_before_it() -> None:
    found = decode_jsonl([b'\n{"type":"content","content":"a"}\n\n{"type":', b' "content", 1}\n{"type":"start"}\n'])
    assert next(found) == content("a")
    with pytest.raises(MalformedChunk, match=r"^malformed chunk: line 4: .* in '{\"type\": \"content\", 1}'$"):
        next(found)


def test_a_last_line_that_was_cut_is_named() -> None:
    with pytest.raises(MalformedChunk, match="line 2"):
        list(decode_jsonl([b'{"type":"start"}\n{"type":"sta']))


def test_a_piece_of_the_wrong_type_is_our_error() -> None:
    pieces: Any = [1]
    with pytest.raises(MalformedChunk, match="neither bytes nor text"):
        list(decode_jsonl(pieces))


def test_a_long_line_may_come_in_many_pieces() -> None:
    line = encode_json(content("x" * 200_000))
    pieces = [line[place : place + 10] for place in range(0, len(line), 10)]
    assert list(decode_jsonl(pieces)) == [content("x" * 200_000)]
