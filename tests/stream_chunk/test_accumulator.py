"""What an accumulator makes of a stream."""

from typing import Any

import pytest
from msgspec.structs import replace

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.accumulator import Accumulator
from massgen_stream.stream_chunk.base import BaseStreamChunk

from .verifying import numbered, preview, segment

CALL = {"id": "c", "name": "f", "arguments": "{}", "kind": "function"}


def accumulated(*chunks: BaseStreamChunk) -> Accumulator:
    accumulator = Accumulator()
    for chunk in chunks:
        accumulator.feed(chunk)
    return accumulator


def test_nothing() -> None:
    empty = Accumulator()
    flat = (empty.text, empty.reasoning, empty.reasoning_summary, empty.refusal)
    assert flat == ("", "", "", "")
    assert (empty.tool_calls, empty.tool_results, empty.citations, empty.media) == ([], [], [], {})
    assert (empty.usage, empty.finish_reason, empty.raw_finish_reason, empty.error, empty.complete) == (
        None,
        None,
        None,
        None,
        False,
    )
    assert empty.message() == {"role": "assistant", "content": []}
    assert list(empty.choices) == [0]


def test_every_attribute() -> None:
    found = accumulated(
        narrow.start(provider="p", model="m", response_id="r"),
        narrow.reasoning("wh"),
        narrow.reasoning("y"),
        narrow.reasoning_summary("sum"),
        narrow.content("Hel"),
        narrow.content("lo"),
        narrow.refusal("no"),
        narrow.tool_call_delta("c", "{", tool_name="f"),
        narrow.tool_calls([CALL]),
        narrow.citation({"url": "u"}),
        segment(b"ab", 0, 0),
        narrow.usage({"input_tokens": 1}),
        narrow.error("bad", error_info={"kind": "server"}),
        narrow.error("worse"),
        narrow.done("error", raw_finish_reason="raw", usage={"input_tokens": 2}, usage_source="reported"),
    )
    assert (found.text, found.reasoning, found.reasoning_summary, found.refusal) == ("Hello", "why", "sum", "no")
    assert (found.tool_calls, found.citations, found.media["m"].data) == ([CALL], [{"url": "u"}], b"ab")
    assert (found.usage, found.usage_source) == ({"input_tokens": 2}, "reported")
    assert (found.finish_reason, found.raw_finish_reason, found.complete) == ("error", "raw", False)
    assert (found.error, found.error_info) == ("bad", {"kind": "server"})
    assert (found.provider, found.model, found.response_id) == ("p", "m", "r")


def test_the_message_is_in_order_of_arrival() -> None:
    found = accumulated(
        narrow.reasoning("a", provider_data={"p": {"s": [1]}}),
        narrow.reasoning("b", provider_data={"p": {"s": [2]}}),
        narrow.content("c"),
        narrow.tool_calls([CALL]),
        narrow.content("d"),
        narrow.media("m", "image", media_encoding="url", media_data="https://x"),
        narrow.content("e"),
        narrow.reasoning("f"),
    )
    assert found.message()["content"] == [
        {"type": "reasoning", "text": "ab", "provider_data": {"p": {"s": [1, 2]}}},
        {"type": "text", "text": "c"},
        {"type": "tool_call", **CALL},
        {"type": "text", "text": "d"},
        {"type": "image", "url": "https://x", "media_id": "m"},
        {"type": "text", "text": "e"},
        {"type": "reasoning", "text": "f"},
    ]
    assert (found.text, found.reasoning) == ("cde", "abf")


def test_items_that_interleave_stay_whole() -> None:
    pieces = [("i", "a"), ("j", "b"), ("i", "c"), ("j", "d"), (None, "e"), ("i", "f")]
    found = accumulated(*[narrow.content(text, item_id=item) for item, text in pieces])
    parts = [(part.get("item_id"), part["text"]) for part in found.message()["content"]]
    assert parts == [("i", "acf"), ("j", "bd"), (None, "e")]
    assert found.text == "acfbde"


def test_calls_that_are_not_complete_say_so() -> None:
    found = accumulated(narrow.tool_call_delta("c", '{"a', tool_name="f"), narrow.tool_call_delta("c", '":'))
    (call,) = found.tool_calls
    assert call == {
        "id": "c",
        "name": "f",
        "arguments": '{"a":',
        "kind": "function",
        "invalid": {"reason": "incomplete"},
    }


def test_results_of_local_tools_are_not_the_assistants() -> None:
    found = accumulated(
        narrow.tool_calls([CALL]),
        narrow.server_tool_call("v", "search", status="in_progress", arguments="{}"),
        narrow.tool_result("v", content="5 %", preliminary=True, attachments=[{"type": "image", "url": "u"}]),
        narrow.server_tool_call("v", "search", status="completed"),
        narrow.tool_result("v", content="found"),
        narrow.turn_done("tool_calls"),
        narrow.tool_result("c", content="42", is_error=False),
        narrow.content("x"),
    )
    assert found.tool_results == [
        {"tool_call_id": "v", "content": "found"},
        {"tool_call_id": "c", "content": "42", "is_error": False},
    ]
    assert found.message()["content"] == [{"type": "text", "text": "x"}]
    vendor = accumulated(
        narrow.server_tool_call("v", "s", arguments="{}"),
        narrow.tool_result("v", content="5 %", preliminary=True, attachments=[{"type": "image", "url": "u"}]),
        narrow.server_tool_call("v", "s", status="completed"),
        narrow.tool_result("v", content="found"),
    )
    assert vendor.message()["content"] == [
        {"type": "server_tool_call", "tool_call_id": "v", "tool_name": "s", "arguments": "{}", "status": "completed"},
        {"type": "tool_result", "tool_call_id": "v", "content": "found"},
    ]


def test_turns() -> None:
    found = accumulated(
        narrow.content("a"), narrow.content("b", choice_index=1), narrow.turn_done("tool_calls", raw_finish_reason="x")
    )
    assert (found.message()["content"], found.finish_reason) == ([{"type": "text", "text": "a"}], "tool_calls")
    found.feed(narrow.content("c"))
    assert (found.text, found.message()["content"]) == ("ac", [{"type": "text", "text": "c"}])
    found.feed(narrow.content("d", choice_index=1))
    assert found.choices[1].message()["content"] == [{"type": "text", "text": "d"}]
    assert not found.complete
    found.feed(narrow.done("stop"))
    assert (found.complete, found.finish_reason, found.raw_finish_reason) == (True, "stop", None)


def test_other_choices_end_with_reasons_of_their_own() -> None:
    rows = [
        {"index": 1, "finish_reason": "length", "raw_finish_reason": "max"},
        {"index": 9, "finish_reason": "stop"},
        5,
    ]
    found = accumulated(
        narrow.content("a"),
        narrow.content("b", choice_index=1),
        narrow.content("c", choice_index=2),
        narrow.turn_done("stop", finish_details={"choices": rows}),
        narrow.content("d"),
        narrow.done("tool_calls"),
    )
    reasons = {index: (one.finish_reason, one.raw_finish_reason) for index, one in found.choices.items()}
    assert reasons == {0: ("tool_calls", None), 1: ("length", "max"), 2: (None, None)}


@pytest.mark.parametrize(
    ("reason", "complete"),
    [("stop", True), ("length", True), ("error", False), ("incomplete", False), ("cancelled", False)],
)
def test_what_is_complete(reason: str, complete: bool) -> None:
    found = accumulated(narrow.content("x"), segment(b"a", 0, 0), narrow.done(reason))
    assert (found.complete, found.media["m"].complete) == (complete, False)


def test_media() -> None:
    found = accumulated(segment(b"ab", 0, 0), preview(b"p", media_id="n"), segment(b"c", 1, 2))
    assert {media_id: (one.data, one.previews) for media_id, one in found.media.items()} == {
        "m": (b"abc", []),
        "n": (None, [b"p"]),
    }
    nameless = [narrow.media("m", "image", media_encoding="url", media_data=url) for url in ("u", "v")]
    alone = accumulated(*[replace(one, media_id=None) for one in nameless])
    assert [one.data for one in alone.media.values()] == ["u", "v"]


def test_an_overlap_is_taken_once_and_another_stream_is_not_skipped() -> None:
    chunks = numbered(narrow.content("a"), narrow.content("b"), narrow.content("c"))
    found = accumulated(*chunks[:2], *chunks[1:], *chunks)
    assert found.text == "abc"
    for chunk in chunks:
        found.feed(replace(chunk, stream_id="t"))
    assert found.text == "abcabc"


def test_what_was_read_is_the_readers_own() -> None:
    found = accumulated(narrow.content("a", provider_data={"p": {"s": [1]}}), narrow.tool_calls([CALL]))
    before: Any = found.message()
    before["content"][0]["provider_data"]["p"]["s"].append(2)
    before["content"].clear()
    found.tool_calls[0]["arguments"] = "x"
    assert found.message()["content"][0]["provider_data"] == {"p": {"s": [1]}}
    assert found.tool_calls == [CALL]


def test_growing_is_linear_by_construction() -> None:
    """However long the text is, one more delta adds one piece and copies nothing."""
    found = accumulated(*[narrow.content("x" * 100) for _ in range(100)])
    (part,) = found.choices[0]._parts
    assert len(part.pieces._pieces) == 100  # type: ignore[attr-defined]
    assert len(found.text) == 10_000
    assert len(part.pieces._pieces) == 1  # type: ignore[attr-defined]
