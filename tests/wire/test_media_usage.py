from typing import Any

import pytest

from massgen_stream.wire.media_usage import raw_of, unusable_figures, usage_of

IMAGE = {
    "input_tokens": 10, "output_tokens": 1223, "total_tokens": 1233, "input_tokens_details": {"text_tokens": 10},
    "output_tokens_details": {"image_tokens": 1056},
}  # fmt: skip
ROUTED = {"prompt_tokens": 5, "completion_tokens": 9, "total_tokens": 20, "cost": 0.03,
          "prompt_tokens_details": {"cached_tokens": 2, "cache_write_tokens": 1},
          "completion_tokens_details": {"reasoning_tokens": 6}}  # fmt: skip
HEARD = {"prompt_audio_seconds": 3, "prompt_tokens": 3, "total_tokens": 389, "completion_tokens": 11,
         "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 375}}  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "figures"),
    [
        (IMAGE, {"input_tokens": 10, "output_tokens": 1223, "total_tokens": 1233, "all_input_tokens": 10,
                 "all_output_tokens": 1223}),
        (ROUTED, {"input_tokens": 5, "output_tokens": 9, "total_tokens": 20, "cached_input_tokens": 2,
                  "cache_write_tokens": 1, "reasoning_tokens": 6, "all_input_tokens": 5, "all_output_tokens": 15}),
        (HEARD, {"input_tokens": 3, "output_tokens": 11, "total_tokens": 389, "cached_input_tokens": 0,
                 "all_input_tokens": 378, "all_output_tokens": 11}),
        ({"type": "duration", "seconds": 6}, {}), ({"cost_in_usd_ticks": 7}, {}), ({"input_tokens": "5"}, {}),
    ],
)  # fmt: skip
def test_figures(raw: dict[str, Any], figures: dict[str, int]) -> None:
    usage = usage_of(raw)
    assert usage.pop("raw") is raw
    usage.pop("details", None)
    assert usage == figures


def test_whatever_is_no_number_of_tokens_is_kept() -> None:
    assert usage_of(HEARD)["details"] == {
        name: HEARD[name] for name in ("prompt_audio_seconds", "prompt_tokens_details")
    }
    assert usage_of({"type": "duration", "seconds": 6})["details"] == {"type": "duration", "seconds": 6}
    assert "details" not in usage_of({"input_tokens": 1, "x": None})


def test_unusable_figures() -> None:
    raw = {
        "input_tokens": True,
        "total_tokens": -1,
        "output_tokens": 2**70,
        "prompt_tokens_details": {"cached_tokens": "?"},
    }
    assert unusable_figures(raw) == ["input_tokens", "total_tokens", "prompt_tokens_details.cached_tokens"]
    assert unusable_figures({"input_tokens_details": 5}) == []


@pytest.mark.parametrize("raw", [IMAGE, ROUTED, HEARD, {}])
def test_a_report_of_this_wire_is_said_again(raw: dict[str, Any]) -> None:
    assert raw_of(usage_of(raw)) == raw


def test_a_report_of_another_wire_is_said_in_openais_names() -> None:
    usage = {"input_tokens": 3, "reasoning_tokens": 4, "all_input_tokens": 9, "raw": {"promptTokenCount": 3}}
    assert raw_of(usage) == {"input_tokens": 3, "output_tokens_details": {"reasoning_tokens": 4}}
