"""Usage reports, merged and in our names."""

from typing import Any

import pytest

from massgen_stream.wire.anthropic_messages.usage import raw_of, unusable_figures, usage_of

from .saying import START, begin, body, decoded, done, ending

FULL = {
    "input_tokens": 10,
    "cache_read_input_tokens": 200,
    "cache_creation_input_tokens": 30,
    "output_tokens": 7,
    "output_tokens_details": {"thinking_tokens": 4},
}


def test_the_sums_count_what_the_figures_leave_out() -> None:
    assert usage_of(FULL) == {
        "input_tokens": 10,
        "output_tokens": 7,
        "cached_input_tokens": 200,
        "cache_write_tokens": 30,
        "reasoning_tokens": 4,
        "all_input_tokens": 240,
        "all_output_tokens": 7,
        "details": {"output_tokens_details": {"thinking_tokens": 4}},
        "raw": FULL,
    }


def test_runs_of_a_compaction_count_too() -> None:
    runs = [{"type": "compaction", "input_tokens": 1000, "output_tokens": 50}, {**FULL, "type": "message"}]
    usage = usage_of({**FULL, "iterations": runs})
    assert (usage["input_tokens"], usage["all_input_tokens"], usage["all_output_tokens"]) == (10, 1240, 57)


@pytest.mark.parametrize(
    "runs", [[], None, "x", [5], [{"input_tokens": 1}], [{"input_tokens": "1", "output_tokens": 1}]]
)
def test_runs_that_cannot_be_used_do_not_count(runs: Any) -> None:
    assert usage_of({**FULL, "iterations": runs})["all_input_tokens"] == 240


def test_what_is_not_known_is_absent() -> None:
    assert usage_of({"output_tokens": 3}) == {"output_tokens": 3, "all_output_tokens": 3, "raw": {"output_tokens": 3}}
    assert "all_output_tokens" not in usage_of({"input_tokens": 0})


def test_a_later_report_replaces_figures_and_leaves_the_others() -> None:
    later = {"output_tokens": 20, "cache_read_input_tokens": None, "server_tool_use": {"web_search_requests": 1}}
    start = {**START, "message": {**START["message"], "usage": {**FULL, "service_tier": "standard"}}}
    chunks: Any = decoded(body(start, begin("text", text="x"), ending(usage=later), start=False))
    usage = chunks[-1].usage
    assert usage["raw"] == {
        **FULL, "service_tier": "standard", "output_tokens": 20, "server_tool_use": {"web_search_requests": 1},
    }  # fmt: skip
    assert (usage["output_tokens"], usage["cached_input_tokens"], usage["all_input_tokens"]) == (20, 200, 240)
    assert usage["details"]["server_tool_use"] == {"web_search_requests": 1}


def test_no_report_is_none() -> None:
    chunks: Any = decoded(body(start=False))
    assert (chunks[-1].usage, chunks[-1].usage_source) == (None, "none")
    assert done(ending()).usage_source == "reported"


def test_unusable_figures_are_named() -> None:
    assert unusable_figures(FULL) == []
    odd = {"input_tokens": "1", "output_tokens": True, "output_tokens_details": {"thinking_tokens": 0.5}}
    assert unusable_figures(odd) == [
        "usage.input_tokens", "usage.output_tokens", "usage.output_tokens_details.thinking_tokens",
    ]  # fmt: skip


def test_a_report_goes_back_to_the_wire() -> None:
    assert raw_of(usage_of(FULL)) is FULL
    foreign = {"input_tokens": 1, "output_tokens": 2, "cached_input_tokens": 3, "reasoning_tokens": 4, "raw": {"x": 1}}
    assert raw_of(foreign) == {
        "input_tokens": 1, "output_tokens": 2, "cache_read_input_tokens": 3,
        "output_tokens_details": {"thinking_tokens": 4},
    }  # fmt: skip
