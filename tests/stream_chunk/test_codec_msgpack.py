from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import MalformedChunk, UnencodableValue
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.codec import decode_json, decode_msgpack, encode_json, encode_msgpack
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.unknown import UnknownChunk
from massgen_stream.testing.strategies import chunks

from .samples import WITHOUT_FORM, sample

Ext = msgspec.msgpack.Ext
pack = msgspec.msgpack.encode
unpack = msgspec.msgpack.decode


def usage(value: Any) -> TextStreamChunk:
    return TextStreamChunk(type="usage", usage={"a": value})


@given(chunks())
def test_every_chunk_survives(chunk: BaseStreamChunk) -> None:
    back = decode_msgpack(encode_msgpack(chunk))
    assert back == chunk
    assert type(back) is type(chunk)


@given(chunks())
def test_going_through_messagepack_changes_no_json(chunk: BaseStreamChunk) -> None:
    document = json.loads(encode_json(chunk))
    assert json.loads(encode_json(decode_msgpack(encode_msgpack(decode_json(encode_json(chunk)))))) == document


@pytest.mark.parametrize("chunk_type", ChunkType)
def test_every_type_survives(chunk_type: ChunkType) -> None:
    assert decode_msgpack(encode_msgpack(sample(chunk_type))) == sample(chunk_type)


def test_bytes_are_raw_and_keys_are_not_escaped() -> None:
    media = MultimodalStreamChunk(type="media", media_type="image", media_encoding="binary", media_data=b"\xff")
    assert unpack(encode_msgpack(media))["media_data"] == b"\xff"
    unusual = MultimodalStreamChunk(
        type="media", media_type="image", media_encoding="binary", media_data=b"\xff", extra={"new": "\ud83d"}
    )
    assert unpack(encode_msgpack(unusual))["media_data"] == b"\xff"
    plain = usage({"$bytes": "x", "data": b"\xff"})
    assert unpack(encode_msgpack(plain))["usage"] == {"a": {"$bytes": "x", "data": b"\xff"}}
    with_extra = TextStreamChunk(type="usage", usage={"$": b"\xff"}, extra={"new": {"$bytes": "/w=="}})
    assert unpack(encode_msgpack(with_extra)) == {"type": "usage", "usage": {"$": b"\xff"}, "new": b"\xff"}
    assert decode_msgpack(encode_msgpack(with_extra)) == with_extra


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2**64, b"18446744073709551616"),
        (-(2**63) - 1, b"-9223372036854775809"),
        ("\ud83d", b'"\\ud83d"'),
        ({"\ud83d": b"hi"}, b'{"\\ud83d":{"$bytes":"aGk="}}'),
    ],
)
def test_what_messagepack_lacks_is_the_extension_type(value: Any, text: bytes) -> None:
    packed = unpack(encode_msgpack(usage(value)))["usage"]["a"]
    assert (packed.code, bytes(packed.data)) == (1, text)
    assert decode_msgpack(encode_msgpack(usage(value))) == usage(value)


@pytest.mark.parametrize("value", [2**64 - 1, -(2**63), "é\x00", {"": [None, True, 1.5]}])
def test_what_messagepack_has_is_its_own(value: Any) -> None:
    assert unpack(encode_msgpack(usage(value)))["usage"]["a"] == value


def test_fields_use_the_extension_too() -> None:
    chunk = TextStreamChunk(type="content", content="\ud83d", sequence_number=2**70)
    assert decode_msgpack(encode_msgpack(chunk)) == chunk
    named = TextStreamChunk(type="content", content="a", extra={"\ud83d": 1})
    assert isinstance(unpack(encode_msgpack(named)), Ext)
    assert decode_msgpack(encode_msgpack(named)) == named


@pytest.mark.parametrize(
    "form",
    [
        {"$bytes": "?"},
        {"$bytes": 1},
        {"$bytes": "aGl="},  # base64 whose last bits say nothing: it would come back as aGk=
        {"$bytes": "aGk=", "more": 1},
        {"$ref": "#/$defs/a"},
        {"$": 1, "$$": 2},
        {"$$bytes": "aGk="},
        {"$$$": [{"$bytes": ""}]},
    ],
)
def test_foreign_dollars_in_unknown_fields_survive(form: Any) -> None:
    for chunk in (
        TextStreamChunk(type="content", content="a", extra={"new": form, "$new": [form]}),
        UnknownChunk(type="new", raw={"type": "new", "$": form}),
        MultimodalStreamChunk(
            type="media", media_type="image", media_metadata=MediaMetadata(mime_type="a/b", extra={"$x": form})
        ),
    ):
        assert decode_msgpack(encode_msgpack(chunk)) == chunk


def test_unknown_things_keep_their_bytes() -> None:
    document = {"type": "hologram", "frames": [b"\x00", {"$a": b""}], "media_data": b"\xff"}
    chunk = decode_msgpack(pack(document))
    assert isinstance(chunk, UnknownChunk)
    assert chunk.raw["frames"] == [{"$bytes": "AA=="}, {"$$a": {"$bytes": ""}}]
    assert unpack(encode_msgpack(chunk)) == document
    assert decode_json(encode_json(chunk)) == chunk


@pytest.mark.parametrize("name", WITHOUT_FORM)
def test_a_value_without_a_form_is_refused(name: str) -> None:
    value = WITHOUT_FORM[name]
    for chunk in (
        usage(value),
        usage([{"b": value}]),
        TextStreamChunk(type="content", content=value),
        TextStreamChunk(type="content", content="a", timestamp=value),
        TextStreamChunk(type="content", content="a", extra={"new": value}),
    ):
        with pytest.raises(UnencodableValue):
            encode_msgpack(chunk)


def test_bytes_in_a_field_of_text_are_refused() -> None:
    text: Any = b"raw"
    with pytest.raises(UnencodableValue, match="must be str"):
        encode_msgpack(TextStreamChunk(type="content", content=text))
    chunk: Any = {"type": "content"}
    with pytest.raises(UnencodableValue, match="no chunk"):
        encode_msgpack(chunk)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        pack(None),
        pack([]),
        pack({}),
        pack({"type": 1}),
        pack({1: 2}),
        pack({"type": "content"})[:-1],
        pack({"type": "content"}) + b"\x00",
        pack({"type": "content", "content": b"raw"}),
        pack({"type": "content", "content": 1}),
        pack({"type": "content", "timestamp": float("nan")}),
        pack({"type": "content", "new": float("nan")}),
        pack({"type": "new", "new": {1: 2}}),
        pack({"type": "usage", "usage": {"a": float("inf")}}),
        pack({"type": "usage", "usage": {"a": {1: 2}}}),
        pack({"type": "usage", "usage": {"a": WITHOUT_FORM["date"]}}),
        pack({"type": "usage", "usage": {"a": Ext(2, b"1")}}),
        pack({"type": "usage", "usage": {"a": Ext(1, b"NaN")}}),
        pack({"type": "usage", "usage": {"a": Ext(1, b"{")}}),
        pack({"type": "usage", "usage": {"a": Ext(1, b'{"$bytes":1}')}}),
        pack({"type": "media", "media_encoding": "binary", "media_data": 1}),
        pack(Ext(1, b"[]")),
        pack(Ext(2, b'{"type":"start"}')),
        b"\x81\x80\x00",  # a map as a key
        b"\x81" * 100_000,
        b"\x91" * 100_000,
        b"\x82\xa4type\xa5usage\xa5usage" + b"\x81\xa1a" * 100_000 + b"\xc0",
    ],
)
def test_bad_input_raises_our_error(data: bytes) -> None:
    with pytest.raises(MalformedChunk) as caught:
        decode_msgpack(data)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("data", ["", None, 1])
def test_input_of_the_wrong_type_raises_our_error(data: Any) -> None:
    with pytest.raises(MalformedChunk, match="not bytes"):
        decode_msgpack(data)


def test_any_kind_of_bytes_is_read() -> None:
    data = encode_msgpack(usage(b"x"))
    assert decode_msgpack(bytearray(data)) == decode_msgpack(memoryview(data)) == usage(b"x")


def test_base64_for_binary_media_is_read() -> None:
    data = pack({"type": "media", "media_type": "image", "media_encoding": "binary", "media_data": "aGk="})
    assert decode_msgpack(data).to_dict()["media_data"] == "aGk="


@given(chunks(), st.data())
def test_damaged_input_raises_our_error_or_gives_a_chunk_that_survives(chunk: BaseStreamChunk, data: Any) -> None:
    damaged = bytearray(encode_msgpack(chunk))
    place = data.draw(st.integers(0, len(damaged) - 1))
    damaged[place] = data.draw(st.integers(0, 255))
    try:
        found = decode_msgpack(damaged[: data.draw(st.integers(place, len(damaged)))])
    except MalformedChunk:
        return
    assert decode_msgpack(encode_msgpack(found)) == found
