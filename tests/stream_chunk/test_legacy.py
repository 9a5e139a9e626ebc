from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import MalformedChunk, UnencodableValue
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.codec import decode_json, encode_json
from massgen_stream.stream_chunk.kinds import ChunkType
from massgen_stream.stream_chunk.legacy import StreamChunk, from_chunk, to_chunk
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk
from massgen_stream.stream_chunk.rules import MULTIMODAL_TYPES
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.stream_chunk.unknown import UnknownChunk
from massgen_stream.testing.strategies import chunks, json_values, text

from .samples import CALL, WITHOUT_FORM, sample

NAMES = [
    "type", "content", "tool_calls", "complete_message", "response", "usage", "error", "source", "status", "detail",
    "reasoning_delta", "reasoning_text", "reasoning_summary_delta", "reasoning_summary_text", "item_id",
    "content_index", "summary_index", "hook_info", "tool_call_id", "checkpoint_participants", "checkpoint_number",
    "main_agent_id", "display",
]  # fmt: skip
"""The fields of the origin's class in version 0.1.97, in its order."""
TYPES = [*ChunkType, "debug", "preparation_status", "system_status", "checkpoint_activated", "token_usage_update"]

dicts = st.dictionaries(text(max_size=3), json_values(), max_size=2)
usages = st.dictionaries(
    st.sampled_from(["prompt_tokens", "completion_tokens", "total_tokens", "input_tokens", "output_tokens", "cost"]),
    st.integers(0, 10**12) | st.none() | dicts,
)
texts = text(max_size=4)
functions = st.fixed_dictionaries({"name": texts, "arguments": texts | dicts})
calls = st.lists(
    st.one_of(
        st.just(CALL),
        st.fixed_dictionaries({"id": texts, "type": st.just("function"), "function": functions}),
        st.fixed_dictionaries({"call_id": texts, "name": texts, "arguments": texts}, optional={"id": texts}),
        st.fixed_dictionaries({"id": texts, "name": texts, "input": dicts | texts}),
        dicts,
    ),
    max_size=2,
)
VALUES: dict[str, Any] = {
    **dict.fromkeys(NAMES, texts),
    **dict.fromkeys(["complete_message", "response", "hook_info", "checkpoint_participants"], dicts),
    **dict.fromkeys(["content_index", "summary_index", "checkpoint_number"], st.integers()),
    "usage": usages,
    "tool_calls": calls,
    "display": st.booleans(),
}
del VALUES["type"]
old_chunks = st.builds(
    lambda kind, values: StreamChunk(str(kind), **values),
    st.sampled_from(TYPES) | texts,
    st.fixed_dictionaries({}, optional=VALUES),
)


@given(old_chunks)
def test_nothing_of_an_old_chunk_is_lost(old: StreamChunk) -> None:
    chunk = old.to_chunk()
    assert from_chunk(chunk) == old
    assert StreamChunk.from_chunk(decode_json(encode_json(chunk))) == old
    assert type(chunk) is type(BaseStreamChunk.from_dict({"type": old.type}))


@given(chunks())
def test_every_chunk_has_an_old_form(chunk: BaseStreamChunk) -> None:
    old = from_chunk(chunk)
    assert old.type == chunk.type
    assert type(old.type) is str
    assert old.display is chunk.display


def test_the_old_class_has_the_old_names_in_the_old_order() -> None:
    assert [field.name for field in fields(StreamChunk)] == NAMES
    old = StreamChunk("content", "Hello")
    assert (old.type, old.content, old.display, old.usage) == ("content", "Hello", True, None)
    old.content = "Bye"
    assert old == StreamChunk(type="content", content="Bye")


def test_content() -> None:
    chunk = StreamChunk(type="content", content="Hello", source="agent_1").to_chunk()
    assert chunk == TextStreamChunk(type="content", content="Hello", source="agent_1")
    chunk.check()
    assert StreamChunk.from_chunk(chunk) == StreamChunk(type="content", content="Hello", source="agent_1")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
         {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}),
        ({"prompt_tokens": 1, "cost": 0.5}, {"input_tokens": 1, "cost": 0.5}),
        ({}, {}),
    ],
)  # fmt: skip
def test_usage_has_the_names_of_its_side(old: dict[str, Any], new: dict[str, Any]) -> None:
    chunk = StreamChunk(type="done", usage=old).to_chunk()
    assert chunk == TextStreamChunk(type="done", finish_reason="other", usage=new)
    assert from_chunk(chunk).usage == old
    assert from_chunk(TextStreamChunk(type="usage", usage=new)).usage == old


def test_usage_that_never_had_the_old_names_comes_back_as_it_was() -> None:
    old = StreamChunk(type="done", usage={"input_tokens": 1, "cache_read_input_tokens": None})
    chunk = old.to_chunk()
    assert isinstance(chunk, TextStreamChunk)
    assert chunk.usage == {"input_tokens": 1}
    assert from_chunk(chunk) == old
    chunk.check()


def test_an_original_that_no_longer_says_the_same_is_not_given_back() -> None:
    chunk = StreamChunk(type="done", usage={"input_tokens": 1}).to_chunk()
    assert isinstance(chunk, TextStreamChunk)
    assert chunk.usage is not None
    chunk.usage["input_tokens"] = 5
    assert from_chunk(chunk).usage == {"prompt_tokens": 5}


NEUTRAL = {"id": "c1", "name": "f", "arguments": '{"a": 1}', "kind": "function"}


@pytest.mark.parametrize(
    "call",
    [
        {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}},
        {"id": "c1", "type": "function", "function": {"name": "f", "arguments": {"a": 1}}},
        {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": '{"a": 1}'},
        {"id": "c1", "type": "tool_use", "name": "f", "input": {"a": 1}},
        NEUTRAL,
    ],
)
def test_calls_in_the_shape_of_a_vendor_become_neutral(call: dict[str, Any]) -> None:
    old = StreamChunk(type="tool_calls", tool_calls=[call])
    chunk = old.to_chunk()
    assert isinstance(chunk, TextStreamChunk)
    assert chunk.tool_calls == [NEUTRAL]
    assert from_chunk(chunk) == old
    chunk.check()


def test_a_custom_call_keeps_its_text() -> None:
    call = {"type": "custom_tool_call", "call_id": "c1", "name": "f", "input": "free"}
    chunk = StreamChunk(type="tool_calls", tool_calls=[call]).to_chunk().to_dict()
    assert chunk["tool_calls"] == [{"id": "c1", "name": "f", "arguments": "free", "kind": "custom"}]


@pytest.mark.parametrize("call", [{}, {"id": "a"}, {"id": "a", "name": "f"}, {"function": None}])
def test_calls_of_no_known_shape_stay(call: dict[str, Any]) -> None:
    old = StreamChunk(type="tool_calls", tool_calls=[call])
    assert old.to_chunk().to_dict() == {"type": "tool_calls", "tool_calls": [call]}
    assert from_chunk(old.to_chunk()) == old


def test_hooks_and_details() -> None:
    hook = StreamChunk(type="hook_execution", hook_info={"name": "guard"}, tool_call_id="c1")
    assert hook.to_chunk() == TextStreamChunk(type="hook_execution", hook_info={"name": "guard"}, tool_call_id="c1")
    status = StreamChunk(type="backend_status", status="retry", detail="in 2 s", display=False)
    status.to_chunk().check()
    assert to_chunk(status) == TextStreamChunk(type="backend_status", status="retry", detail="in 2 s", display=False)


def test_types_and_fields_that_only_the_old_class_has_are_kept() -> None:
    old = StreamChunk(type="checkpoint_activated", checkpoint_number=1, checkpoint_participants={"a": {"model": "m"}})
    chunk = old.to_chunk()
    assert isinstance(chunk, UnknownChunk)
    assert from_chunk(chunk) == old
    foreign = UnknownChunk(type="debug", raw={"response": {"$bytes": 1}})
    assert from_chunk(foreign).response == {"$bytes": 1}
    mixed = StreamChunk(type="content", content="a", main_agent_id="agent_1")
    assert mixed.to_chunk() == TextStreamChunk(type="content", content="a", extra={"main_agent_id": "agent_1"})


@pytest.mark.parametrize("chunk_type", sorted(MULTIMODAL_TYPES))
def test_media_keeps_what_the_old_class_has(chunk_type: ChunkType) -> None:
    assert from_chunk(sample(chunk_type)) == StreamChunk(type=str(chunk_type))
    old = StreamChunk(type=str(chunk_type), content="a", usage={"prompt_tokens": 1}, source="s")
    assert isinstance(old.to_chunk(), MultimodalStreamChunk)
    assert from_chunk(old.to_chunk()) == old


def test_the_old_chunk_is_a_copy() -> None:
    chunk = TextStreamChunk(type="complete_response", response={"a": {"b": [1]}})
    old = from_chunk(chunk)
    assert old.response is not None
    old.response["a"]["b"].append(2)
    assert chunk.response == {"a": {"b": [1]}}


@pytest.mark.parametrize("name", WITHOUT_FORM)
def test_what_a_chunk_cannot_hold_is_refused(name: str) -> None:
    for old in (
        StreamChunk(type="complete_response", response={"a": WITHOUT_FORM[name]}),
        StreamChunk(type="done", usage={"prompt_tokens": WITHOUT_FORM[name]}),
        StreamChunk(type="debug", response={"a": WITHOUT_FORM[name]}),
    ):
        with pytest.raises(UnencodableValue):
            old.to_chunk()


@pytest.mark.parametrize(("kind", "fields"), [(None, {}), (1, {}), ("content", {"content": 1}), ("done", {"usage": 1})])
def test_a_field_of_the_wrong_type_is_refused(kind: Any, fields: dict[str, Any]) -> None:
    with pytest.raises(MalformedChunk):
        StreamChunk(type=kind, **fields).to_chunk()


def test_a_foreign_field_called_like_ours_is_ignored() -> None:
    for legacy in ("a", ["a"], {"$bytes": 1}, {"usage": "a", "tool_calls": {}}, {"usage": {"input_tokens": 9}}):
        chunk = TextStreamChunk(type="done", finish_reason="stop", usage={"input_tokens": 1}, extra={"legacy": legacy})
        assert from_chunk(chunk) == StreamChunk(type="done", usage={"prompt_tokens": 1})
