from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import assume, given
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.codec import decode_json
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.rules import MULTIMODAL_TYPES, TEXT_TYPES
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.unknown import UnknownChunk
from massgen_stream.testing.strategies import chunks

from .samples import sample


class Envelope(BaseModel):
    chunk: BaseStreamChunk
    text: TextStreamChunk | None = None
    media: list[MultimodalStreamChunk] = []


CHUNK = TypeAdapter(BaseStreamChunk)


@given(chunks())
def test_a_chunk_is_kept_as_it_is(chunk: BaseStreamChunk) -> None:
    assert Envelope(chunk=chunk).chunk is chunk
    assert Envelope(chunk=chunk).model_dump()["chunk"] is chunk


@given(chunks())
def test_a_dictionary_is_read_and_written(chunk: BaseStreamChunk) -> None:
    document: Any = chunk.to_dict()
    assert Envelope(chunk=document).chunk == chunk
    assume(is_utf_8(document))
    assert Envelope(chunk=document).model_dump(mode="json")["chunk"] == document


def is_utf_8(document: Any) -> bool:
    """Tell whether pydantic can write it: it refuses lone surrogates."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize("chunk_type", ChunkType)
def test_json_goes_through_a_model(chunk_type: ChunkType) -> None:
    envelope = Envelope(chunk=sample(chunk_type))
    data = envelope.model_dump_json(exclude_defaults=True)
    assert Envelope.model_validate_json(data) == envelope
    assert decode_json(json.dumps(json.loads(data)["chunk"])) == sample(chunk_type)


def test_each_class_takes_its_own_types() -> None:
    text, media = sample(ChunkType.CONTENT), sample(ChunkType.MEDIA)
    document: Any = {"chunk": {"type": "new"}, "text": text.to_dict(), "media": [media.to_dict(), media]}
    envelope = Envelope(**document)
    assert isinstance(envelope.chunk, UnknownChunk)
    assert (envelope.text, envelope.media) == (text, [media, media])
    with pytest.raises(ValidationError, match="a media chunk is no TextStreamChunk"):
        Envelope(**{**document, "text": media.to_dict()})
    with pytest.raises(ValidationError):
        Envelope(**{**document, "text": media})
    union = TypeAdapter(TextStreamChunk | MultimodalStreamChunk)
    assert union.validate_python(media.to_dict()) == media


@pytest.mark.parametrize(
    "value",
    [None, 1, "content", {}, {"type": "content", "content": 1}, {"type": "usage", "usage": {"a": float("nan")}}],
)
def test_our_errors_are_validation_errors(value: Any) -> None:
    with pytest.raises(ValidationError, match="malformed chunk"):
        CHUNK.validate_python(value)


def test_a_value_without_a_form_is_a_serialization_error() -> None:
    chunk = TextStreamChunk(type="usage", usage={"a": {1}})
    assert CHUNK.dump_python(chunk) is chunk
    with pytest.raises(PydanticSerializationError, match=r"usage\.a"):
        CHUNK.dump_json(chunk)


@pytest.mark.parametrize(
    ("family", "types", "unknown"),
    [
        (BaseStreamChunk, set(ChunkType), True),
        (TextStreamChunk, TEXT_TYPES, False),
        (MultimodalStreamChunk, MULTIMODAL_TYPES, False),
        (UnknownChunk, set(), True),
    ],
)
def test_the_json_schema_describes_the_documents_of_the_class(
    family: Any, types: set[ChunkType], unknown: bool
) -> None:
    found = TypeAdapter(family).json_schema()
    validator = Draft202012Validator(found)
    for chunk_type in ChunkType:
        assert validator.is_valid(sample(chunk_type).to_dict()) is (chunk_type in types)
    assert validator.is_valid({"type": "hologram"}) is unknown
    assert not validator.is_valid({})


def test_the_json_schema_of_a_model_holds_that_of_the_chunk() -> None:
    class Mine(TextStreamChunk, frozen=True, kw_only=True):
        pass

    for mode in ("validation", "serialization"):
        validator = Draft202012Validator(Envelope.model_json_schema(mode=mode))
        Draft202012Validator.check_schema(validator.schema)
        document = {"chunk": sample(ChunkType.MEDIA).to_dict(), "text": sample(ChunkType.DONE).to_dict(), "media": []}
        validator.validate(document)
        assert not validator.is_valid({**document, "text": sample(ChunkType.MEDIA).to_dict()})
    assert TypeAdapter(Mine).json_schema() == TypeAdapter(TextStreamChunk).json_schema()


def test_chunks_do_not_import_pydantic() -> None:
    code = (
        "import sys, massgen_stream.stream_chunk.codec, massgen_stream.stream_chunk.pydantic_hooks;"
        "print([name for name in sys.modules if name.startswith('pydantic')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
