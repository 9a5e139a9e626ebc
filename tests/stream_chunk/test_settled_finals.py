"""Finals that go on, or contradict, the deltas before them."""

from typing import Any

import pytest

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.accumulator import Accumulator

from .test_gate import CALL, passed, types

REASONING = [
    # deltas, final, what passes for it: statuses, last deltas, text of the final
    (["why"], "why", ([], [], "why")),
    (["wh", "y"], "why not", ([], [" not"], "why not")),
    ([], "why", ([], ["why"], "why")),
    (["why"], "because", (["contradiction"], [], "why")),
    (["why"], "wh", (["contradiction"], [], "why")),
    (["\ud83d"], "😀!", ([], ["\ude00!"], "😀!")),
    (["\ud83d", "\ude00"], "😀", ([], [], "😀")),
]


def statuses(chunks: list[Any]) -> list[str]:
    return [one.status for one in chunks if one.type == "backend_status"]


@pytest.mark.parametrize(("deltas", "final", "expected"), REASONING)
@pytest.mark.parametrize("index", [None, 0])
def test_reasoning(deltas: list[str], final: str, expected: Any, index: int | None) -> None:
    where: dict[str, Any] = {"item_id": "i", "content_index": index, "choice_index": 1}
    chunks = [narrow.reasoning(delta, **where) for delta in deltas]
    last = narrow.reasoning_done(final, provider_data={"p": {}}, **where)
    found = passed(*chunks, last, narrow.done("stop"))[len(deltas) :]
    (done,) = [one for one in found if one.type == "reasoning_done"]
    added = [one.reasoning_delta for one in found if one.type == "reasoning"]
    assert (statuses(found), added, done.reasoning_text) == expected
    assert (done.provider_data, done.content_index) == ({"p": {}}, index)


@pytest.mark.parametrize(("deltas", "final", "expected"), REASONING)
def test_summaries(deltas: list[str], final: str, expected: Any) -> None:
    where: dict[str, Any] = {"item_id": "i", "summary_index": 2}
    chunks = [narrow.reasoning_summary(delta, **where) for delta in deltas]
    found = passed(*chunks, narrow.reasoning_summary_done(final, **where), narrow.done("stop"))[len(deltas) :]
    (done,) = [one for one in found if one.type == "reasoning_summary_done"]
    added = [one.reasoning_summary_delta for one in found if one.type == "reasoning_summary"]
    assert (statuses(found), added, done.reasoning_summary_text) == expected


CALLS = [
    # deltas, arguments of the final, what passes for it: statuses, last deltas, arguments, why invalid
    ([], '{"a":1}', ([], [], '{"a":1}', None)),
    ([""], '{"a":1}', ([], ['{"a":1}'], '{"a":1}', None)),
    (['{"a"', ":1}"], '{"a":1}', ([], [], '{"a":1}', None)),
    (['{"a"'], '{"a":1}', ([], [":1}"], '{"a":1}', None)),
    ([""], "{}", ([], [], "{}", None)),
    (["null"], "{}", ([], [], "{}", None)),
    (['{"a":2}'], '{"a":1}', (["contradiction"], [], '{"a":2}', None)),
    (['{"b"'], '{"a":1}', (["contradiction"], [], '{"b"', {"reason": "malformed_json"})),
]


@pytest.mark.parametrize(("deltas", "final", "expected"), CALLS)
def test_calls(deltas: list[str], final: str, expected: Any) -> None:
    chunks = [narrow.tool_call_delta("c", delta, tool_name="f") for delta in deltas]
    found = passed(*chunks, narrow.tool_calls([{**CALL, "arguments": final}]), narrow.done("stop"))[len(chunks) :]
    added = [one.arguments_delta for one in found if one.type == "tool_call_delta"]
    ((call,),) = [one.tool_calls for one in found if one.type == "tool_calls"]
    assert (statuses(found), added, call["arguments"], call.get("invalid")) == expected


def test_a_call_is_complete_once() -> None:
    other = {**CALL, "id": "d"}
    found = passed(
        narrow.tool_calls([CALL]), narrow.tool_calls([CALL, other]), narrow.tool_calls([CALL]), narrow.done("stop")
    )
    assert [[call["id"] for call in one.tool_calls] for one in found if one.type == "tool_calls"] == [["c"], ["d"]]


def test_the_text_of_an_item_may_come_again_as_a_whole() -> None:
    found = passed(
        narrow.reasoning("a", item_id="i", content_index=0),
        narrow.reasoning_done("a", item_id="i", content_index=0),
        narrow.reasoning("b", item_id="i", content_index=1),
        narrow.reasoning_done("b", item_id="i", content_index=1),
        narrow.reasoning_done("ab", item_id="i", provider_data={"p": {}}),
        narrow.done("stop"),
    )
    assert types(found) == [
        "reasoning",
        "reasoning_done",
        "reasoning",
        "reasoning_done",
        "reasoning_done",
        "complete_message",
        "done",
    ]
    assert found[-2].complete_message["content"] == [
        {"type": "reasoning", "text": "ab", "item_id": "i", "provider_data": {"p": {}}}
    ]


def test_the_reader_gets_the_same_whole_with_and_without_a_gate() -> None:
    """A final without deltas is the text for a reader of a bare decoder, too."""
    chunks = [
        narrow.reasoning("a"),
        narrow.reasoning_done("a"),
        narrow.content("x"),
        narrow.reasoning_done("b"),
        narrow.done("stop"),
    ]
    bare, gated = Accumulator(), Accumulator()
    for one in passed(*chunks):
        gated.feed(one)
    for chunk in chunks:
        bare.feed(chunk)
    assert bare.message() == gated.message()
    assert [part["text"] for part in bare.message()["content"]] == ["a", "x", "b"]
