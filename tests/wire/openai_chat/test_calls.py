"""What tells calls apart, and when a call is complete."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.wire.openai_chat.calls import Calls
from massgen_stream.wire.openai_chat.events import Function, ToolCall

from .saying import calls, delta, of, only, piece

APART = [
    # pieces, complete calls as (id, name, arguments)
    (
        "one call in pieces",
        [piece(0, "a", "f"), piece(0, None, None, '{"x"'), piece(0, None, None, ":1}")],
        [("a", "f", '{"x":1}')],
    ),
    ("the id with every piece", [piece(0, "a", "f", "{"), piece(0, "a", "f", "}")], [("a", "f", "{}")]),
    (
        "interleaved",
        [piece(0, "a", "f"), piece(1, "b", "g"), piece(0, None, None, "1"), piece(1, None, None, "2")],
        [("a", "f", "1"), ("b", "g", "2")],
    ),
    ("index always 0", [piece(0, "a", "f", "{}"), piece(0, "b", "f", "{}")], [("a", "f", "{}"), ("b", "f", "{}")]),
    (
        "index always 0, in pieces",
        [piece(0, "a", "f", "{"), piece(0, None, None, "}"), piece(0, "b", "f", "["), piece(0, None, None, "]")],
        [("a", "f", "{}"), ("b", "f", "[]")],
    ),
    (
        "no index",
        [piece(None, "a", "f", "{"), piece(None, None, None, "}"), piece(None, "b", "g", "{}")],
        [("a", "f", "{}"), ("b", "g", "{}")],
    ),
    (
        "no id",
        [piece(0, None, "f", "{"), piece(1, None, "g", "{}"), piece(0, None, None, "}")],
        [("r-call-0", "f", "{}"), ("r-call-1", "g", "{}")],
    ),
    (
        "no id and index always 0",
        [piece(0, None, "f", "{}"), piece(0, None, "g", "{}"), piece(0, None, "g", "{}")],
        [("r-call-0", "f", "{}"), ("r-call-1", "g", "{}"), ("r-call-2", "g", "{}")],
    ),
    (
        "another name",
        [piece(0, None, "f", "1"), piece(0, None, "g", "2")],
        [("r-call-0", "f", "1"), ("r-call-1", "g", "2")],
    ),
    ("neither", [piece(None, None, "f", "{"), piece(None, None, None, "}")], [("r-call-0", "f", "{}")]),
    (
        "empty ids",
        [piece(0, "", "f", "{}"), piece(1, "", "f", "{}")],
        [("r-call-0", "f", "{}"), ("r-call-1", "f", "{}")],
    ),
    ("the word null", [piece(0, "null", "f", "{}")], [("r-call-0", "f", "{}")]),
    (
        "the name with every piece",
        [piece(0, None, "f", '{"a":"}{'), piece(0, None, "f", '"}')],
        [("r-call-0", "f", '{"a":"}{"}')],
    ),
    ("a late name", [piece(0, "a"), piece(0, None, "f", "{}")], [("a", "f", "{}")]),
    ("a late id", [piece(0, None, "f", "{"), piece(0, "a", None, "}")], [("r-call-0", "f", "{}")]),
    ("an object", [piece(0, "a", "f", {"city": "Zürich"})], [("a", "f", '{"city":"Zürich"}')]),
    (
        "an id that looks minted",
        [piece(0, "r-call-0", "f", "1"), piece(1, None, "g", "2")],
        [("r-call-0", "f", "1"), ("r-call-1", "g", "2")],
    ),
    (
        "a minted id that comes later",
        [piece(0, None, "f", "1"), piece(1, "r-call-0", None, "2")],
        [("r-call-0", "f", "12")],
    ),
    (
        "empty pieces",
        [{}, {"index": 0}, {"type": "function"}, piece(0, "a", "f", "{}"), {"index": 0, "function": {}}],
        [("a", "f", "{}")],
    ),
]


@pytest.mark.parametrize(("pieces", "expected"), [row[1:] for row in APART], ids=[row[0] for row in APART])
def test_what_tells_calls_apart(pieces: list[Any], expected: list[Any]) -> None:
    each = [delta(tool_calls=[one]) for one in pieces]
    for events in (each, [delta(tool_calls=pieces)]):
        found = calls(*events, delta(finish="tool_calls"))
        assert [(call["id"], call["name"], call["arguments"]) for call in found] == expected
        assert [call["kind"] for call in found] == ["function"] * len(found)


@pytest.mark.parametrize("pieces", [row[1] for row in APART], ids=[row[0] for row in APART])
def test_deltas_concatenate_to_their_call_and_name_it_once(pieces: list[Any]) -> None:
    chunks = of(*[delta(tool_calls=[one]) for one in pieces], delta(finish="tool_calls"))
    told: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    for chunk in only(chunks, "tool_call_delta"):
        told[chunk.tool_call_id] = told.get(chunk.tool_call_id, "") + chunk.arguments_delta
        names.setdefault(chunk.tool_call_id, []).extend([chunk.tool_name] if chunk.tool_name else [])
    (final,) = only(chunks, "tool_calls")
    assert told == {call["id"]: call["arguments"] for call in final.tool_calls}
    assert names == {call["id"]: [call["name"]] for call in final.tool_calls}


def test_each_choice_has_its_own_calls() -> None:
    chunks = of(
        delta(tool_calls=[piece(0, "a", "f", "{}")]),
        delta(index=1, tool_calls=[piece(0, "b", "g", "{}")]),
        delta(tool_calls=[piece(0, None, None, " ")]),
        delta(index=1, finish="tool_calls"),
    )
    finals = [(chunk.choice_index, [call["id"] for call in chunk.tool_calls]) for chunk in only(chunks, "tool_calls")]
    assert finals == [(None, ["a"]), (1, ["b"])]


def test_the_legacy_call_is_one_per_choice() -> None:
    pieces = [{"name": "f"}, {"arguments": '{"x"'}, {"arguments": ":1}"}]
    (call,) = calls(*[delta(function_call=one) for one in pieces], delta(finish="function_call"))
    assert call == {"id": "r-call-0", "name": "f", "arguments": '{"x":1}', "kind": "function"}


COMPLETE = [
    # arguments, finish reason (None: cut), arguments of the final, why invalid
    ("", "tool_calls", "{}", None),
    ("", "stop", "{}", None),
    ("null", "tool_calls", "{}", None),
    ("", "length", "", "cut_off"),
    ("null", "length", "null", "cut_off"),
    ("", None, "", "cut_off"),
    ('{"a":1}', None, '{"a":1}', None),
    ('{"a":1}', "length", '{"a":1}', None),
    ('{"a":', None, '{"a":', "cut_off"),
    ('{"a":', "length", '{"a":', "cut_off"),
    ('{"a":', "content_filter", '{"a":', "cut_off"),
    ('{"a":', "tool_calls", '{"a":', "malformed_json"),
    ("12", "tool_calls", "12", None),
    ("12", None, "12", "cut_off"),
    ("  ", "tool_calls", "  ", "malformed_json"),
]


@pytest.mark.parametrize(("arguments", "finish", "expected", "invalid"), COMPLETE)
def test_when_a_call_is_complete(arguments: str, finish: str | None, expected: str, invalid: str | None) -> None:
    ending = [delta(finish=finish)] if finish else []
    (call,) = calls(delta(tool_calls=[piece(0, "a", "f", arguments)]), *ending, done=finish is not None)
    assert call["arguments"] == expected
    assert call.get("invalid") == (None if invalid is None else {"reason": invalid})


def test_a_call_before_an_error_is_not_completed_for_the_vendor() -> None:
    begun = delta(tool_calls=[piece(0, "a", "f")])
    (call,) = calls(begun, {"error": {"message": "overloaded"}})
    assert (call["arguments"], call["invalid"]) == ("", {"reason": "cut_off"})
    (call,) = calls(begun, delta(finish="tool_calls"), {"error": {"message": "overloaded"}})
    assert (call["arguments"], "invalid" in call) == ("{}", False)


def test_a_call_without_a_name_is_never_valid() -> None:
    chunks = of(delta(tool_calls=[piece(0, "a", None, "{}")]), delta(finish="stop"))
    assert only(chunks, "tool_calls")[0].tool_calls[0]["invalid"] == {"reason": "no_name"}
    assert chunks[-1].finish_reason == "stop"


def test_custom_calls_have_free_text() -> None:
    pieces = [{"index": 0, "id": "a", "type": "custom", "custom": {"name": "f", "input": "SEL"}}]
    pieces += [{"index": 0, "custom": {"input": "ECT"}}]
    events = [delta(tool_calls=[one]) for one in pieces]
    assert calls(*events, delta(finish="tool_calls")) == [
        {"id": "a", "name": "f", "arguments": "SELECT", "kind": "custom"}
    ]
    (cut,) = calls(*events, done=False)
    assert cut["invalid"] == {"reason": "cut_off"}


def test_extra_content_of_all_pieces_goes_back() -> None:
    pieces = [
        {**piece(0, "a", "f", "{}"), "extra_content": {"g": {"s": "1"}}},
        {"index": 0, "extra_content": {"g": {"t": [2]}}},
    ]
    (call,) = calls(*[delta(tool_calls=[one]) for one in pieces], delta(finish="stop"))
    assert call["provider_data"] == {"openai.chat": {"extra_content": {"g": {"s": "1", "t": [2]}}}}


@given(
    st.lists(
        st.builds(
            ToolCall,
            index=st.integers(0, 1),
            function=st.builds(Function, st.just("f"), st.sampled_from(["{", "}", "x"])),
        )
    )
)
def test_minted_ids_are_unique(pieces: list[ToolCall]) -> None:
    numbers = iter(range(100))
    found = Calls(None, lambda: f"c{next(numbers)}")
    for one in pieces:
        found.feed(one)
    ids = [call["id"] for call in found.finals(whole=True)]
    assert len(set(ids)) == len(ids)


def test_repeated_names_cost_no_quadratic_work(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def watched(text: str) -> bool:
        parsed.append(text)
        return False

    monkeypatch.setattr("massgen_stream.wire.openai_chat.calls.is_json", watched)
    found = Calls(None, lambda: "c")
    for text in ['{"a":', *['{"b":1}', ","] * 100]:
        found.feed(ToolCall(index=0, function=Function("f", text)))
    assert parsed == []
