"""Bytes to chunks: what each rule comes to; the laws are in `tests.wire.test_laws`."""

import sys
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.testing.cuts import byte_by_byte, decode
from massgen_stream.testing.wires_openai_chat import wires
from massgen_stream.testing.wires_openai_chat_fields import ODD_METADATA, USUAL
from massgen_stream.wire.openai_chat import ChatDecoder

from .saying import DONE, body, decoded, delta, of, only, types

HELLO = [delta(role="assistant", content=None), delta(content="Hel"), delta(content="lo"), delta(finish="stop")]


@given(wires(fields=USUAL) | wires(fields=ODD_METADATA))
def test_metadata_never_makes_an_event_malformed(wire: bytes) -> None:
    assert not [one for one in only(decoded(wire), "error") if one.error_info.get("code") == "malformed_event"]


@given(st.lists(st.text(min_size=1), max_size=5))
def test_every_text_delta_is_one_content_chunk(texts: list[str]) -> None:
    chunks = of(*[delta(content=text) for text in texts], delta(finish="stop"))
    assert [chunk.content for chunk in only(chunks, "content")] == texts


def size(value: Any, seen: set[int]) -> int:
    """Return the bytes of *value* and of everything that it holds."""
    if id(value) in seen:
        return 0
    seen.add(id(value))
    return sys.getsizeof(value) + sum(size(one, seen) for one in _held(value))


def _held(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from (*value, *value.values())
    elif isinstance(value, list | tuple | set):
        yield from value
    elif type(value).__module__.startswith("massgen_stream"):
        names = [*getattr(value, "__slots__", ()), *getattr(value, "__struct_fields__", ()), *vars_of(value)]
        yield from (getattr(value, name) for name in names)


def vars_of(value: Any) -> list[str]:
    return list(getattr(value, "__dict__", ()))


def test_text_reasoning_and_refusals_are_not_kept() -> None:
    one = ChatDecoder()
    text = "x" * 1000
    events = body(delta(content=text), delta(reasoning=text), delta(refusal=text), done=False)
    one.feed(events)
    before = size(one, set())
    for _ in range(50):
        one.feed(events)
    assert size(one, set()) == before


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"reasoning_content": "why"}, "reasoning"),
        ({"reasoning": "why"}, "reasoning"),
        ({"thinking": "why"}, "reasoning"),
        ({"reasoning": "why", "reasoning_content": "why"}, "reasoning"),
        ({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "why"}]}]}, "reasoning"),
        ({"refusal": "why"}, "refusal"),
        ({"content": "why"}, "content"),
        ({"content": [{"type": "text", "text": "why"}]}, "content"),
    ],
)
def test_text_in_all_places(fields: dict[str, Any], kind: str) -> None:
    chunks = only(of(delta(**fields)), kind)
    assert [chunk.reasoning_delta or chunk.content for chunk in chunks] == ["why"]


@pytest.mark.parametrize("fields", [{"content": None}, {"content": ""}, {"role": None, "content": None}, {}])
def test_nothing_said_is_nothing(fields: dict[str, Any]) -> None:
    assert types(of(delta(**fields), delta(finish="stop"))) == ["complete_response", "done"]


def test_a_message_stands_for_a_delta() -> None:
    chunks = of({"choices": [{"index": 0, "message": {"content": "all"}, "finish_reason": "stop"}]})
    assert [chunk.content for chunk in only(chunks, "content")] == ["all"]


def test_choices_are_told_apart_and_the_first_has_no_index() -> None:
    chunks = of(delta(content="a"), delta(index=1, content="b"), delta(index=1, finish="length"), delta(finish="stop"))
    assert [(chunk.content, chunk.choice_index) for chunk in only(chunks, "content")] == [("a", None), ("b", 1)]
    assert chunks[-1].finish_details == {
        "choices": [{"index": 1, "finish_reason": "length", "raw_finish_reason": "length"}]
    }


@pytest.mark.parametrize(
    ("first", "start"),
    [
        ({"id": "r", "model": "m", "choices": []}, ("r", "m")),
        ({"id": "r", "choices": [{"delta": {"content": "x"}}]}, ("r", None)),
        ({"model": "m", "choices": [{"delta": {"content": "x"}}]}, (None, "m")),
        ({"choices": [{"delta": {"content": "x"}}]}, (None, None)),
    ],
)
def test_start_comes_first_with_what_is_known(first: dict[str, Any], start: tuple[str | None, str | None]) -> None:
    chunk: Any = decoded(body(first, delta(content="y")))[0]
    assert (str(chunk.type), chunk.response_id, chunk.model) == ("start", *start)


def test_azures_prelude_starts_nothing_and_is_kept() -> None:
    prelude = {"id": "", "object": "", "model": "", "created": 0, "choices": [], "prompt_filter_results": [{"a": 1}]}
    chunks: list[Any] = decoded(body(prelude, *HELLO))
    assert (chunks[0].type, chunks[0].response_id) == ("start", "r")
    assert only(chunks, "complete_response")[0].response["prompt_filter_results"] == [{"a": 1}]


def test_the_envelope_has_what_was_said_besides_the_message() -> None:
    head = {
        "id": "r",
        "model": "m",
        "created": 5,
        "system_fingerprint": "fp",
        "service_tier": "default",
        "provider": "P",
    }
    tokens = [{"token": "a"}, {"token": "b"}]
    events = [
        {**head, "choices": [{"index": 0, "logprobs": {"content": [token], "refusal": None}}]} for token in tokens
    ]
    (response,) = only(of(*events, {"choices": [{"logprobs": {"content": None}}]}), "complete_response")
    assert response.response == {**head, "choices": [{"index": 0, "logprobs": {"content": tokens, "refusal": None}}]}


ENDS = [
    # body, finish_reason, raw_finish_reason, errors
    (body(*HELLO), "stop", "stop", 0),
    (body(*HELLO, done=False), "stop", "stop", 0),
    (body(*HELLO[:3]), "other", None, 0),
    (body(*HELLO[:3], done=False), "incomplete", None, 1),
    (body(*HELLO, delta(index=1, content="x"), done=False), "incomplete", "stop", 1),
    (body(*HELLO, delta(index=1, finish="stop"), done=False), "stop", "stop", 0),
    (body(*HELLO, delta(finish="length")), "length", "length", 0),
    (body(*HELLO, delta(content=" more")), "stop", "stop", 0),
    (body(*HELLO)[:-2], "stop", "stop", 0),
    (body(*HELLO) + b"data: {\n\nrubbish", "stop", "stop", 0),
    (body(*HELLO) + body(delta(content="x")), "stop", "stop", 0),
    (body(*HELLO, {"error": {"message": "m"}}), "error", "stop", 1),
    (body({"error": {"message": "m"}}, done=False), "error", None, 1),
    (body({"error": {"message": "m"}}, {"error": {"message": "m"}}), "error", None, 1),
    (body({"error": {"message": "m"}}, {"error": {"message": "n"}}), "error", None, 2),
    (body({"error": {"message": "m"}}, b"{"), "error", None, 2),
    (body(*HELLO[:3], b"{"), "error", None, 1),
    (body(delta(finish="network_error")), "error", "network_error", 1),
    (body({"error": {"message": "m"}}, delta(finish="error")), "error", "error", 1),
    (b"", "incomplete", None, 1),
    (b"\n\n", "incomplete", None, 1),
    (b"plain words", "incomplete", None, 1),
    (DONE, "other", None, 0),
    (b"<html>", "error", None, 1),
]


@pytest.mark.parametrize(("data", "reason", "raw", "errors"), ENDS)
def test_how_a_stream_ends(data: bytes, reason: str, raw: str | None, errors: int) -> None:
    chunks: list[Any] = decoded(data)
    done = chunks[-1]
    assert (done.finish_reason, done.raw_finish_reason) == (reason, raw)
    assert len(only(chunks, "error")) == errors


def test_nothing_comes_after_the_end() -> None:
    one = ChatDecoder()
    assert one.feed(body(*HELLO))[-1].type == "done"
    assert one.feed(body(*HELLO)) == []
    assert one.close() == []
    assert one.close() == []


SMALL = [
    body(*HELLO),
    body(*HELLO, done=False),
    body(delta(content="é"), {"choices": [], "usage": {"prompt_tokens": 1}}, delta(finish="stop")),
    body(
        delta(
            tool_calls=[{"index": 0, "id": "c", "function": {"name": "f", "arguments": '{"a":1}'}}], finish="tool_calls"
        )
    ),
    body(delta(content="x"), {"error": {"message": "m"}}).replace(b"\n", b"\r\n"),
]


@pytest.mark.parametrize("data", SMALL)
def test_a_cut_at_any_byte_tells_the_truth(data: bytes) -> None:
    whole = decoded(data)
    for place in range(len(data)):
        chunks: list[Any] = decoded(data[:place])
        done = chunks[-1]
        told = [chunk for chunk in chunks[:-1] if chunk.type in ("start", "content", "usage", "tool_call_delta")]
        assert told == [chunk for chunk in whole if chunk in told]
        seen_error, seen_reason = b'"m"' in data[:place], _has_reason(data[:place])
        if done.finish_reason == "incomplete":
            assert chunks[-2].type == "error" or only(chunks, "error")
            assert not seen_reason
        else:
            assert seen_reason or b"[DONE]" in data[:place] or seen_error


def _has_reason(data: bytes) -> bool:
    """Whether an event that is whole, with or without its blank line, has a finish reason."""
    payloads = [line.removeprefix(b"data: ") for line in data.splitlines() if line.startswith(b"data: ")]
    documents = [
        msgspec.json.decode(one) for one in payloads if one.endswith(b"}") and one.count(b"{") == one.count(b"}")
    ]
    return any(choice.get("finish_reason") for one in documents for choice in one.get("choices", ()))


def test_usage_comes_with_and_without_choices() -> None:
    alone, beside = {"prompt_tokens": 1}, {"prompt_tokens": 2}
    chunks = of({"choices": [], "usage": alone}, delta(content="x") | {"usage": beside})
    assert [chunk.usage["raw"] for chunk in only(chunks, "usage")] == [alone]
    assert (chunks[-1].usage, chunks[-1].usage_source) == (
        {"input_tokens": 2, "all_input_tokens": 2, "raw": beside},
        "reported",
    )


@pytest.mark.parametrize(
    "said",
    [
        {"usage": {"prompt_tokens": 3}},
        {"choices": [], "usage": {"prompt_tokens": 3}},
        {"choices": None, "usage": {"prompt_tokens": 3}},
        {"choices": [{"delta": {}, "usage": {"prompt_tokens": 3}}]},
        {"choices": [{"delta": {}}], "usage": {"prompt_tokens": 3}},
        {"choices": [], "x_groq": {"id": "q", "usage": {"prompt_tokens": 3}}},
    ],
)
def test_usage_in_every_place(said: dict[str, Any]) -> None:
    chunks = of(delta(content="x"), said, {"choices": [], "usage": None}, delta(finish="stop"))
    assert chunks[-1].usage == {"input_tokens": 3, "all_input_tokens": 3, "raw": {"prompt_tokens": 3}}


def test_equal_reports_are_told_as_often_as_they_come() -> None:
    report = {"choices": [], "usage": {"prompt_tokens": 1}}
    assert len(only(of(report, report), "usage")) == 2


def test_usage_is_known_after_an_error_and_after_a_cut() -> None:
    report = {"choices": [], "usage": {"prompt_tokens": 1}}
    for last in ({"error": "x"}, b"{"):
        assert of(report, last, done=False)[-1].usage_source == "reported"
    assert of(report, done=False)[-1].usage_source == "reported"


def test_an_event_over_the_limit_ends_the_stream_after_those_before_it() -> None:
    wire = body(delta(content="x"), delta(content="y" * 500), delta(content="z"))
    for pieces in ([wire], byte_by_byte(wire)):
        chunks: list[Any] = decode(ChatDecoder(max_event_bytes=300), pieces)
        assert types(chunks) == ["start", "content", "error", "complete_response", "done"]
        assert (chunks[2].error_info["code"], chunks[-1].finish_reason) == ("event_too_large", "error")


def test_audio_that_was_cut_has_no_final() -> None:
    sound = delta(audio={"id": "a", "data": "AAAA"})
    assert len(only(of(sound, delta(finish="stop")), "media")) == 2
    assert len(only(of(sound, done=False), "media")) == 1
    assert len(only(of(sound, {"error": "x"}), "media")) == 1


def test_what_came_of_a_malformed_event_before_its_fault_stands() -> None:
    chunks = decoded(body({"choices": [{"delta": {"content": "x", "images": [{}]}}]}))
    assert types(chunks) == ["start", "content", "error", "done"]


def test_deep_nesting_is_no_exception() -> None:
    for depth in (100, 400, *range(900, 1000, 10), 5000):
        nested = b'{"a":' * depth + b"1" + b"}" * depth
        for wire in (
            b'{"choices":[{"delta":{},"logprobs":%s}]}' % nested,
            b'{"choices":[{"delta":{"annotations":[%s]}}]}' % nested,
            b'{"choices":[{"delta":{"function_call":{"arguments":%s}}}]}' % nested,
            b'{"choices":[],"usage":%s,"id":5}' % nested,
            b'{"error":%s}' % nested,
            nested,
        ):
            chunks = decoded(body(wire, wire, delta(finish="stop")))
            assert chunks[-1].type == "done"
            assert decoded(nested)[-1].type == "done"
