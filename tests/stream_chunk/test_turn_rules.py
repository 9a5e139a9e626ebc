import pytest

from massgen_stream.stream_chunk.base import BaseStreamChunk

from .verifying import (
    call,
    calls,
    delta,
    done,
    error,
    media,
    message,
    metadata,
    progress,
    rules,
    said,
    start,
    text,
    turn_done,
)

USAGE = {"input_tokens": 3}


class TestStart:
    @pytest.mark.parametrize(
        "quiet",
        [
            text("backend_status", status="retry"),
            text("agent_status", status="started"),
            text("usage", usage=USAGE),
            text("tool_result", tool_call_id="c", content="of a local tool"),
            text("hook_execution", hook_info={}),
            progress(10.0),
        ],
    )
    def test_it_may_come_again_before_anything_is_shown(self, quiet: BaseStreamChunk) -> None:
        end = done(usage=USAGE, usage_source="reported")
        assert rules(start(), quiet, start(), said(), end) == []

    @pytest.mark.parametrize(
        "shown",
        [
            said(),
            text("refusal", content="No", choice_index=1),
            text("reasoning", reasoning_delta="Hm"),
            text("reasoning_summary", reasoning_summary_delta="Hm"),
            text("server_tool_call", tool_call_id="c", tool_name="f"),
            text("citation", citation={}),
            text("complete_response", response={}),
            media(media_metadata=metadata()),
            message(),
        ],
    )
    def test_it_may_not_follow_what_the_turn_has_shown(self, shown: BaseStreamChunk) -> None:
        assert rules(start(), shown, start(), done()) == [("start", 2)]

    def test_every_turn_may_have_one(self) -> None:
        assert rules(start(), said(), turn_done(), start(), said(), done()) == []


class TestErrors:
    @pytest.mark.parametrize("reason", ["error", "incomplete"])
    def test_these_reasons_need_one(self, reason: str) -> None:
        assert rules(start(), said(), done(reason)) == [("error_missing", 2)]
        assert rules(start(), said(), error(), done(reason)) == []

    @pytest.mark.parametrize("reason", ["error", "incomplete"])
    def test_so_do_inner_turns(self, reason: str) -> None:
        assert rules(start(), turn_done(reason), done()) == [("error_missing", 1)]

    def test_the_error_of_an_earlier_turn_is_not_enough(self) -> None:
        earlier = [start(), error(), turn_done("error")]
        assert rules(*earlier, start(), said(), done("incomplete")) == [("error_missing", 5)]

    def test_a_cancelled_turn_needs_none(self) -> None:
        assert rules(start(), said(), done("cancelled")) == []

    @pytest.mark.parametrize("reason", ["stop", "length", "content_filter", "refusal", "pause", "other", "tool_calls"])
    def test_a_turn_with_one_does_not_end_well(self, reason: str) -> None:
        assert rules(start(), said(), error(), done(reason)) == [("error_ignored", 3)]

    def test_a_turn_with_one_may_be_cancelled(self) -> None:
        assert rules(start(), error(), done("cancelled")) == []

    @pytest.mark.parametrize("about", [{"tool_call_id": "c"}, {"media_id": "m"}])
    def test_one_about_a_tool_or_a_medium_does_not_end_the_turn(self, about: dict[str, str]) -> None:
        assert rules(start(), error(**about), said(), done("stop")) == []


class TestReasons:
    @pytest.mark.parametrize("reason", ["stop", "other"])
    def test_a_valid_call_makes_it_tool_calls(self, reason: str) -> None:
        assert rules(calls(call()), done(reason)) == [("reason_tool_calls", 1)]
        assert rules(calls(call()), turn_done(reason), done()) == [("reason_tool_calls", 1)]

    @pytest.mark.parametrize("reason", ["tool_calls", "length", "content_filter", "cancelled", "pause"])
    def test_a_valid_call_leaves_these(self, reason: str) -> None:
        assert rules(calls(call()), done(reason)) == []

    def test_calls_that_cannot_be_executed_do_not_count(self) -> None:
        assert rules(calls(call("{", invalid={"reason": "not JSON"})), done("stop")) == []

    def test_one_valid_call_among_them_counts(self) -> None:
        invalid = call("{", "d", invalid={"reason": "not JSON"})
        assert rules(calls(invalid, call()), done("stop")) == [("reason_tool_calls", 1)]

    @pytest.mark.parametrize("reason", ["stop", "other", "tool_calls"])
    def test_the_text_of_a_refusal_makes_it_refusal(self, reason: str) -> None:
        assert rules(text("refusal", content="No"), done(reason)) == [("reason_refusal", 1)]

    def test_an_empty_refusal_does_not(self) -> None:
        assert rules(text("refusal", content=""), done("stop")) == []

    def test_with_both_either_will_do(self) -> None:
        both = [calls(call()), text("refusal", content="No")]
        assert rules(*both, done("tool_calls")) == []
        assert rules(*both, done("refusal")) == []
        assert rules(*both, done("stop")) == [("reason_tool_calls", 2)]

    def test_the_first_choice_gives_the_reason(self) -> None:
        other = [text("refusal", content="No", choice_index=1), calls(call(), choice_index=2)]
        assert rules(*other, done("stop")) == []


class TestUsage:
    @pytest.mark.parametrize("source", ["reported", "estimated"])
    def test_usage_has_a_source(self, source: str) -> None:
        assert rules(done(usage=USAGE, usage_source=source)) == []
        assert rules(turn_done(usage=USAGE, usage_source=source), done()) == []

    @pytest.mark.parametrize("source", ["none", None])
    def test_usage_without_source_is_told(self, source: str | None) -> None:
        assert rules(done(usage=USAGE, usage_source=source)) == [("usage_source", 0)]
        assert rules(turn_done(usage=USAGE, usage_source=source), done()) == [("usage_source", 0)]

    @pytest.mark.parametrize("source", ["reported", "estimated"])
    def test_a_source_without_usage_is_told(self, source: str) -> None:
        assert rules(done(usage_source=source)) == [("usage_source", 0)]

    def test_an_empty_report_is_a_report(self) -> None:
        assert rules(done(usage={}, usage_source="reported")) == []

    def test_the_end_repeats_what_a_chunk_has_reported(self) -> None:
        assert rules(text("usage", usage=USAGE), said(), turn_done(), done()) == [("usage_missing", 2)]
        assert rules(text("usage", usage=USAGE), error(), done("error")) == [("usage_missing", 2)]


class TestOpenCalls:
    @pytest.mark.parametrize("reason", ["stop", "length", "tool_calls", "pause", "other", "refusal"])
    def test_a_turn_that_ends_normally_completes_its_calls(self, reason: str) -> None:
        assert rules(delta("{", "c"), delta("", "d", choice_index=1), done(reason)) == [("call_open", 2)] * 2

    @pytest.mark.parametrize("reason", ["cancelled", "content_filter"])
    def test_one_that_was_cut_need_not(self, reason: str) -> None:
        assert rules(delta("{"), done(reason)) == []

    def test_each_turn_counts_its_own(self) -> None:
        assert rules(delta("{"), turn_done("cancelled"), said(), done()) == []
        assert rules(delta("{"), turn_done("stop"), said(), done()) == [("call_open", 1)]
