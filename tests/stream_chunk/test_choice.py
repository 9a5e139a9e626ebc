"""One choice while it grows; `test_accumulator` sees it from outside."""

from typing import Any

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.choice import Choice

CALL = {"id": "c", "name": "f", "arguments": "{}", "kind": "function"}


def choice(*chunks: Any) -> Choice:
    found = Choice()
    for chunk in chunks:
        found.feed(chunk)
    return found


def parts(found: Choice) -> list[Any]:
    content: list[Any] = found.message()["content"]
    return content


def test_a_final_without_deltas_is_the_text_and_one_after_them_adds_only_data() -> None:
    found = choice(
        narrow.reasoning("a"),
        narrow.reasoning_done("a", provider_data={"p": {"s": 1}}),
        narrow.content("x"),
        narrow.reasoning_done("b"),
        narrow.reasoning_summary_done("sum", item_id="i"),
        narrow.reasoning_done("c", item_id="i"),
    )
    assert parts(found) == [
        {"type": "reasoning", "text": "a", "provider_data": {"p": {"s": 1}}},
        {"type": "text", "text": "x"},
        {"type": "reasoning", "text": "b"},
        {"type": "reasoning", "text": "c", "summary": ["sum"], "item_id": "i"},
    ]
    assert (found.reasoning, found.reasoning_summary) == ("abc", "sum")


def test_a_final_that_goes_on_adds_the_rest_and_one_that_contradicts_nothing() -> None:
    found = choice(
        narrow.reasoning("a"),
        narrow.content("x"),
        narrow.reasoning_done("ab"),
        narrow.reasoning_done("c", item_id="i"),
        narrow.reasoning_done("d", item_id="i"),
    )
    assert [part["text"] for part in parts(found)] == ["ab", "x", "c"]


def test_summaries_by_index() -> None:
    found = choice(
        narrow.reasoning_summary("b", summary_index=1),
        narrow.reasoning_summary("a", summary_index=0),
        narrow.reasoning_summary("c", summary_index=1),
    )
    assert parts(found) == [{"type": "reasoning", "text": "", "summary": ["a", "bc"]}]
    assert found.reasoning_summary == "abc"


def test_phases_and_empty_parts() -> None:
    found = choice(
        narrow.content("x", item_id="i", phase="commentary"),
        narrow.reasoning(""),
        narrow.content("", item_id="j", provider_data={"p": {}}),
    )
    assert parts(found) == [
        {"type": "text", "text": "x", "item_id": "i", "phase": "commentary"},
        {"type": "text", "text": "", "item_id": "j", "provider_data": {"p": {}}},
    ]


def test_open_calls_are_those_of_the_turn_without_a_final() -> None:
    found = choice(
        narrow.tool_calls([CALL]), narrow.tool_call_delta("d", "", tool_name="g"), narrow.tool_call_delta("e", "[1]")
    )
    assert found.open_calls(whole=True) == [
        {"id": "d", "name": "g", "arguments": "{}", "kind": "function"},
        {"id": "e", "name": "", "arguments": "[1]", "kind": "function", "invalid": {"reason": "no_name"}},
    ]
    assert found.open_calls(whole=False)[0]["invalid"] == {"reason": "cut_off"}
    found.end("stop", None)
    assert (found.open_calls(whole=True), found.call_part("c"), found.called) == ([], None, False)


def test_what_a_turn_has() -> None:
    assert choice(narrow.tool_calls([CALL])).called
    assert not choice(narrow.tool_calls([{**CALL, "invalid": {}}]), narrow.tool_call_delta("d", "{}")).called
    assert choice(narrow.refusal("no")).refused
    found = choice(narrow.refusal(""), narrow.content("x"))
    assert not found.refused
    found = choice(narrow.refusal("no"))
    found.end("refusal", None)
    assert not found.refused
    found.feed(narrow.content("x"))
    assert not found.refused


def test_calls_of_earlier_turns_are_still_the_clients() -> None:
    found = choice(narrow.tool_calls([CALL]))
    found.end("tool_calls", None)
    found.feed(narrow.content("x"))
    assert found.is_client_call("c")
    assert [call["id"] for call in found.tool_calls] == ["c"]
