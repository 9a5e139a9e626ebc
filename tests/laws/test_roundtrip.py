"""Every chunk and every stream survives every codec, bit for bit."""

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from massgen_stream.stream_chunk import (
    BaseStreamChunk,
    MediaMetadata,
    MultimodalStreamChunk,
    TextStreamChunk,
    decode_json,
    decode_jsonl,
    decode_msgpack,
    encode_json,
    encode_jsonl,
    encode_msgpack,
)
from massgen_stream.testing.cuts import cuts
from massgen_stream.testing.strategies import chunks, streams

CODECS: dict[str, Callable[[BaseStreamChunk], BaseStreamChunk]] = {
    "JSON": lambda chunk: decode_json(encode_json(chunk)),
    "JSON text": lambda chunk: decode_json(encode_json(chunk).decode()),
    "MessagePack": lambda chunk: decode_msgpack(encode_msgpack(chunk)),
    "dictionaries": lambda chunk: BaseStreamChunk.from_dict(chunk.to_dict()),
    "JSON of dictionaries": lambda chunk: BaseStreamChunk.from_dict(json.loads(json.dumps(chunk.to_dict()))),
}
each_codec = pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)


def exact(value: object) -> object:
    """Return *value* so that equal means the same type too: to Python True, 1 and 1.0 are one."""
    if isinstance(value, BaseStreamChunk | MediaMetadata):
        return type(value), {name: exact(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return dict, {name: exact(item) for name, item in value.items()}
    if isinstance(value, list):
        return list, [exact(item) for item in value]
    return type(value), repr(value)


NULLS = {"$extra": None}
"""An unknown field that is called as our own name for unknown fields, and is null."""


@each_codec
@given(chunks())
@example(TextStreamChunk(type="usage", usage={}, extra=NULLS))
@example(MultimodalStreamChunk(type="media", media_type="image", extra=NULLS))
@example(
    MultimodalStreamChunk(
        type="media", media_type="image", media_metadata=MediaMetadata(mime_type="image/png", extra=NULLS)
    )
)
def test_a_chunk_survives(codec: Callable[[BaseStreamChunk], BaseStreamChunk], chunk: BaseStreamChunk) -> None:
    assert exact(codec(chunk)) == exact(chunk)
    assert codec(chunk) == chunk


@given(chunks())
def test_the_json_of_a_chunk_is_its_dictionary(chunk: BaseStreamChunk) -> None:
    assert json.loads(encode_json(chunk)) == chunk.to_dict()


@given(chunks())
def test_the_same_document_gives_the_same_bytes(chunk: BaseStreamChunk) -> None:
    for encode, decode in ((encode_json, decode_json), (encode_msgpack, decode_msgpack)):
        assert encode(decode(encode(chunk))) == encode(chunk)


@given(chunks())
def test_codecs_agree_and_change_nothing(chunk: BaseStreamChunk) -> None:
    before = chunk.to_dict()
    assert decode_msgpack(encode_msgpack(chunk)) == decode_json(encode_json(chunk))
    assert chunk.to_dict() == before


@given(streams() | streams(numbered=False), st.data())
def test_a_stream_survives_as_lines_cut_anywhere(stream: list[BaseStreamChunk], data: st.DataObject) -> None:
    lines = list(encode_jsonl(stream))
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in lines)
    assert list(decode_jsonl(data.draw(cuts(b"".join(lines))))) == stream


@given(st.lists(chunks(), max_size=3))
def test_lines_may_be_cut_after_every_byte(several: list[BaseStreamChunk]) -> None:
    whole = b"".join(encode_jsonl(several))
    assert list(decode_jsonl(whole[at : at + 1] for at in range(len(whole)))) == several
    assert list(decode_jsonl([whole])) == several


@given(streams())
def test_a_stream_survives_as_messages(stream: list[BaseStreamChunk]) -> None:
    assert [decode_msgpack(encode_msgpack(chunk)) for chunk in stream] == stream


@given(chunks())
def test_what_was_decoded_is_as_legal_as_what_was_encoded(chunk: BaseStreamChunk) -> None:
    decode_json(encode_json(chunk)).check()
