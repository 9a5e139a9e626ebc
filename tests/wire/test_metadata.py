"""Fields that an answer can do without: read where usable, told once where not."""

from typing import Any

import pytest

from massgen_stream.stream_chunk import BaseStreamChunk, TextStreamChunk
from massgen_stream.wire.metadata import DroppedFields, Metadata, index_of, is_whole_number


def details(out: list[BaseStreamChunk]) -> list[str | None]:
    return [chunk.detail for chunk in out if isinstance(chunk, TextStreamChunk) and chunk.status == "ignored_field"]


@pytest.mark.parametrize("value", [0, 7, 2**70])
def test_whole_numbers(value: int) -> None:
    assert is_whole_number(value)


@pytest.mark.parametrize("value", [-1, True, 1.0, "1", None, []])
def test_what_is_no_whole_number(value: object) -> None:
    assert not is_whole_number(value)


@pytest.mark.parametrize(
    ("value", "index"),
    [
        (3, 3), ("3", 3), (3.0, 3), (None, None), (True, None), (-1, None), (1.5, None), ("x", None), ("²", None),
        ("1" * 10, None), (-1.0, None), (float("inf"), None), (float("nan"), None), ([], None),
    ],
)  # fmt: skip
def test_an_index_of_the_wrong_type_still_counts_where_it_can(value: Any, index: int | None) -> None:
    assert index_of(value) == index


def test_each_path_is_told_once() -> None:
    dropped, out = DroppedFields(), list[BaseStreamChunk]()
    dropped.tell(["a", "b", "a"], out)
    Metadata(out, dropped).drop("b")
    Metadata(out, dropped).drop("c")
    assert details(out) == ["a", "b", "c"]


def test_usable_fields_are_returned_and_nothing_is_told() -> None:
    out: list[BaseStreamChunk] = []
    read = Metadata(out, DroppedFields())
    doc = {"index": 1, "text": "x", "number": 2, "data": {"n": float("nan")}, "list": [{"a": 1}]}
    assert (read.index(doc), read.text(doc, "text", ""), read.number(doc, "number", "p")) == (1, "x", 2)
    assert (read.data(doc, "data"), read.documents(doc, "list", "p")) == ({"n": None}, [{"a": 1}])
    assert out == []


def test_missing_fields_are_nothing() -> None:
    out: list[BaseStreamChunk] = []
    read = Metadata(out, DroppedFields())
    assert (read.index({}), read.text({}, "t", "p"), read.number({}, "n", "p")) == (None, "", None)
    assert (read.data({}, "d"), read.documents({}, "l", "p")) == ({}, [])
    assert out == []


def test_unusable_fields_are_dropped_and_told() -> None:
    out: list[BaseStreamChunk] = []
    read = Metadata(out, DroppedFields())
    doc = {"index": "2", "text": 5, "number": "2", "data": [], "list": [{}, 5], "none": "x"}
    assert (read.index(doc), read.text(doc, "text", ""), read.text(doc, "text", "p")) == (2, "", "")
    assert (read.number(doc, "number", "p"), read.data(doc, "data", "p.")) == (None, {})
    assert (read.documents(doc, "list", "p"), read.documents(doc, "none", "p")) == ([{}], [])
    assert details(out) == ["index", "text", "p.text", "p.number", "p.data", "p.list", "p.none"]
