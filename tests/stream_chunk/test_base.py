from __future__ import annotations

import subprocess
import sys
from collections import OrderedDict
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given

from massgen_stream.errors import InvalidChunk, MalformedChunk, UnencodableValue
from massgen_stream.stream_chunk.base import FAMILIES, UNKNOWN, BaseStreamChunk, chunk_of_document
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.unknown import UnknownChunk
from massgen_stream.testing.strategies import chunks

from .samples import sample


@given(chunks())
def test_a_dictionary_gives_its_chunk_back(chunk: BaseStreamChunk) -> None:
    assert type(chunk).from_dict(chunk.to_dict()) == chunk
    assert BaseStreamChunk.from_dict(MappingProxyType(chunk.to_dict())) == chunk


@given(chunks())
def test_every_generated_chunk_is_legal_and_has_a_short_repr(chunk: BaseStreamChunk) -> None:
    chunk.check()
    assert chunk.validate()
    assert type(chunk).__name__ in repr(chunk)


def test_a_dictionary_holds_what_is_set_and_names_its_type_first() -> None:
    chunk = TextStreamChunk(type="content", content="", display=False, choice_index=0)
    assert list(chunk.to_dict().items()) == [
        ("type", "content"),
        ("display", False),
        ("content", ""),
        ("choice_index", 0),
    ]
    assert type(chunk.to_dict()["type"]) is str
    assert chunk.set_fields() == {"display": False, "content": "", "choice_index": 0}


def test_a_dictionary_is_a_copy() -> None:
    usage = {"raw": {"a": [1]}}
    chunk = TextStreamChunk(type="usage", usage=usage)
    chunk.to_dict()["usage"]["raw"]["a"].append(2)
    assert usage == {"raw": {"a": [1]}}
    document: dict[str, Any] = {"type": "usage", "usage": {"a": [1]}, "new": [1]}
    read = BaseStreamChunk.from_dict(document)
    document["usage"]["a"].append(2)
    document["new"].append(2)
    assert read.to_dict() == {"type": "usage", "usage": {"a": [1]}, "new": [1]}


@pytest.mark.parametrize("chunk_type", ChunkType)
def test_from_dict_takes_only_chunks_of_its_class(chunk_type: ChunkType) -> None:
    chunk = sample(chunk_type)
    assert BaseStreamChunk.from_dict(chunk.to_dict()) == chunk
    other = MultimodalStreamChunk if isinstance(chunk, TextStreamChunk) else TextStreamChunk
    for wrong in (other, UnknownChunk):
        with pytest.raises(MalformedChunk, match=f"a {chunk_type} chunk is no {wrong.__name__}"):
            wrong.from_dict(chunk.to_dict())


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "content",
        {},
        {"type": None},
        {"type": 1},
        {"type": "content", "content": 1},
        {"type": "content", "timestamp": "now"},
        {"type": "content", "timestamp": "\ud800"},
        {"type": "content", "attachments": "\ud800"},
        {"type": "media", "media_type": "\ud800"},
        {"type": "\ud800", "new": {1}},
        {"type": "content", "timestamp": 10**400},
        {"type": "content", "sequence_number": True},
        {"type": "usage", "usage": 1},
        {"type": "media", "media_type": "smell"},
        {"type": "media", "media_metadata": {}},
        {"type": "media", "media_metadata": {"mime_type": "a/b", "duration_seconds": 10**400}},
        {"type": "content", "new": object()},
        {"type": "new", "new": object()},
    ],
)
def test_what_is_no_chunk_is_refused(document: Any) -> None:
    with pytest.raises(MalformedChunk):
        BaseStreamChunk.from_dict(document)


def test_nesting_has_an_end() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = {"a": deep}
    for document in ({"type": "usage", "usage": deep}, {"type": "start", "new": deep}, {"type": "new", "new": deep}):
        with pytest.raises(MalformedChunk, match="deep"):
            chunk_of_document(document)
    with pytest.raises(UnencodableValue, match="deep"):
        TextStreamChunk(type="usage", usage=deep).to_dict()


def test_a_document_may_be_any_mapping_with_an_enum_as_type() -> None:
    assert chunk_of_document(OrderedDict(type=ChunkType.START)) == TextStreamChunk(type="start")


def test_a_plain_base_chunk_has_a_dictionary() -> None:
    chunk = BaseStreamChunk(type="start", source="a")
    assert chunk.to_dict() == {"type": "start", "source": "a"}
    assert (chunk.is_complete(), chunk.get_progress(), chunk.validate()) == (True, None, True)
    with pytest.raises(MalformedChunk):
        BaseStreamChunk.from_unknown({"type": "new"})


def test_check_names_every_fault() -> None:
    chunk = TextStreamChunk(type="done", finish_reason="over", content="a", sequence_number=-1)
    assert not chunk.validate()
    with pytest.raises(InvalidChunk) as caught:
        chunk.check()
    assert len(caught.value.faults) == 3
    assert caught.value.chunk_type == "done"


@pytest.mark.parametrize("extra", [{}, {"content": 1}, [1]])
def test_unknown_fields_that_are_none_are_a_fault(extra: Any) -> None:
    assert not TextStreamChunk(type="content", content="a", extra=extra).validate()
    assert TextStreamChunk(type="content", content="a", extra={"new": 1}).validate()


def test_chunks_are_frozen() -> None:
    chunk: Any = sample(ChunkType.CONTENT)
    with pytest.raises(AttributeError):
        chunk.content = "b"


def test_every_type_has_its_family_however_the_package_was_imported() -> None:
    assert set(FAMILIES) == {*ChunkType, UNKNOWN}
    code = (
        "from massgen_stream.stream_chunk.text import TextStreamChunk;"
        "from massgen_stream.stream_chunk.base import BaseStreamChunk as B;"
        "print(*(type(B.from_dict({'type': t})).__name__ for t in ('start', 'media', 'new')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["TextStreamChunk", "MultimodalStreamChunk", "UnknownChunk"]
