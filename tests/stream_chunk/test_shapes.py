from __future__ import annotations

from typing import Any

import pytest

from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.rules import FIELDS, RULES
from massgen_stream.stream_chunk.shapes import faults

from .samples import CALL, PNG, sample

WRONG: dict[str, list[Any]] = {
    "str": [1, b"a", None, ["a"]],
    "int": ["1", 1.5, True, None],
    "float": ["1", True, float("nan"), float("inf"), 2**53 + 1],
    "bool": [0, 1, "true"],
    "dict": [[], "a", 1],
    "list": [{}, "a", 1],
    "metadata": [{"mime_type": "a/b"}, "a/b"],
    "data": [],
}


def values_of(chunk_type: ChunkType) -> dict[str, Any]:
    return sample(chunk_type).set_fields()


@pytest.mark.parametrize("chunk_type", ChunkType)
def test_a_sample_is_faultless(chunk_type: ChunkType) -> None:
    assert faults(chunk_type, values_of(chunk_type)) == []


@pytest.mark.parametrize(("chunk_type", "name"), [(kind, name) for kind in ChunkType for name in RULES[kind].required])
def test_a_missing_field_is_a_fault(chunk_type: ChunkType, name: str) -> None:
    values = values_of(chunk_type)
    del values[name]
    assert f"{name} is required" in faults(chunk_type, values)


@pytest.mark.parametrize("chunk_type", [kind for kind in ChunkType if RULES[kind].any_of])
def test_one_of_several_fields_is_required(chunk_type: ChunkType) -> None:
    values = {name: value for name, value in values_of(chunk_type).items() if name not in RULES[chunk_type].any_of}
    assert any(fault.startswith("one of ") for fault in faults(chunk_type, values))


def test_a_field_of_another_type_is_a_fault() -> None:
    assert faults(ChunkType.CONTENT, {"content": "a", "usage": {}}) == ["usage does not belong to content"]


@pytest.mark.parametrize("name", FIELDS)
def test_a_value_of_another_kind_is_a_fault(name: str) -> None:
    chunk_type = next((kind for kind in ChunkType if name in RULES[kind].allowed), ChunkType.CONTENT)
    for value in WRONG[FIELDS[name].kind]:
        assert any(name in fault for fault in faults(chunk_type, {**values_of(chunk_type), name: value})), value


@pytest.mark.parametrize("name", [name for name, rule in FIELDS.items() if rule.vocabulary])
def test_a_word_outside_its_vocabulary_is_a_fault_and_each_word_in_it_is_none(name: str) -> None:
    chunk_type = next(kind for kind in ChunkType if name in RULES[kind].allowed)
    values = {**values_of(chunk_type), "byte_offset": 0} if name == "partial_kind" else values_of(chunk_type)
    found = faults(chunk_type, {**values, name: "nonsense"})
    assert any(fault.startswith(f"{name} 'nonsense' is not one of") for fault in found)
    for word in FIELDS[name].vocabulary or ():
        assert not any(fault.startswith(f"{name} ") for fault in faults(chunk_type, {**values, name: word}))


@pytest.mark.parametrize("chunk_type", [kind for kind in ChunkType if "status" in RULES[kind].allowed])
def test_a_status_of_another_type_is_a_fault(chunk_type: ChunkType) -> None:
    assert any("status" in fault for fault in faults(chunk_type, {**values_of(chunk_type), "status": "dreaming"}))


@pytest.mark.parametrize(
    ("name", "value"),
    [("sequence_number", -1), ("progress_percentage", 100.5), ("eta_seconds", -0.5)],
)
def test_a_number_out_of_its_range_is_a_fault(name: str, value: Any) -> None:
    found = faults(ChunkType.MEDIA_PROGRESS, {"media_id": "m", "stage": "running", name: value})
    assert len(found) == 1
    assert found[0].startswith(f"{name} must be at ")


@pytest.mark.parametrize(
    ("chunk_type", "values", "fault"),
    [
        ("content", {"content": ""}, "content must not be empty"),
        ("tool_calls", {"tool_calls": []}, "tool_calls must not be empty"),
        ("tool_calls", {"tool_calls": ["a"]}, "tool_calls [0] must be dict, not str"),
        ("tool_calls", {"tool_calls": [CALL, {**CALL, "id": 1}]}, "tool_calls [1].id must be str"),
        ("tool_calls", {"tool_calls": [{**CALL, "kind": "odd"}]}, "tool_calls [0].kind 'odd' is not one of"),
        ("usage", {"usage": {"input_tokens": -1}}, "usage ['input_tokens'] must be a number of tokens"),
        ("usage", {"usage": {"input_tokens": True}}, "usage ['input_tokens'] must be a number of tokens"),
        ("error", {"error": "a", "error_info": {}}, "error_info ['kind'] None is not one of"),
        ("complete_message", {"complete_message": {"role": "user", "content": ""}}, "complete_message ['role'] must"),
        ("complete_message", {"complete_message": {"role": "assistant"}}, "complete_message ['content'] must"),
        ("tool_result", {"tool_call_id": "a", "attachments": [b"a"]}, "attachments [0] must be dict, not bytes"),
        ("done", {"finish_reason": "stop", "media_results": [1]}, "media_results [0] must be dict, not int"),
        ("media", {"media_type": "image", "media_data": "a"}, "media_encoding is required with media_data"),
        ("media", {"media_type": "image", "media_data": "a", "media_encoding": "binary"}, "media_data must be bytes"),
        ("media", {"media_type": "image", "media_data": b"a", "media_encoding": "url"}, "media_data must be str"),
        ("attachment", {"media_data": "a"}, "media_encoding is required with media_data"),
        ("attachment_complete", {"media_data": b"a", "media_encoding": "file_id"}, "media_data must be str"),
        (
            "media",
            {"media_type": "image", "text_content": "a"},
            "media_data, path or media_metadata is required unless is_partial",
        ),
        (
            "media",
            {"media_type": "image", "media_metadata": PNG, "is_partial": True, "partial_kind": "segment"},
            "byte_offset is required for a segment",
        ),
    ],
)
def test_these_are_faults(chunk_type: str, values: dict[str, Any], fault: str) -> None:
    found = faults(ChunkType(chunk_type), values)
    assert len(found) == 1
    assert found[0].startswith(fault)


@pytest.mark.parametrize(
    ("chunk_type", "values"),
    [
        ("content", {"content": "", "provider_data": {"google.generate_content": {"signature": b"x"}}}),
        ("tool_calls", {"tool_calls": ({"id": "", "name": "", "arguments": ""},)}),
        ("usage", {"usage": {"input_tokens": 0, "output_tokens": 1.5, "total_tokens": None, "other": "x"}}),
        ("media", {"media_type": "audio", "text_content": "a", "is_partial": True}),
        ("media", {"media_type": "audio", "media_encoding": "binary", "media_data": memoryview(b"a")}),
        ("media", {"media_type": "audio", "path": "a.wav", "partial_kind": "preview"}),
    ],
)
def test_these_are_none(chunk_type: str, values: dict[str, Any]) -> None:
    assert faults(ChunkType(chunk_type), values) == []


def test_a_huge_number_is_named_as_such() -> None:
    assert faults(ChunkType.START, {"sequence_number": -(10**5000)}) == [
        "sequence_number must be at least 0, not <huge integer>"
    ]


def test_no_fault_shows_a_long_value() -> None:
    long = "x" * 500
    found = faults(ChunkType.TOOL_CALLS, {"tool_calls": [{**CALL, "kind": long}], "stream_id": "s"})
    found += faults(ChunkType.AGENT_STATUS, {"status": long}) + faults(ChunkType.DONE, {"finish_reason": long})
    found += faults(ChunkType.ERROR, {"error": "a", "error_info": {"kind": long}})
    assert len(found) == 4
    assert all(long[:100] not in fault for fault in found)
