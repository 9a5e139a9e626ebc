"""How streams end on the wire, well and badly."""

from typing import Any

import pytest

from massgen_stream.stream_chunk import narrow
from massgen_stream.wire.openai_chat.encoder_dropped import dropped_event
from massgen_stream.wire.openai_chat.encoder_ends import finish_choices

from .saying import DONE, decoded, documents_of, encoded

WORDS = [
    # finish_reason, raw, what a reader makes of it: reason and raw
    ("stop", None, "stop", "stop"),
    ("length", None, "length", "length"),
    ("content_filter", None, "content_filter", "content_filter"),
    ("tool_calls", None, "tool_calls", "tool_calls"),
    ("refusal", None, "stop", "stop"),
    ("pause", None, "stop", "stop"),
    ("other", None, "other", None),
    ("stop", "eos", "stop", "eos"),
    ("other", "a new word", "other", "a new word"),
    ("incomplete", None, "incomplete", None),
    ("cancelled", None, "incomplete", None),
    ("cancelled", "abort", "cancelled", "abort"),
]


@pytest.mark.parametrize(("reason", "raw", "read", "read_raw"), WORDS)
def test_the_word_for_an_end(reason: str, raw: str | None, read: str, read_raw: str | None) -> None:
    done: Any = decoded(encoded([narrow.content("x"), narrow.done(reason, raw_finish_reason=raw)]))[-1]
    assert (done.finish_reason, done.raw_finish_reason) == (read, read_raw)


def test_the_ends_of_several_choices() -> None:
    rows = [
        {"index": 1, "finish_reason": "length"},
        {"index": 2, "finish_reason": "stop", "raw_finish_reason": "eos"},
        5,
    ]
    done = narrow.done("stop", finish_details={"choices": rows, "native_finish_reason": "end"})
    assert finish_choices(done, cut=False) == [
        {"index": 0, "delta": {}, "finish_reason": "stop", "native_finish_reason": "end"},
        {"index": 1, "delta": {}, "finish_reason": "length"},
        {"index": 2, "delta": {}, "finish_reason": "eos"},
    ]


def test_an_end_that_the_server_did_not_state_is_not_stated() -> None:
    done = narrow.done("tool_calls", finish_details={"unstated": True})
    assert finish_choices(done, cut=False) == []


def test_a_cut_says_no_reason_and_names_the_choices_that_have_none() -> None:
    rows = {"choices": [{"index": 1, "finish_reason": "stop", "raw_finish_reason": "stop"}]}
    assert finish_choices(narrow.done("incomplete"), cut=True) == []
    found = finish_choices(narrow.done("incomplete", finish_details=rows), cut=True)
    assert [(row["index"], row["finish_reason"]) for row in found] == [(0, None), (1, "stop")]


@pytest.mark.parametrize("reason", ["incomplete", "cancelled"])
def test_a_stream_that_stops_has_no_mark_of_the_end(reason: str) -> None:
    assert DONE not in encoded([narrow.content("x"), narrow.done(reason)])
    assert encoded([narrow.content("x"), narrow.done("stop")]).endswith(DONE)


def test_an_error_comes_in_the_vendors_form() -> None:
    raw = {"message": "m", "code": 5, "$x": {"$bytes": "?"}}
    errors = [
        narrow.error("m", error_info={"kind": "server", "raw": raw}),
        narrow.error("m", error_info={"kind": "quota", "code": "c"}),
    ]
    documents = documents_of(encoded([*errors, narrow.done("error")]))
    assert documents[:2] == [{"error": raw}, {"error": {"message": "m", "type": "quota", "code": "c"}}]


def test_unknown_fields_are_not_said_to_be_dropped() -> None:
    assert dropped_event("x") is None
    assert dropped_event("") is None
    assert dropped_event("id") == {"choices": [], "id": False}
