"""The closing line."""

from typing import Any

from massgen_stream.cli.screen.closing import closing_line
from massgen_stream.cli.times import Times
from massgen_stream.stream_chunk.narrow import done
from massgen_stream.stream_chunk.text import TextStreamChunk


def line(reason: str, times: Times | None = None, **fields: Any) -> str:
    return "".join(text for text, _ in closing_line(done(reason, **fields), times or Times()))


def test_reason_tokens_and_times() -> None:
    usage = {"input_tokens": 12, "output_tokens": 34, "total_tokens": 46}
    assert line("stop", Times(0.212, 1.9), usage=usage) == (
        "stop · 12 tokens in · 34 out · first chunk 212 ms · 1.90 s total"
    )


def test_figures_that_count_everything_win_and_their_parts_are_told() -> None:
    usage = {
        "input_tokens": 10,
        "all_input_tokens": 110,
        "cached_input_tokens": 100,
        "output_tokens": 5,
        "all_output_tokens": 25,
        "reasoning_tokens": 20,
    }
    assert line("stop", usage=usage) == "stop · 110 tokens in (100 cached) · 25 out (20 reasoning)"


def test_an_estimate_says_so_and_nothing_is_invented() -> None:
    assert line("stop", usage={"output_tokens": 3}, usage_source="estimated") == "stop · about 3 tokens out"
    assert line("length") == "length · tokens not reported"
    unusable = TextStreamChunk(
        type="done", finish_reason="length", usage={"input_tokens": "many", "output_tokens": True}
    )
    assert "".join(text for text, _ in closing_line(unusable, Times())) == "length · tokens not reported"


def test_the_word_of_the_vendor_is_told_where_ours_says_little() -> None:
    assert line("other", raw_finish_reason="eos\x1b[1m") == "other (eos␛[1m) · tokens not reported"
    assert line("stop", raw_finish_reason="eos") == "stop · tokens not reported"


def test_bad_ends_stand_out() -> None:
    styles = {reason: closing_line(done(reason), Times())[0][1] for reason in ("stop", "length", "error", "incomplete")}
    assert styles == {"stop": "good", "length": "warning", "error": "error", "incomplete": "error"}
