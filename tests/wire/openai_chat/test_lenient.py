"""What a field of an unusual type costs: a status for metadata, the stream for text, arguments and media."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.wire.openai_chat.lenient import Lenient, is_chat_event

from .saying import body, decoded, delta, encoded, of, only, piece, types

NAN = float("nan")
DROPPED = [
    # event, path
    ({"id": 5, "choices": []}, "id"),
    ({"model": ["m"], "choices": []}, "model"),
    ({"created": "now", "choices": []}, "created"),
    ({"created": True, "choices": []}, "created"),
    ({"created": 1.5, "choices": []}, "created"),
    ({"system_fingerprint": 1, "choices": []}, "system_fingerprint"),
    ({"service_tier": {}, "choices": []}, "service_tier"),
    ({"provider": 1, "choices": []}, "provider"),
    ({"usage": "many", "choices": []}, "usage"),
    ({"usage": {"prompt_tokens": 1, "cost": NAN}, "choices": []}, "usage"),
    ({"usage": {"prompt_tokens": "1"}, "choices": []}, "usage.prompt_tokens"),
    ({"usage": {"prompt_tokens": -1}, "choices": []}, "usage.prompt_tokens"),
    (
        {"usage": {"prompt_tokens_details": {"cached_tokens": True}}, "choices": []},
        "usage.prompt_tokens_details.cached_tokens",
    ),
    ({"x_groq": 1, "choices": []}, "x_groq"),
    ({"citations": "a", "choices": []}, "citations"),
    ({"search_results": {}, "choices": []}, "search_results"),
    ({"prompt_filter_results": 1, "choices": []}, "prompt_filter_results"),
    ({"choices": [{"index": "x"}]}, "choices.index"),
    ({"choices": [{"index": -1}]}, "choices.index"),
    ({"choices": [{"index": True}]}, "choices.index"),
    ({"choices": [{"finish_reason": 0}]}, "choices.finish_reason"),
    ({"choices": [{"native_finish_reason": []}]}, "choices.native_finish_reason"),
    ({"choices": [{"logprobs": [1]}]}, "choices.logprobs"),
    ({"choices": [{"logprobs": {"content": [{"logprob": -float("inf")}]}}]}, "choices.logprobs"),
    ({"choices": [{"usage": 1}]}, "choices.usage"),
    ({"choices": [{"content_filter_results": "x"}]}, "choices.content_filter_results"),
    (delta(annotations="x"), "delta.annotations"),
    (delta(executed_tools={}), "delta.executed_tools"),
    (delta(reasoning_details="x"), "delta.reasoning_details"),
    (delta(reasoning_details=["x"]), "delta.reasoning_details"),
    (delta(extra_content=1), "delta.extra_content"),
    (delta(content=[{"type": "text", "text": "", "score": NAN}]), "delta.content"),
    (delta(tool_calls=[{"index": "x"}]), "tool_calls.index"),
    (delta(tool_calls=[{"id": 1}]), "tool_calls.id"),
    (delta(tool_calls=[{"type": 1}]), "tool_calls.type"),
    (delta(tool_calls=[{"extra_content": 1}]), "tool_calls.extra_content"),
    (delta(audio={"id": 1}), "audio.id"),
]


@pytest.mark.parametrize(("event", "path"), DROPPED)
def test_metadata_is_dropped_and_told_once(event: Any, path: str) -> None:
    text = delta(content="text")
    chunks = of(text, event, event, text, delta(finish="stop"))
    statuses = [(chunk.status, chunk.detail) for chunk in only(chunks, "backend_status")]
    assert statuses == [("ignored_field", path)]
    assert [chunk.content for chunk in only(chunks, "content")] == ["text", "text"]
    assert (chunks[-1].finish_reason, only(chunks, "error")) == ("stop", [])


@pytest.mark.parametrize(("event", "path"), DROPPED)
def test_what_was_dropped_is_dropped_again_after_encoding(event: Any, path: str) -> None:
    chunks = decoded(body({"id": "r", "choices": []}, event, delta(content="text", finish="stop")))
    assert path in [chunk.detail for chunk in only(chunks, "backend_status")]
    assert decoded(encoded(chunks)) == chunks


@pytest.mark.parametrize(
    "event",
    [
        {"event": "ping", "id": 5},
        {"type": "status", "message": "warming up"},
        {"object": "list", "model": 5},
        {"choices": [{"delta": {"content": None}, "unknown": NAN}]},
        {"choices": [], "obfuscation": "\ud83d"},
        {"choices": None},
        {"choices": [None]},
        {"choices": [{"delta": {"tool_calls": [None], "images": [None]}}]},
        {"id": None, "choices": [{"index": None, "delta": None, "finish_reason": None, "logprobs": None}]},
        None,
        5,
        "text",
        [],
        [5],
    ],
)
def test_nothing_unknown_is_told(event: Any) -> None:
    chunks = of(delta(content="x"), event, delta(finish="stop"))
    assert types(chunks) == ["content", "complete_response", "done"]
    assert chunks[-1].finish_reason == "stop"


MALFORMED = [
    # event, what is wrong
    ({"choices": "x"}, "choices is str"),
    ({"choices": {}}, "choices is dict"),
    ({"choices": [5]}, "choices[] is int"),
    ({"choices": [{"delta": "x"}]}, "choices[].delta is str"),
    ({"choices": [{"message": []}]}, "choices[].message is list"),
    (delta(content=5), "choices[].delta.content is int"),
    (delta(content={}), "choices[].delta.content is dict"),
    (delta(content=[5]), "choices[].delta.content[] is int"),
    (delta(content=[{"type": "text", "text": 5}]), "choices[].delta.content[].text is int"),
    (delta(content=[{"type": "text", "text": [{"text": {}}]}]), "choices[].delta.content[].text is dict"),
    (delta(content=[{"type": "thinking", "thinking": True}]), "choices[].delta.content[].thinking is bool"),
    (delta(content=[{"type": "image_url"}]), "choices[].delta.images[] has no URL"),
    (delta(reasoning_content=0.5), "choices[].delta.reasoning_content is float"),
    (delta(reasoning=["x"]), "choices[].delta.reasoning is list"),
    (delta(thinking={}), "choices[].delta.thinking is dict"),
    (delta(refusal=False), "choices[].delta.refusal is bool"),
    (delta(tool_calls={}), "choices[].delta.tool_calls is dict"),
    (delta(tool_calls=["x"]), "choices[].delta.tool_calls[] is str"),
    (delta(tool_calls=[{"function": "x"}]), "choices[].delta.tool_calls[].function is str"),
    (delta(tool_calls=[{"function": {"name": 5}}]), "choices[].delta.tool_calls[].function.name is int"),
    (delta(tool_calls=[piece(0, "c", "f", [])]), "choices[].delta.tool_calls[].function.arguments is list"),
    (delta(tool_calls=[{"custom": 1}]), "choices[].delta.tool_calls[].custom is int"),
    (delta(tool_calls=[{"custom": {"name": 1}}]), "choices[].delta.tool_calls[].custom.name is int"),
    (delta(tool_calls=[{"custom": {"input": {}}}]), "choices[].delta.tool_calls[].custom.input is dict"),
    (delta(function_call=1), "choices[].delta.function_call is int"),
    (delta(function_call={"name": []}), "choices[].delta.function_call.name is list"),
    (delta(function_call={"arguments": 1}), "choices[].delta.function_call.arguments is int"),
    (delta(audio="x"), "choices[].delta.audio is str"),
    (delta(audio={"data": 5}), "choices[].delta.audio.data is int"),
    (delta(audio={"data": "é"}), "choices[].delta.audio.data is not base64"),
    (delta(audio={"transcript": []}), "choices[].delta.audio.transcript is list"),
    (delta(images="x"), "choices[].delta.images is str"),
    (delta(images=[5]), "choices[].delta.images[] has no URL"),
    (delta(images=[{"image_url": {}}]), "choices[].delta.images[] has no URL"),
    (delta(images=["data:image/png;base64,?"]), "choices[].delta.images[] is not base64"),
    (delta(images=["data:image/png"]), "choices[].delta.images[] is a data URL without data"),
]


@pytest.mark.parametrize(("event", "what"), MALFORMED)
def test_text_arguments_and_media_end_the_stream(event: Any, what: str) -> None:
    chunks = of(delta(content="before"), event, delta(content="after"), delta(finish="stop"))
    (error,) = only(chunks, "error")
    assert error.error == f"malformed event: {what}"
    assert (error.error_info["kind"], error.error_info["code"]) == ("protocol", "malformed_event")
    assert [chunk.content for chunk in only(chunks, "content")] == ["before"]
    assert chunks[-1].finish_reason == "error"


@pytest.mark.parametrize(("event", "what"), MALFORMED)
def test_what_was_malformed_is_malformed_again_after_encoding(event: Any, what: str) -> None:
    chunks = decoded(body(delta(content="before"), event))
    assert decoded(encoded(chunks)) == chunks


@pytest.mark.parametrize("said", ["0", 0.0, 0])
def test_an_index_of_another_type_still_tells_calls_and_choices_apart(said: Any) -> None:
    other = type(said)(1)
    events = [
        delta(tool_calls=[piece(said, None, "f"), piece(other, None, "g")]),
        delta(tool_calls=[piece(said, None, None, "{}"), piece(other, None, None, "[]")]),
        {"choices": [{"index": other, "delta": {"content": "x"}}]},
        delta(finish="stop"),
    ]
    chunks = of(*events)
    (called,) = only(chunks, "tool_calls")
    assert [(call["name"], call["arguments"]) for call in called.tool_calls] == [("f", "{}"), ("g", "[]")]
    assert [chunk.choice_index for chunk in only(chunks, "content")] == [1]


def test_nan_costs_the_number_and_not_the_report() -> None:
    chunks = of(delta(content="x", finish="stop") | {"usage": {"prompt_tokens": 3, "cost": NAN}})
    assert chunks[-1].usage == {"input_tokens": 3, "all_input_tokens": 3, "raw": {"prompt_tokens": 3, "cost": None}}


def test_lone_surrogates_pass_and_pairs_are_joined() -> None:
    raw = json.dumps(delta(content="a")).encode().replace(b'"a"', b'"\xed\xa0\xbd\xed\xb8\x80"')
    chunks = of(
        delta(content="\ud83d"),
        delta(content="\ude00"),
        raw,
        delta(content=[{"type": "text", "text": ["\ud83d", "\ude00"]}]),
    )
    assert [chunk.content for chunk in only(chunks, "content")] == ["\ud83d", "\ude00", "😀", "😀"]


@given(st.dictionaries(st.sampled_from(["choices", "usage", "object", "citations"]), st.none()))
def test_nulls_make_no_chat_event(doc: dict[str, Any]) -> None:
    assert not is_chat_event(doc)
    assert Lenient().event(doc).choices is None
