from __future__ import annotations

from typing import Any

import pytest

from massgen_stream.errors import InvalidChunk
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.rules import COMMON, FIELDS, MULTIMODAL_TYPES, RULES, TEXT_TYPES
from massgen_stream.stream_chunk.text import TextStreamChunk


@pytest.mark.parametrize("name", sorted(TEXT_TYPES))
def test_the_type_may_be_an_enum_or_its_string(name: ChunkType) -> None:
    assert TextStreamChunk(type=name) == TextStreamChunk(type=name.value)
    assert TextStreamChunk(type=name.value).type is name


@pytest.mark.parametrize("name", [*sorted(MULTIMODAL_TYPES), "media", "new", "", "CONTENT", None, 1, []])
def test_no_other_type_is_taken(name: Any) -> None:
    with pytest.raises(InvalidChunk, match="type must be one of"):
        TextStreamChunk(type=name)


def test_a_long_name_is_not_shown_in_full() -> None:
    with pytest.raises(InvalidChunk) as caught:
        TextStreamChunk(type="x" * 500)
    assert "x" * 100 not in str(caught.value)


def test_the_class_has_the_fields_of_its_types() -> None:
    of_types = {name for kind in TEXT_TYPES for name in RULES[kind].allowed}
    assert set(TextStreamChunk.__struct_fields__) == {"type", "extra", *COMMON, *of_types}
    assert of_types <= FIELDS.keys()


def test_every_optional_field_is_none_by_default() -> None:
    chunk = TextStreamChunk(type="start")
    assert chunk.set_fields() == {}
    assert {getattr(chunk, name) for name in chunk.__struct_fields__ if name not in ("type", "display")} == {None}
    assert chunk.display is True


def test_fields_are_named() -> None:
    positional: Any = TextStreamChunk
    with pytest.raises(TypeError):
        positional("content", "a")
    with pytest.raises(TypeError):
        positional(type="content", text="a")
