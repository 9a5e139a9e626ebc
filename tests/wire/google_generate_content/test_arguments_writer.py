"""Values at paths to text and back: whatever object is written value by value is that object."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import MalformedEvent
from massgen_stream.wire.google_generate_content.arguments_reader import ArgumentsReader
from massgen_stream.wire.google_generate_content.arguments_writer import ArgumentsWriter
from massgen_stream.wire.google_generate_content.events import PartialArg
from massgen_stream.wire.google_generate_content.paths import path_text

names = st.text(max_size=4)
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(names, inner, min_size=1, max_size=3),
)
objects = st.dictionaries(names, values, min_size=1, max_size=3)


def pieces_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[PartialArg]:
    """Yield what Enterprise streams for *value*."""
    if isinstance(value, dict | list):
        for place, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from pieces_of(item, (*path, place))
    elif isinstance(value, str):
        yield PartialArg(path_text(path), stringValue=value[:2], willContinue=True)
        yield PartialArg(path_text(path), stringValue=value[2:])
    elif isinstance(value, bool):
        yield PartialArg(path_text(path), boolValue=value)
    elif value is None:
        yield PartialArg(path_text(path), nullValue="NULL_VALUE")
    else:
        yield PartialArg(path_text(path), numberValue=value)


@given(objects)
def test_the_text_is_the_object(value: dict[str, Any]) -> None:
    writer = ArgumentsWriter()
    text = "".join(map(writer.feed, pieces_of(value))) + writer.close()
    assert json.loads(text) == value
    assert writer.closed


@given(objects)
def test_reading_the_text_gives_the_values(value: dict[str, Any]) -> None:
    writer, reader, again = ArgumentsWriter(), ArgumentsReader(), ArgumentsWriter()
    for piece in pieces_of(value):
        text = writer.feed(piece)
        said = [PartialArg(**one) for one in (*reader.feed(text), *reader.flush())]
        assert "".join(map(again.feed, said)) == text
    reader.feed(writer.close())
    assert reader.closed
    assert not reader.lost


@given(objects, st.data())
def test_reading_does_not_depend_on_the_cuts(value: dict[str, Any], data: st.DataObject) -> None:
    text = json.dumps(value, ensure_ascii=data.draw(st.booleans()), indent=data.draw(st.sampled_from((None, 1))))
    places = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    reader, writer, written = ArgumentsReader(), ArgumentsWriter(), ""
    for start, end in zip([0, *places], [*places, len(text)], strict=True):
        written += "".join(writer.feed(PartialArg(**one)) for one in reader.feed(text[start:end]))
    assert reader.closed
    assert json.loads((written + writer.close()).encode("utf-16", "surrogatepass").decode("utf-16")) == value


@pytest.mark.parametrize(
    "paths",
    [
        ["x"],
        ["$"],
        ["$[0]"],
        ["$.a[1]"],
        ["$.a", "$.a"],
        ["$.a.b", "$.c", "$.a.d"],
        ["$.a[0]", "$.a[2]"],
        ["$.a", "$.a.b"],
    ],
)
def test_a_path_that_does_not_continue_the_arguments(paths: list[str]) -> None:
    writer = ArgumentsWriter()
    for path in paths[:-1]:
        writer.feed(PartialArg(path, numberValue=1))
    with pytest.raises(MalformedEvent, match="does not continue the arguments"):
        writer.feed(PartialArg(paths[-1], numberValue=1))


def test_what_is_closed_takes_nothing_more() -> None:
    writer = ArgumentsWriter()
    assert (writer.close(), writer.close()) == ("{}", "")
    with pytest.raises(MalformedEvent):
        writer.feed(PartialArg("$.a", numberValue=1))
