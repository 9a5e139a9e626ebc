"""Arithmetic of usage reports."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.stream_chunk.token_usage import add_usage, canonical_usage, origin_usage, with_sums
from massgen_stream.stream_chunk.vocabulary import USAGE_NUMBERS

reports = st.dictionaries(st.sampled_from(USAGE_NUMBERS), st.integers(0, 2**70))


def test_the_origins_names_are_accepted_and_given() -> None:
    assert canonical_usage({"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": None, "raw": {}}) == {
        "input_tokens": 1, "output_tokens": 2, "raw": {},
    }  # fmt: skip
    assert canonical_usage({"prompt_tokens": 1, "input_tokens": 3}) == {"input_tokens": 3}
    assert canonical_usage({"input_tokens": 3, "prompt_tokens": 1}) == {"input_tokens": 3}
    assert canonical_usage({"input_tokens": None, "prompt_tokens": 1}) == {"input_tokens": 1}
    assert origin_usage({"input_tokens": 1, "output_tokens": 2, "reasoning_tokens": 0}) == {
        "prompt_tokens": 1, "completion_tokens": 2, "reasoning_tokens": 0,
    }  # fmt: skip


@given(reports)
def test_there_and_back(usage: dict[str, int]) -> None:
    assert canonical_usage(origin_usage(usage)) == usage


SUMS: list[Any] = [
    ({}, {}),
    ({"input_tokens": 3}, {"all_input_tokens": 3}),
    ({"output_tokens": 4}, {"all_output_tokens": 4}),
    ({"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}, {"all_input_tokens": 3, "all_output_tokens": 4}),
    ({"input_tokens": 3, "output_tokens": 4, "total_tokens": 9}, {"all_input_tokens": 3, "all_output_tokens": 6}),
    ({"input_tokens": 3, "output_tokens": 4, "total_tokens": 0}, {"all_input_tokens": 3, "all_output_tokens": 4}),
    ({"input_tokens": 3, "total_tokens": 9}, {"all_input_tokens": 3}),
    ({"input_tokens": 3, "all_input_tokens": 8}, {"all_input_tokens": 8}),
]


@pytest.mark.parametrize(("usage", "sums"), SUMS)
def test_sums_follow_from_the_figures(usage: Any, sums: Any) -> None:
    assert with_sums(dict(usage)) == usage | sums


@given(reports, reports, reports)
def test_sums_of_turns(first: dict[str, int], second: dict[str, int], third: dict[str, int]) -> None:
    assert add_usage(first, second) == add_usage(second, first)
    assert add_usage(add_usage(first, second), third) == add_usage(first, add_usage(second, third))
    assert add_usage(first, None) == add_usage(None, first) == add_usage(first, {}) == first
    assert add_usage(first, second).keys() == first.keys() | second.keys()


def test_details_and_raw_belong_to_one_report() -> None:
    assert add_usage({"input_tokens": 1, "raw": {}, "details": {}}, {"input_tokens": None}) == {"input_tokens": 1}
    assert add_usage(None, None) == {}
