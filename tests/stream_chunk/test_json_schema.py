from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from massgen_stream.errors import MalformedChunk
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.codec import encode_json, schema
from massgen_stream.stream_chunk.json_schema import schema_of_type, schema_of_types, schema_of_unknown
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.rules import COMMON, FIELDS, METADATA, RULES
from massgen_stream.testing.strategies import chunks_of, json_values

from .samples import CALL, sample

VALIDATOR = Draft202012Validator(schema())
OF_TYPE = {kind: Draft202012Validator(schema_of_type(kind)) for kind in ChunkType}


def is_valid(document: Any) -> bool:
    """Ask the whole schema, which tries every type, and the one of the type, which must agree."""
    kind = document.get("type")
    found = VALIDATOR.is_valid(document)
    assert kind not in set(ChunkType) or OF_TYPE[kind].is_valid(document) is found
    return found


def document_of(chunk: BaseStreamChunk) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(encode_json(chunk))
    return document


def test_the_schema_is_one_of_the_dialect_and_json() -> None:
    Draft202012Validator.check_schema(schema())
    assert json.loads(json.dumps(schema(), allow_nan=False)) == schema()
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_schema_has_one_entry_per_type_and_one_property_per_field() -> None:
    assert list(schema()["$defs"]) == [str(kind) for kind in ChunkType]
    for kind, entry in schema()["$defs"].items():
        assert set(entry["properties"]) == {"type", *COMMON, *RULES[ChunkType(kind)].allowed}
        assert entry["description"] == RULES[ChunkType(kind)].doc
    media = schema()["$defs"]["media"]["properties"]["media_metadata"]
    assert set(media["properties"]) == set(METADATA)


def test_each_call_gives_a_schema_of_its_own() -> None:
    schema()["$defs"]["media"]["properties"].clear()
    assert schema()["$defs"]["media"]["properties"]


@pytest.mark.parametrize("chunk_type", ChunkType)
def test_what_a_narrow_constructor_makes_is_valid(chunk_type: ChunkType) -> None:
    VALIDATOR.validate(document_of(sample(chunk_type)))


@given(st.data(), st.sampled_from(ChunkType))
def test_every_legal_chunk_is_valid(data: Any, chunk_type: ChunkType) -> None:
    OF_TYPE[chunk_type].validate(document_of(data.draw(chunks_of(chunk_type))))


@given(st.data(), st.sampled_from(ChunkType))
def test_the_schema_says_what_check_says(data: Any, chunk_type: ChunkType) -> None:
    document = document_of(sample(chunk_type))
    for name in data.draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=2)):
        if data.draw(st.booleans()):
            document.pop(name, None)
        else:
            document[name] = data.draw(json_values().filter(lambda value: value is not None and _is_json(value)))
    try:
        chunk = BaseStreamChunk.from_dict(document)
    except MalformedChunk:
        # a schema cannot tell base64 from other text, and calls 1.0 an integer
        assert not is_valid(document) or document.get("media_encoding") == "binary" or 1.0 in _numbers(document)
        return
    assert is_valid(document) is chunk.validate()


def _is_json(value: Any) -> bool:
    try:
        return "$" not in json.dumps(value)
    except (TypeError, ValueError):
        return False


def _numbers(document: dict[str, Any]) -> list[float]:
    return [1.0 for value in document.values() if isinstance(value, float) and value.is_integer()]


@pytest.mark.parametrize("chunk_type", ChunkType)
def test_what_is_missing_or_foreign_is_invalid_and_what_is_unknown_is_not(chunk_type: ChunkType) -> None:
    document = document_of(sample(chunk_type))
    for name in ("type", *RULES[chunk_type].required):
        assert not is_valid({key: value for key, value in document.items() if key != name})
    foreign = {"text": "hook_info", "multimodal": "log"}[RULES[chunk_type].family]
    if foreign not in RULES[chunk_type].allowed:
        assert not is_valid({**document, foreign: document.get(foreign, {})})
    assert is_valid({**document, "new": {"a": [1]}, "$new": None})


@pytest.mark.parametrize(
    ("chunk_type", "fields"),
    [
        ("content", {"content": ""}),
        ("content", {"timestamp": "now"}),
        ("content", {"sequence_number": -1}),
        ("content", {"sequence_number": 1.5}),
        ("content", {"phase": "last"}),
        ("done", {"finish_reason": "over"}),
        ("agent_status", {"status": "connected"}),
        ("tool_calls", {"tool_calls": []}),
        ("tool_calls", {"tool_calls": [{**CALL, "arguments": {}}]}),
        ("tool_calls", {"tool_calls": [{**CALL, "kind": "odd"}]}),
        ("usage", {"usage": {"input_tokens": -1}}),
        ("error", {"error_info": {"kind": "odd"}}),
        ("complete_message", {"complete_message": {"role": "user", "content": ""}}),
        ("complete_message", {"complete_message": {"role": "assistant"}}),
        ("tool_result", {"attachments": ["a"]}),
        ("media", {"media_type": "smell"}),
        ("media", {"media_encoding": None}),
        ("media", {"media_metadata": {"width": 1}}),
        ("media", {"media_metadata": {"mime_type": "a/b", "width": -1}}),
        ("media", {"partial_kind": "segment"}),
        ("media_progress", {"progress_percentage": 101}),
    ],
)
def test_these_are_invalid(chunk_type: str, fields: dict[str, Any]) -> None:
    document = document_of(sample(ChunkType(chunk_type)))
    assert is_valid(document)
    assert not is_valid({**document, **fields})


def test_a_final_medium_needs_media_and_a_partial_one_does_not() -> None:
    document = {"type": "media", "media_type": "audio", "text_content": "la"}
    assert not is_valid(document)
    assert is_valid({**document, "is_partial": True})
    assert is_valid({**document, "path": "a.wav"})


def test_an_empty_text_may_carry_data() -> None:
    assert is_valid({"type": "content", "content": "", "provider_data": {"google.generate_content": {"a": 1}}})


def test_a_schema_to_be_put_into_another_has_no_references() -> None:
    inner = schema_of_types(["content", "media"])
    assert "$ref" not in json.dumps(inner)
    validator = Draft202012Validator({"type": "array", "items": inner})
    validator.validate([document_of(sample(ChunkType.CONTENT)), document_of(sample(ChunkType.MEDIA))])
    with pytest.raises(ValidationError):
        validator.validate([document_of(sample(ChunkType.DONE))])


def test_an_unknown_type_has_a_schema_of_its_own() -> None:
    unknown = Draft202012Validator(schema_of_unknown())
    assert unknown.is_valid({"type": "hologram", "depth": 3})
    assert not unknown.is_valid({"type": "content", "content": "a"})
    assert not unknown.is_valid({"depth": 3})
    assert not is_valid({"type": "hologram"})
