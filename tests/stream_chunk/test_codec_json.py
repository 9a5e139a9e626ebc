from __future__ import annotations

import json
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from massgen_stream.errors import MalformedChunk, UnencodableValue
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.codec import decode_json, encode_json
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from massgen_stream.stream_chunk.rules import COMMON, FIELDS, METADATA, RULES
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.unknown import UnknownChunk
from massgen_stream.testing.strategies import chunks, json_values

from .samples import WITHOUT_FORM, sample


def content(**fields: Any) -> TextStreamChunk:
    return TextStreamChunk(type="content", **{"content": "Hello", **fields})


def progress(**fields: Any) -> MultimodalStreamChunk:
    return MultimodalStreamChunk(type="media_progress", **fields)


def exact(document: dict[str, Any]) -> str:
    """Tell 1, 1.0 and True apart, which ``==`` does not."""
    return json.dumps(document, sort_keys=True)


@given(chunks())
def test_every_chunk_survives_and_equals_its_dictionary(chunk: BaseStreamChunk) -> None:
    data = encode_json(chunk)
    assert json.loads(data) == chunk.to_dict()
    back = decode_json(data)
    assert back == chunk
    assert exact(back.to_dict()) == exact(json.loads(data)) == exact(chunk.to_dict())
    assert type(back) is type(chunk)
    assert b"\n" not in data


@pytest.mark.parametrize("chunk_type", ChunkType)
def test_every_type_survives(chunk_type: ChunkType) -> None:
    chunk = sample(chunk_type)
    assert decode_json(encode_json(chunk)) == chunk
    assert json.loads(encode_json(chunk)) == chunk.to_dict()


def test_a_document_is_plain() -> None:
    chunk = content(source="a", timestamp=1.5, sequence_number=0, stream_id="s", display=False)
    assert encode_json(chunk) == (
        b'{"type":"content","source":"a","timestamp":1.5,"sequence_number":0,"stream_id":"s","display":false,'
        b'"content":"Hello"}'
    )


@pytest.mark.parametrize("form", [bytes, bytearray, memoryview, bytes.decode])
def test_any_kind_of_input_is_read(form: Any) -> None:
    assert decode_json(form(b'{"type":"content","content":"a"}')) == content(content="a")


# What msgspec would change


@pytest.mark.parametrize("where", ["usage", "provider_data", "response"])
@pytest.mark.parametrize("name", WITHOUT_FORM)
def test_a_value_without_a_form_is_refused_in_a_container(where: str, name: str) -> None:
    value = WITHOUT_FORM[name]
    for nested in ({"a": value}, {"a": [{"b": value}]}, {"a": (value,)}):
        fields: dict[str, Any] = {where: nested}
        with pytest.raises(UnencodableValue, match=rf"^cannot encode {where}"):
            encode_json(TextStreamChunk(type="done", finish_reason="stop", **fields))


SCALARS = [
    name
    for name, rule in FIELDS.items()
    if rule.kind in ("str", "int", "float", "bool") and name not in ("media_type", "media_encoding")
]
"""Fields that hold one value, except those whose names the constructor checks."""


@pytest.mark.parametrize("name", WITHOUT_FORM)
@pytest.mark.parametrize("field", ["content", "source", "stream_id", "item_id", "timestamp", "sequence_number"])
def test_a_value_without_a_form_is_refused_in_a_field_of_content(field: str, name: str) -> None:
    with pytest.raises(UnencodableValue):
        encode_json(content(**{field: WITHOUT_FORM[name]}))


@pytest.mark.parametrize("field", SCALARS)
@pytest.mark.parametrize("value", [b"raw", Decimal(1), WITHOUT_FORM["date"], {"a": b"raw"}, [b"raw"]])
def test_bytes_and_the_like_are_refused_in_every_field_of_its_type(field: str, value: Any) -> None:
    chunk = next(sample(chunk_type) for chunk_type in ChunkType if _allows(chunk_type, field))
    fields = {name: getattr(chunk, name) for name in chunk.__struct_fields__}
    with pytest.raises(UnencodableValue):
        encode_json(type(chunk)(**fields | {field: value}))


def _allows(chunk_type: ChunkType, field: str) -> bool:
    return field in COMMON or field in RULES[chunk_type].allowed


@pytest.mark.parametrize("name", ["NaN", "infinity", "minus infinity", "date"])
@pytest.mark.parametrize("field", ["timestamp", "progress_percentage", "eta_seconds"])
def test_a_number_that_is_none_is_refused_in_media(field: str, name: str) -> None:
    with pytest.raises(UnencodableValue):
        encode_json(progress(stage="running", **{field: WITHOUT_FORM[name]}))


@pytest.mark.parametrize("field", METADATA)
@pytest.mark.parametrize("value", [b"raw", float("nan"), WITHOUT_FORM["date"]])
def test_a_value_without_a_form_is_refused_in_metadata(field: str, value: Any) -> None:
    metadata = MediaMetadata(**{"mime_type": "image/png", field: value})
    with pytest.raises(UnencodableValue, match=r"media_metadata\."):
        encode_json(MultimodalStreamChunk(type="media", media_type="image", media_metadata=metadata))


@pytest.mark.parametrize(
    "fields", [{"attachments": [b"raw"]}, {"usage": {"a": b"raw"}}, {"tool_calls": [{"a": b"raw"}]}]
)
def test_containers_of_another_type_are_looked_at_too(fields: dict[str, Any]) -> None:
    assert b'{"$bytes":"cmF3"}' in encode_json(content(**fields))


@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1, 10**400])
@pytest.mark.parametrize("field", ["timestamp", "eta_seconds"])
def test_an_integer_that_a_float_field_could_not_give_back_is_refused(field: str, number: int) -> None:
    with pytest.raises(UnencodableValue, match="not exact"):
        encode_json(progress(stage="running", **{field: number}))
    metadata = MediaMetadata(mime_type="audio/wav", duration_seconds=number)
    with pytest.raises(UnencodableValue, match="not exact"):
        encode_json(MultimodalStreamChunk(type="media", media_type="audio", media_metadata=metadata))
    assert decode_json(encode_json(progress(stage="running", **{field: 2**53}))).to_dict()[field] == 2**53


def test_bytes_anywhere_have_a_form() -> None:
    chunk = TextStreamChunk(
        type="tool_result",
        tool_call_id="c",
        attachments=[{"type": "image", "data": b"\xff\x00", "more": (bytearray(b"a"), [memoryview(b"bc")])}],
        provider_data={"openai.chat": {"b": b""}},
    )
    document = json.loads(encode_json(chunk))
    assert document["attachments"][0]["data"] == {"$bytes": "/wA="}
    assert document["attachments"][0]["more"] == [{"$bytes": "YQ=="}, [{"$bytes": "YmM="}]]
    assert document["provider_data"] == {"openai.chat": {"b": {"$bytes": ""}}}
    back = decode_json(encode_json(chunk))
    assert back.to_dict() == chunk.to_dict()
    assert isinstance(back, TextStreamChunk)
    assert back.attachments is not None
    assert back.attachments[0]["data"] == b"\xff\x00"


def test_binary_media_is_plain_base64() -> None:
    chunk = MultimodalStreamChunk(type="media", media_type="audio", media_encoding="binary", media_data=bytes(range(5)))
    assert json.loads(encode_json(chunk))["media_data"] == "AAECAwQ="
    assert decode_json(encode_json(chunk)) == chunk
    for form in (bytearray, memoryview):
        other = MultimodalStreamChunk(
            type="media", media_type="audio", media_encoding="binary", media_data=form(bytes(range(5)))
        )
        assert encode_json(other) == encode_json(chunk)


def test_a_strided_view_is_encoded_too() -> None:
    view = memoryview(b"abcdef")[::2]
    chunk = MultimodalStreamChunk(type="media", media_type="audio", media_encoding="binary", media_data=view)
    assert json.loads(encode_json(chunk))["media_data"] == "YWNl"


def test_text_as_binary_media_is_refused() -> None:
    chunk = MultimodalStreamChunk(type="media", media_type="audio", media_encoding="binary", media_data="AAEC")
    with pytest.raises(UnencodableValue, match="must be bytes"):
        encode_json(chunk)


def test_bytes_of_another_encoding_are_told_from_text() -> None:
    chunk = MultimodalStreamChunk(type="media", media_type="audio", media_encoding="base64", media_data=b"raw")
    assert json.loads(encode_json(chunk))["media_data"] == {"$bytes": "cmF3"}
    assert decode_json(encode_json(chunk)) == chunk


@pytest.mark.parametrize("key", ["$bytes", "$", "$$", "$$bytes", "$extra"])
@pytest.mark.parametrize("value", ["aGk=", 1, b"hi"])
def test_keys_of_users_that_look_like_ours_survive(key: str, value: Any) -> None:
    chunk = TextStreamChunk(type="usage", usage={"raw": {key: value}, key: [{key: value}]})
    assert key not in json.loads(encode_json(chunk))["usage"]
    assert decode_json(encode_json(chunk)) == chunk


def test_text_may_hold_any_of_the_characters_that_are_looked_for() -> None:
    for text in ("$", "{", "[", '{"$bytes": "aGk="}', "\\u0024bytes", "a\\b", "\x00\x7f\u2028"):
        assert decode_json(encode_json(content(content=text))) == content(content=text)
        usage = TextStreamChunk(type="usage", usage={"raw": {"text": text}})
        assert decode_json(encode_json(usage)) == usage


def test_lone_surrogates_are_escaped_and_a_pair_is_its_character() -> None:
    assert b'"\\ud83d!"' in encode_json(content(content="\ud83d!"))
    assert decode_json(encode_json(content(content="\ud83d!"))) == content(content="\ud83d!")
    assert decode_json(encode_json(content(content="\ud83d\ude00"))) == content(content="😀")
    usage = TextStreamChunk(type="usage", usage={"\ud83d": ["\udc00"]})
    assert decode_json(encode_json(usage)) == usage


@pytest.mark.parametrize("number", [2**63, 2**64, -(2**63) - 1, 10**4000])
def test_integers_of_any_size_survive(number: int) -> None:
    chunk = TextStreamChunk(type="usage", usage={"raw": {"n": number}}, sequence_number=abs(number))
    assert decode_json(encode_json(chunk)) == chunk


def test_an_integer_that_python_would_not_read_again_is_refused() -> None:
    with pytest.raises(UnencodableValue, match="digits"):
        encode_json(TextStreamChunk(type="usage", usage={"n": 10**5000}))


def test_empty_is_not_absent() -> None:
    chunk = TextStreamChunk(type="tool_result", tool_call_id="", content="", attachments=[], is_error=False)
    document = json.loads(encode_json(chunk))
    assert document == {
        "type": "tool_result",
        "tool_call_id": "",
        "content": "",
        "attachments": [],
        "is_error": False,
    }
    assert decode_json(encode_json(chunk)) == chunk
    assert decode_json(encode_json(content(choice_index=0))) == content(choice_index=0) != content()


class Word(StrEnum):
    RETRY = "retry"


class Odd(Enum):
    ONE = 1


class Text(str):
    __slots__ = ()


def test_enums_of_strings_and_subclasses_of_strings_are_strings() -> None:
    for word in (Word.RETRY, Text("retry")):
        chunk = TextStreamChunk(type="backend_status", status=word, provider_data={"a": word, word: 1})
        assert json.loads(encode_json(chunk)) == chunk.to_dict()
        assert decode_json(encode_json(chunk)) == chunk
    with pytest.raises(UnencodableValue):
        encode_json(TextStreamChunk(type="usage", usage={"a": Odd.ONE}))
    with pytest.raises(UnencodableValue):
        encode_json(content(content=Odd.ONE))


def test_what_is_nested_too_deeply_or_contains_itself_is_refused() -> None:
    circle: dict[str, Any] = {}
    circle["a"] = [circle]
    deep: Any = 1
    for _ in range(5000):
        deep = {"a": deep}
    for value in (circle, {"deep": deep}):
        with pytest.raises(UnencodableValue, match="deep"):
            encode_json(TextStreamChunk(type="usage", usage=value))
    with pytest.raises(MalformedChunk, match="deep"):
        decode_json(b'{"type":"usage","usage":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001)


@given(json_values())
def test_depth_at_which_the_walk_fails_is_still_our_error(value: Any) -> None:
    for depth in (200, 400, 600, 900):
        nested = value
        for _ in range(depth):
            nested = {"$a": nested}
        try:
            data = encode_json(TextStreamChunk(type="usage", usage={"a": nested}))
        except UnencodableValue:
            continue
        try:
            assert decode_json(data).to_dict()["usage"]["a"] is not None
        except MalformedChunk as problem:
            assert "deep" in problem.problem  # noqa: PT017


@pytest.mark.parametrize("chunk", [None, 1, {"type": "content", "content": "a"}, MediaMetadata(mime_type="a/b")])
def test_what_is_no_chunk_is_refused(chunk: Any) -> None:
    with pytest.raises(UnencodableValue, match="no chunk"):
        encode_json(chunk)


def test_a_subclass_goes_the_general_way() -> None:
    class Tagged(TextStreamChunk, frozen=True, kw_only=True):
        tag: Any = None

    assert json.loads(encode_json(Tagged(type="content", content="a", tag="t"))) == {
        "type": "content",
        "content": "a",
        "tag": "t",
    }
    with pytest.raises(UnencodableValue):
        encode_json(Tagged(type="content", content="a", tag={1}))


# Unknown things


def test_unknown_fields_are_kept() -> None:
    data = b'{"type":"content","content":"a","new":{"$bytes":"?","n":[1,null]},"$extra":{"x":1},"extra":null}'
    chunk = decode_json(data)
    assert isinstance(chunk, TextStreamChunk)
    assert chunk.extra == {"new": {"$bytes": "?", "n": [1, None]}, "$extra": {"x": 1}, "extra": None}
    assert json.loads(encode_json(chunk)) == json.loads(data)


def test_unknown_fields_of_metadata_are_kept() -> None:
    data = (
        b'{"type":"media","media_type":"image","media_metadata":{"mime_type":"image/png","width":null,'
        b'"codec":["$x"],"$extra":{"y":1}}}'
    )
    chunk = decode_json(data)
    assert isinstance(chunk, MultimodalStreamChunk)
    assert chunk.media_metadata == MediaMetadata(mime_type="image/png", extra={"codec": ["$x"], "$extra": {"y": 1}})
    assert json.loads(encode_json(chunk))["media_metadata"] == {
        "mime_type": "image/png",
        "codec": ["$x"],
        "$extra": {"y": 1},
    }


def test_an_escaped_dollar_is_a_dollar() -> None:
    chunk = decode_json(b'{"type":"usage","usage":{"a":{"\\u0024bytes":"aGk="}}}')
    assert chunk == TextStreamChunk(type="usage", usage={"a": b"hi"})
    chunk = decode_json(b'{"type":"usage","usage":{"a":1},"\\u0024extra":{"x":1}}')
    assert chunk.extra == {"$extra": {"x": 1}}
    metadata = decode_json(
        b'{"type":"media","media_type":"image","media_metadata":{"mime_type":"a/b","\\u0024extra":{"x":1}}}'
    ).to_dict()["media_metadata"]
    assert metadata == {"mime_type": "a/b", "$extra": {"x": 1}}


def test_an_unknown_type_is_kept() -> None:
    data = b'{"type":"hologram","depth":3,"timestamp":"soon","source":"a","media_data":{"$bytes":"?"}}'
    chunk = decode_json(data)
    assert isinstance(chunk, UnknownChunk)
    assert (chunk.type, chunk.source, chunk.timestamp) == ("hologram", "a", None)
    assert json.loads(encode_json(chunk)) == json.loads(data)


@pytest.mark.parametrize("extra", [{"content": "b"}, {"type": "done"}, {"new": {1}}, {"new": float("nan")}, {1: 2}])
def test_unknown_fields_that_are_known_or_have_no_form_are_refused(extra: Any) -> None:
    with pytest.raises(UnencodableValue, match="extra"):
        encode_json(content(extra=extra))


def test_null_is_absent() -> None:
    assert decode_json(b'{"type":"content","content":"a","usage":null,"display":null,"new":null}') == content(
        content="a", extra={"new": None}
    )
    assert decode_json(b'{"type":"media","media_type":"image","is_partial":null,"media_metadata":null}') == (
        MultimodalStreamChunk(type="media", media_type="image")
    )


# Bad input


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b'"content"',
        b"1",
        b"{}",
        b'{"type":1}',
        b'{"type":null}',
        b'{"type":"content"',
        b'{"type":"content","content":"a"} x',
        b'{"type":"content","content":1}',
        b'{"type":"content","content":{"$bytes":"aGk="}}',
        b'{"type":"content","content":"\xff"}',
        b'{"type":"content","content":"\n"}',
        b'{"type":"content","sequence_number":1.5}',
        b'{"type":"content","sequence_number":' + b"9" * 5000 + b"}",
        b'{"type":"content","timestamp":' + b"9" * 500 + b"}",
        b'{"type":"content","timestamp":NaN}',
        b'{"type":"content","timestamp":1e999}',
        b'{"type":"usage","usage":{"a":NaN}}',
        b'{"type":"usage","usage":{"a":-Infinity}}',
        b'{"type":"usage","usage":{"a":1e999}}',
        b'{"type":"usage","usage":{"a":{"$bytes":"?"}}}',
        b'{"type":"usage","usage":{"a":{"$bytes":1}}}',
        b'{"type":"usage","usage":{"$bytes":"aGk="}}',
        b'{"type":"usage","usage":[]}',
        b'{"type":"usage","usage":{},"new":NaN}',
        b'{"type":"new","new":NaN}',
        b'{"type":"media","media_type":"smell"}',
        b'{"type":"media","media_encoding":"binary","media_data":1}',
        b'{"type":"media","media_data":[]}',
        b'{"type":"media","media_data":{"a":1},"new":1}',
        b'{"type":"media","media_encoding":"binary","media_data":"?"}',
        b'{"type":"media","media_metadata":{"width":1}}',
        b'{"type":"media","media_metadata":{"mime_type":"a/b","width":"1"}}',
        b'{"type":"media","media_metadata":1}',
        b"\xef\xbb\xbf{}",
        b"\xff\xfe",
    ],
)
def test_bad_input_raises_our_error(data: bytes) -> None:
    with pytest.raises(MalformedChunk) as caught:
        decode_json(data)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("data", [None, 1, {"type": "content"}])
def test_input_of_the_wrong_type_raises_our_error(data: Any) -> None:
    with pytest.raises(MalformedChunk, match="neither bytes nor text"):
        decode_json(data)


def test_surrogates_in_text_that_was_decoded_carelessly_are_kept() -> None:
    assert decode_json('{"type":"content","content":"\ud83d"}') == content(content="\ud83d")


@given(chunks(), st.data())
def test_damaged_input_raises_our_error_or_gives_a_chunk_that_survives(chunk: BaseStreamChunk, data: Any) -> None:
    damaged = bytearray(encode_json(chunk))
    place = data.draw(st.integers(0, len(damaged) - 1))
    damaged[place] = data.draw(st.integers(0, 255))
    try:
        found = decode_json(damaged[: data.draw(st.integers(place, len(damaged)))])
    except MalformedChunk:
        return
    assert decode_json(encode_json(found)) == found


NAMES = st.sampled_from([*FIELDS, *METADATA, "type", "extra", "$extra", "raw", "$bytes", "new"])
WORDS = st.sampled_from(["content", "media", "done", "image", "binary", "base64", "aGk=", "$bytes"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES | st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)


@given(chunks(), st.dictionaries(NAMES, VALUES, max_size=3), st.booleans())
@example(TextStreamChunk(type="usage", usage={"a": b"hi"}), {}, True)
def test_the_fast_reader_and_the_general_one_agree(chunk: BaseStreamChunk, more: dict[str, Any], escaped: bool) -> None:
    text = json.dumps(chunk.to_dict() | more)
    text = text.replace("$", "\\u0024") if escaped else text
    try:
        expected: object = BaseStreamChunk.from_dict(json.loads(text))
    except MalformedChunk:
        expected = MalformedChunk
    try:
        assert decode_json(text) == expected
    except MalformedChunk:
        assert expected is MalformedChunk


def test_no_message_shows_a_long_payload() -> None:
    secret = "s" * 500
    with pytest.raises(MalformedChunk) as caught:
        decode_json(json.dumps({"type": "media", "media_type": secret}))
    assert secret[:100] not in str(caught.value)
