from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.fidelity import (
    JSON_KINDS,
    MESSAGEPACK_KINDS,
    have_dollar_key,
    keeps_chunk,
    keeps_flat_text,
)
from massgen_stream.stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.strategies import chunks

from .samples import WITHOUT_FORM


@given(chunks())
def test_what_is_said_to_be_kept_is_kept(chunk: BaseStreamChunk) -> None:
    if not keeps_chunk(chunk, JSON_KINDS):
        return
    try:
        document = json.loads(msgspec.json.encode(chunk))
    except UnicodeEncodeError:
        return  # the encoder fails by itself
    expected = {name: getattr(chunk, name) for name in chunk.__struct_fields__ if name in document}
    if isinstance(chunk, MultimodalStreamChunk):
        for name in ("media_data", "media_metadata"):
            document.pop(name, None)
            expected.pop(name, None)
    assert document == expected


@pytest.mark.parametrize("name", WITHOUT_FORM)
@pytest.mark.parametrize("kinds", [JSON_KINDS, MESSAGEPACK_KINDS])
def test_what_has_no_form_is_never_kept(name: str, kinds: Any) -> None:
    value = WITHOUT_FORM[name]
    for chunk in (
        TextStreamChunk(type="usage", usage={"a": [value]}),
        TextStreamChunk(type="content", content="a", usage={"a": value}),  # a field that does not belong to the type
        TextStreamChunk(type="content", content=value),
        MultimodalStreamChunk(type="media", media_type="image", job={"a": value}),
        MultimodalStreamChunk(type="media", media_type="image", media_data=value),
    ):
        assert not keeps_chunk(chunk, kinds)


def test_bytes_are_kept_by_messagepack_alone_and_in_containers_alone() -> None:
    nested = TextStreamChunk(type="usage", usage={"a": [b"raw"]})
    assert (keeps_chunk(nested, JSON_KINDS), keeps_chunk(nested, MESSAGEPACK_KINDS)) == (False, True)
    data: Any = b"raw"
    assert not keeps_chunk(TextStreamChunk(type="content", content=data), MESSAGEPACK_KINDS)


@pytest.mark.parametrize(
    ("encoding", "data", "in_json", "in_messagepack"),
    [
        ("binary", b"", True, True),
        ("binary", "", False, False),
        ("base64", "", True, True),
        ("base64", b"", False, True),
        (None, 1, False, False),
        (None, None, True, True),
    ],
)
def test_media_data_is_kept_in_its_own_kind(encoding: Any, data: Any, in_json: bool, in_messagepack: bool) -> None:
    chunk = MultimodalStreamChunk(type="media", media_type="image", media_encoding=encoding, media_data=data)
    assert keeps_chunk(chunk, JSON_KINDS) is in_json
    assert keeps_chunk(chunk, MESSAGEPACK_KINDS) is in_messagepack


@pytest.mark.parametrize("metadata", [{"mime_type": "a/b"}, MediaMetadata(mime_type="a/b", extra={"x": 1})])
def test_metadata_that_needs_the_general_way(metadata: Any) -> None:
    chunk = MultimodalStreamChunk(type="media", media_type="image", media_metadata=metadata)
    assert not keeps_chunk(chunk, JSON_KINDS)


def test_only_our_own_classes_are_kept() -> None:
    class Mine(TextStreamChunk, frozen=True, kw_only=True):
        pass

    assert keeps_chunk(TextStreamChunk(type="start"), JSON_KINDS)
    assert not keeps_chunk(Mine(type="start"), JSON_KINDS)
    assert not keeps_chunk(TextStreamChunk(type="start", extra={}), JSON_KINDS)


def test_flat_text() -> None:
    assert keeps_flat_text(TextStreamChunk(type="reasoning", reasoning_delta="a", timestamp=1.5))
    assert not keeps_flat_text(TextStreamChunk(type="reasoning", reasoning_delta="a", timestamp=float("nan")))
    assert not keeps_flat_text(TextStreamChunk(type="start", timestamp=2**60))


def test_a_walk_that_is_too_deep_keeps_nothing() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    assert not keeps_chunk(TextStreamChunk(type="usage", usage={"a": deep}), JSON_KINDS)
    assert have_dollar_key([deep])


@pytest.mark.parametrize("value", [{"$": 1}, [{"a": ({"$a": 1},)}], {"a": {"b": {"$bytes": ""}}}])
def test_dollar_keys_are_found(value: Any) -> None:
    assert have_dollar_key([None, value])


@pytest.mark.parametrize("value", [None, "$", {"a": "$"}, [{"a$": ["$"]}], {}])
def test_other_dollars_are_not(value: Any) -> None:
    assert not have_dollar_key([value])
