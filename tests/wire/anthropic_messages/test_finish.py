"""Stop reasons in our words."""

from typing import Any

import pytest

from .saying import begin, done, ending

WORDS = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "pause_turn": "pause",
    "compaction": "pause",
    "refusal": "refusal",
    "a_new_word": "other",
}


@pytest.mark.parametrize(("raw", "ours"), WORDS.items())
def test_words(raw: str, ours: str) -> None:
    last = done(begin("text", text="x"), ending(raw))
    assert (last.finish_reason, last.raw_finish_reason) == (ours, raw)


@pytest.mark.parametrize("reason", [None, ""])
def test_no_word_is_other(reason: Any) -> None:
    last = done(begin("text", text="x"), ending(reason))
    assert (last.finish_reason, last.raw_finish_reason, last.finish_details) == ("other", None, None)


def test_the_last_word_wins() -> None:
    last = done(ending("max_tokens"), ending(None), ending("end_turn", stop_sequence="x"), ending(None))
    assert (last.finish_reason, last.finish_details) == ("stop", {"stop_sequence": "x"})
