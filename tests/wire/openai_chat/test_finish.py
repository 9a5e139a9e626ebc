"""Finish reasons in our words, and what else is said of an end."""

from typing import Any

import pytest

from massgen_stream.stream_chunk.vocabulary import FINISH_REASONS
from massgen_stream.wire.openai_chat.finish import _WORDS, finish_reason_of, is_whole

from .saying import delta, of, only, piece

CALL = delta(tool_calls=[piece(0, "a", "f", "{}")])
BAD_CALL = delta(tool_calls=[piece(0, "a", "f", "{")])
REFUSAL = delta(refusal="no")
TEXT = delta(content="x")

REASONS = [
    # what came, the vendor's word, ours
    ([TEXT], "stop", "stop"),
    ([TEXT], "STOP", "stop"),
    ([TEXT], "eos", "stop"),
    ([TEXT], "length", "length"),
    ([TEXT], "content_filter", "content_filter"),
    ([TEXT], "tool_calls", "tool_calls"),
    ([TEXT], "a new word", "other"),
    ([CALL], "stop", "tool_calls"),
    ([CALL], "tool_calls", "tool_calls"),
    ([CALL], "function_call", "tool_calls"),
    ([CALL], "a new word", "tool_calls"),
    ([CALL], "length", "length"),
    ([CALL], "content_filter", "content_filter"),
    ([CALL, REFUSAL], "stop", "tool_calls"),
    ([BAD_CALL], "stop", "stop"),
    ([BAD_CALL], "tool_calls", "tool_calls"),
    ([BAD_CALL, REFUSAL], "tool_calls", "refusal"),
    ([REFUSAL], "stop", "refusal"),
    ([REFUSAL, TEXT], "stop", "refusal"),
    ([REFUSAL], "length", "length"),
    ([TEXT], "pause_turn", "pause"),
    ([TEXT], "abort", "cancelled"),
    ([TEXT], "error", "error"),
    ([TEXT], "insufficient_system_resource", "error"),
]


@pytest.mark.parametrize(("events", "raw", "reason"), REASONS)
def test_our_word_and_theirs(events: list[Any], raw: str, reason: str) -> None:
    done = of(*events, delta(finish=raw))[-1]
    assert (done.finish_reason, done.raw_finish_reason, done.finish_details) == (reason, raw, None)


@pytest.mark.parametrize(
    ("events", "reason", "details"),
    [([TEXT], "other", None), ([CALL], "tool_calls", {"unstated": True}), ([REFUSAL], "refusal", {"unstated": True})],
)
def test_an_end_without_a_word(events: list[Any], reason: str, details: Any) -> None:
    done = of(*events)[-1]
    assert (done.finish_reason, done.raw_finish_reason, done.finish_details) == (reason, None, details)


def test_the_last_word_wins() -> None:
    done = of(TEXT, delta(finish="stop"), delta(finish="length"), delta(finish=""), delta(finish=None))[-1]
    assert (done.finish_reason, done.raw_finish_reason) == ("length", "length")


def test_an_error_told_by_the_reason_alone_is_an_error_chunk() -> None:
    chunks = of(TEXT, delta(finish="network_error"))
    (error,) = only(chunks, "error")
    assert error.error == "the provider ended the answer with finish reason network_error"
    assert (error.error_info["kind"], error.error_info["code"]) == ("server", "network_error")
    assert chunks[-1].finish_reason == "error"


def test_what_a_router_and_a_filter_add() -> None:
    filtered = {"hate": {"filtered": True}}
    last = {
        "index": 0,
        "finish_reason": "content_filter",
        "native_finish_reason": "SAFETY",
        "content_filter_results": filtered,
    }
    other = {
        "index": 1,
        "finish_reason": "stop",
        "native_finish_reason": "end_turn",
        "content_filter_results": {"x": 1},
    }
    done = of(TEXT, {"choices": [last, other]})[-1]
    assert done.finish_details == {
        "native_finish_reason": "SAFETY",
        "content_filter_results": filtered,
        "choices": [
            {"index": 1, "finish_reason": "stop", "raw_finish_reason": "stop", "native_finish_reason": "end_turn"}
        ],
    }


def test_a_repeated_word_keeps_what_was_said_beside_it() -> None:
    first = {"index": 0, "finish_reason": "stop", "native_finish_reason": "end_turn"}
    done = of({"choices": [first]}, delta(finish="stop"))[-1]
    assert done.finish_details == {"native_finish_reason": "end_turn"}


def test_an_error_told_by_the_reason_alone_fails_all_that_is_open() -> None:
    sound = delta(audio={"id": "a", "data": "AAAA"})
    chunks = of(sound, delta(index=1, content="x"), delta(finish="network_error"))
    assert len(only(chunks, "media")) == 1
    assert chunks[-1].finish_details == {"choices": [{"index": 1, "finish_reason": "error"}]}


def test_details_are_those_of_the_last_word() -> None:
    first = {"index": 0, "finish_reason": "content_filter", "content_filter_results": {"hate": {"filtered": True}}}
    done = of({"choices": [first]}, {"choices": [{"finish_reason": "stop", "native_finish_reason": "stop"}]})[-1]
    assert done.finish_details is None


def test_the_other_choices_of_a_broken_stream() -> None:
    events = [TEXT, delta(index=1, content="x"), delta(index=2, content="x"), delta(index=2, finish="stop")]
    for last, reason in ((b"{", "error"), (None, "incomplete")):
        done = of(*events, *([] if last is None else [last]), done=False)[-1]
        assert done.finish_details is not None
        rows = [(row["index"], row["finish_reason"]) for row in done.finish_details["choices"]]
        assert rows == [(1, reason), (2, "stop")]


def test_every_word_is_one_of_ours() -> None:
    assert set(_WORDS.values()) <= set(FINISH_REASONS)
    assert [is_whole(raw) for raw in ("stop", "tool_calls", None, "new", "length", "abort")] == [True] * 4 + [False] * 2
    assert finish_reason_of(None) == "other"
