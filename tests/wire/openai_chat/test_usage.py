"""Usage reports of chat servers in our names."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.testing.wires_openai_chat_fields import ODD_METADATA
from massgen_stream.wire.openai_chat.usage import FIGURES, raw_of, unusable_figures, usage_of

REPORTS = [
    # the server's, ours without `raw`
    ({}, {}),
    ({"prompt_tokens": 3, "completion_tokens": None}, {"input_tokens": 3, "all_input_tokens": 3}),
    (
        {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7},
        {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7, "all_input_tokens": 3, "all_output_tokens": 4},
    ),
    (  # xAI leaves reasoning out of the output, but not out of the total
        {
            "prompt_tokens": 3,
            "completion_tokens": 4,
            "total_tokens": 10,
            "completion_tokens_details": {"reasoning_tokens": 3},
        },
        {
            "input_tokens": 3,
            "output_tokens": 4,
            "total_tokens": 10,
            "reasoning_tokens": 3,
            "all_input_tokens": 3,
            "all_output_tokens": 7,
            "details": {"completion_tokens_details": {"reasoning_tokens": 3}},
        },
    ),
    (
        {"input_tokens": 1, "output_tokens": 2},
        {"input_tokens": 1, "output_tokens": 2, "all_input_tokens": 1, "all_output_tokens": 2},
    ),
    ({"prompt_cache_hit_tokens": 5}, {"cached_input_tokens": 5}),
    (
        {"cache_read_input_tokens": 5, "cache_creation_input_tokens": 6},
        {"cached_input_tokens": 5, "cache_write_tokens": 6},
    ),
    ({"prompt_tokens_details": None, "cached_tokens": 0}, {"cached_input_tokens": 0}),
    (
        {"prompt_tokens_details": {"cached_tokens": None}, "cached_tokens": 2},
        {"cached_input_tokens": 2, "details": {"prompt_tokens_details": {"cached_tokens": None}}},
    ),
    ({"reasoning_tokens": 8}, {"reasoning_tokens": 8}),
    ({"cost": 0.5, "cost_details": {"a": 1}}, {"details": {"cost_details": {"a": 1}, "cost": 0.5}}),
    ({"prompt_tokens": -1, "completion_tokens": True, "total_tokens": "7"}, {}),
]


@pytest.mark.parametrize(("raw", "ours"), REPORTS)
def test_reports_in_our_names(raw: Any, ours: Any) -> None:
    assert usage_of(raw) == ours | {"raw": raw}


@given(ODD_METADATA.usages())
def test_no_report_makes_it_stumble(raw: Any) -> None:
    if isinstance(raw, dict):
        assert all(path in map(".".join, FIGURES) for path in unusable_figures(raw))
        assert raw_of(usage_of(raw)) is raw


def test_figures_that_are_no_numbers_are_named() -> None:
    raw = {"prompt_tokens": "1", "total_tokens": None, "prompt_tokens_details": {"cached_tokens": -1}, "cost": "x"}
    assert unusable_figures(raw) == ["prompt_tokens", "prompt_tokens_details.cached_tokens"]


@given(
    st.dictionaries(
        st.sampled_from(["input_tokens", "output_tokens", "cached_input_tokens", "reasoning_tokens"]), st.integers(0, 9)
    )
)
def test_a_report_of_ours_is_read_back(ours: dict[str, int]) -> None:
    found = usage_of(raw_of(ours))
    assert {name: found.get(name) for name in ours} == ours


def test_the_report_of_another_wire_is_said_in_openais_names() -> None:
    claude = {
        "input_tokens": 3,
        "output_tokens": 4,
        "cached_input_tokens": 9,
        "all_input_tokens": 12,
        "raw": {"input_tokens": 3},
    }
    assert raw_of(claude) == {"prompt_tokens": 3, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 9}}
