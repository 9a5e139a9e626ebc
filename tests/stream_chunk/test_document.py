from __future__ import annotations

from typing import Any

import pytest

from massgen_stream.errors import MalformedChunk, UnencodableValue
from massgen_stream.stream_chunk.document import (
    EXTRA,
    METADATA_FIELDS,
    extra_faults,
    fields_of_document,
    form_of_field,
    form_of_fields,
    json_form,
    metadata_fields,
    with_extra,
)
from massgen_stream.stream_chunk.multimodal import MediaMetadata

KNOWN = frozenset(("type", "extra", "content", "timestamp", "usage", "media_data", "media_encoding", "media_metadata"))


def test_the_table_of_metadata_has_the_fields_of_the_class() -> None:
    assert (*METADATA_FIELDS, "extra") == MediaMetadata.__struct_fields__


def test_fields_get_their_forms() -> None:
    fields = {"content": "a", "usage": {"$a": b""}, "media_metadata": MediaMetadata(mime_type="a/b", width=0)}
    assert form_of_fields(fields) == {
        "content": "a",
        "usage": {"$$a": {"$bytes": ""}},
        "media_metadata": {"mime_type": "a/b", "width": 0},
    }


@pytest.mark.parametrize(
    ("encoding", "data", "form"),
    [("binary", b"hi", "aGk="), ("base64", "aGk=", "aGk="), ("base64", b"hi", {"$bytes": "aGk="})],
)
def test_media_data_is_read_as_it_was_written(encoding: str, data: Any, form: Any) -> None:
    fields = {"media_encoding": encoding, "media_data": data}
    document = {"media_encoding": encoding, "media_data": form}
    assert form_of_fields(fields) == document
    assert fields_of_document(document, KNOWN) == fields


@pytest.mark.parametrize(("encoding", "data"), [("binary", "aGk="), ("binary", 1), ("url", 1), ("base64", [])])
def test_media_data_of_another_kind_is_refused(encoding: Any, data: Any) -> None:
    with pytest.raises(UnencodableValue, match="media_data"):
        form_of_fields({"media_encoding": encoding, "media_data": data})


@pytest.mark.parametrize("form", [1, [], {}, {"a": 1}, True])
def test_media_data_of_another_form_is_malformed(form: Any) -> None:
    with pytest.raises(MalformedChunk, match="media_data"):
        fields_of_document({"type": "media", "media_data": form}, KNOWN)


@pytest.mark.parametrize(("name", "value"), [("content", b""), ("content", None), ("timestamp", []), ("width", {})])
def test_a_field_of_one_value_takes_no_other_kind(name: str, value: Any) -> None:
    with pytest.raises(UnencodableValue, match=r"^cannot encode here: must be"):
        form_of_field(name, value, "here")


def test_a_document_becomes_fields_and_the_rest() -> None:
    document = {
        "type": "content",
        "content": None,
        "usage": {"$$a": {"$bytes": ""}},
        "extra": 1,
        "$extra": {"$bytes": "?"},
        "new": None,
        "media_metadata": {"mime_type": "a/b", "width": None, "codec": b"x"},
    }
    assert fields_of_document(document, KNOWN) == {
        "type": "content",
        "usage": {"$a": b""},
        "media_metadata": {"mime_type": "a/b", EXTRA: {"codec": {"$bytes": "eA=="}}},
        EXTRA: {"extra": 1, "$extra": {"$bytes": "?"}, "new": None},
    }


@pytest.mark.parametrize(
    "document",
    [
        {"timestamp": float("nan")},
        {"usage": {"a": float("inf")}},
        {"new": float("nan")},
        {"new": {1: 2}},
        {1: 2},
        {"media_metadata": {1: 2}},
        {"media_metadata": {"duration_seconds": float("inf")}},
        {"media_metadata": {"new": {1}}},
    ],
)
def test_a_document_holds_only_what_json_holds(document: Any) -> None:
    with pytest.raises(MalformedChunk):
        fields_of_document(document, KNOWN)


def test_unknown_fields_come_after_the_known_ones() -> None:
    assert list(with_extra({"type": "a"}, {"new": 1, "extra": 2}, KNOWN)) == ["type", "new", "extra"]
    assert with_extra({"type": "a"}, None, KNOWN) == with_extra({"type": "a"}, {}, KNOWN) == {"type": "a"}


@pytest.mark.parametrize("extra", [{"content": 1}, {"new": 1j}, {1: 1}, {"\ud83d\ude00": 1, "😀": 1}])
def test_unknown_fields_that_cannot_be_written(extra: Any) -> None:
    with pytest.raises(UnencodableValue, match="extra"):
        with_extra({"type": "a"}, extra, KNOWN)


@pytest.mark.parametrize(("extra", "faults"), [(None, 0), ({"new": 1, "extra": 1}, 0), ({}, 1), ([], 1)])
def test_faults_of_unknown_fields(extra: Any, faults: int) -> None:
    assert len(extra_faults(extra, KNOWN)) == faults
    assert len(extra_faults({"content": 1, "usage": 1, "new": 1}, KNOWN)) == 2


def test_json_comes_back_unchanged() -> None:
    form = {"$a": [{"$bytes": 1}, None, True, 1.5, 10**30, "\ud800"]}
    assert json_form(form) == form
    assert json_form([b"hi"]) == [{"$bytes": "aGk="}]
    with pytest.raises(MalformedChunk):
        json_form({"a": {1}})


def test_metadata_leaves_null_out_and_keeps_what_it_does_not_know() -> None:
    assert metadata_fields({"mime_type": "a/b", "pages": None, "new": None}) == {
        "mime_type": "a/b",
        EXTRA: {"new": None},
    }
