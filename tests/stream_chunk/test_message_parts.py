"""Parts of a message while they grow."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.stream_chunk.message_parts import CallPart, Pieces, ReasoningPart, RecordPart, TextPart, merged_data


@given(st.lists(st.text()), st.sets(st.integers(0, 10)))
def test_pieces_join_whenever_they_are_read(pieces: list[str], reads: set[int]) -> None:
    grown = Pieces()
    for number, piece in enumerate(pieces):
        grown.append(piece)
        if number in reads:
            assert grown.join() == "".join(pieces[: number + 1])
    assert grown.join() == "".join(pieces)


MERGED: list[Any] = [
    ([], None),
    ([{}], None),
    ([{"a": 1}], {"a": 1}),
    ([{"a": 1}, {"a": 2, "b": 3}], {"a": 2, "b": 3}),
    ([{"a": [1]}, {"a": [2, 3]}], {"a": [1, 2, 3]}),
    ([{"a": [1]}, {"a": None}], {"a": [1]}),
    ([{"a": None}, {"a": None}], {"a": None}),
    ([{"p": {"a": [1], "b": 1}}, {"p": {"a": [2], "c": 2}}], {"p": {"a": [1, 2], "b": 1, "c": 2}}),
    ([{"a": [1]}, {"a": "x"}, {"a": [2]}], {"a": [2]}),
    ([{"a": {"b": 1}}, {"a": [2]}], {"a": [2]}),
]


@pytest.mark.parametrize(("pieces", "expected"), MERGED)
def test_data_of_deltas_is_merged(pieces: Any, expected: Any) -> None:
    before = repr(pieces)
    assert merged_data(pieces) == expected
    assert repr(pieces) == before


def test_merging_changes_no_piece_and_stops_at_some_depth() -> None:
    deep: Any = {"leaf": [1]}
    for _ in range(300):
        deep = {"a": deep}
    merged = merged_data([deep, deep])
    assert merged is not None
    first = {"p": {"s": [1]}}
    second = merged_data([first])
    assert second is not None
    second["p"]["s"].append(2)
    assert first == {"p": {"s": [1]}}


def test_neutral_parts() -> None:
    text = TextPart("text", "i", "commentary")
    assert text.neutral() is None
    text.pieces.append("x")
    assert text.neutral() == {"type": "text", "text": "x", "item_id": "i", "phase": "commentary"}
    reasoning = ReasoningPart(None)
    reasoning.keep(None)
    assert reasoning.neutral() is None
    reasoning.keep({"p": {"s": 1}})
    assert reasoning.neutral() == {"type": "reasoning", "text": "", "provider_data": {"p": {"s": 1}}}
    reasoning.summary(None).append("sum")
    assert reasoning.neutral() == {
        "type": "reasoning",
        "text": "",
        "summary": ["sum"],
        "provider_data": {"p": {"s": 1}},
    }
    record = RecordPart("tool_result")
    record.fields = {"content": "x"}
    assert record.neutral() == {"type": "tool_result", "content": "x"}


def test_a_call_is_not_complete_before_its_final() -> None:
    part = CallPart("c")
    part.name = "f"
    part.pieces.append("{}")
    assert part.neutral() == {"type": "tool_call", **part.told(), "invalid": {"reason": "incomplete"}}
    part.final = {**part.told(), "arguments": '{"a":1}'}
    assert part.neutral() == {"type": "tool_call", "id": "c", "name": "f", "arguments": '{"a":1}', "kind": "function"}
    part.call()["name"] = "g"
    assert part.call()["name"] == "f"
