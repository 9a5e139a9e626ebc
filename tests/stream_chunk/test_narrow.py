from __future__ import annotations

import inspect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import InvalidChunk
from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.base import FAMILIES
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.narrow.checked import checked
from massgen_stream.stream_chunk.rules import RULES
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.strategies import chunks_of, json_values

from .samples import ARGUMENTS, constructor, sample

ALSO_REQUIRED = {ChunkType.MEDIA: ["media_id"], ChunkType.MEDIA_PROGRESS: ["media_id"]}
"""Arguments that no public constructor needs, but that a stream does: parts of media belong together by their id."""


@pytest.mark.parametrize("chunk_type", ChunkType)
def test_a_constructor_takes_the_fields_of_its_type_required_ones_first(chunk_type: ChunkType) -> None:
    parameters = inspect.signature(constructor(chunk_type)).parameters.values()
    rule = RULES[chunk_type]
    assert sorted(parameter.name for parameter in parameters) == sorted(rule.allowed)
    required = [parameter.name for parameter in parameters if parameter.default is parameter.empty]
    assert required == [*ALSO_REQUIRED.get(chunk_type, []), *rule.required]
    positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert positional == required
    assert constructor(chunk_type).__doc__ == rule.doc


@pytest.mark.parametrize("chunk_type", ChunkType)
def test_a_constructor_builds_a_legal_chunk_of_its_type(chunk_type: ChunkType) -> None:
    chunk = sample(chunk_type)
    assert chunk.type is chunk_type
    assert type(chunk) is FAMILIES[chunk_type]
    assert chunk.set_fields() == ARGUMENTS[chunk_type]
    chunk.check()


@given(st.data(), st.sampled_from(ChunkType))
def test_every_field_arrives(data: Any, chunk_type: ChunkType) -> None:
    chunk = data.draw(chunks_of(chunk_type, extra=False))
    given_fields = {name: value for name, value in chunk.set_fields().items() if name in RULES[chunk_type].allowed}
    for name in ALSO_REQUIRED.get(chunk_type, []):
        given_fields.setdefault(name, "m1")
    assert constructor(chunk_type)(**given_fields).set_fields() == given_fields


@given(st.data(), st.sampled_from(ChunkType), json_values())
def test_no_constructor_builds_an_illegal_chunk(data: Any, chunk_type: ChunkType, value: Any) -> None:
    name = data.draw(st.sampled_from(RULES[chunk_type].allowed or ["provider"]))
    try:
        chunk = constructor(chunk_type)(**{**ARGUMENTS[chunk_type], name: value})
    except InvalidChunk:
        return
    chunk.check()


@pytest.mark.parametrize(
    ("chunk_type", "arguments"),
    [
        (ChunkType.CONTENT, {"content": ""}),
        (ChunkType.DONE, {"finish_reason": "over"}),
        (ChunkType.MEDIA, {"media_id": "m", "media_type": "image"}),
        (ChunkType.TOOL_RESULT, {"tool_call_id": "a"}),
    ],
)
def test_an_illegal_chunk_is_refused(chunk_type: ChunkType, arguments: dict[str, Any]) -> None:
    with pytest.raises(InvalidChunk):
        constructor(chunk_type)(**arguments)


def test_checked_returns_the_chunk_itself() -> None:
    chunk = TextStreamChunk(type="start")
    assert checked(chunk) is chunk
    with pytest.raises(InvalidChunk):
        checked(TextStreamChunk(type="done"))


def test_nothing_else_is_called_like_a_type() -> None:
    assert {name for name in vars(narrow) if name in set(ChunkType)} == set(ChunkType)
    assert all(callable(getattr(narrow, name)) for name in ChunkType)
