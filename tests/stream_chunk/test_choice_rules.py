from typing import Any

import pytest

from massgen_stream.stream_chunk.base import BaseStreamChunk

from .verifying import call, calls, delta, done, message, part, rules, said, text, turn_done


def thought(words: str, **fields: Any) -> BaseStreamChunk:
    return text("reasoning", reasoning_delta=words, **fields)


def thoughts(words: str, **fields: Any) -> BaseStreamChunk:
    return text("reasoning_done", reasoning_text=words, **fields)


def summary(words: str, **fields: Any) -> BaseStreamChunk:
    return text("reasoning_summary", reasoning_summary_delta=words, **fields)


def summaries(words: str, **fields: Any) -> BaseStreamChunk:
    return text("reasoning_summary_done", reasoning_summary_text=words, **fields)


class TestReasoning:
    def test_deltas_concatenate_to_the_final(self) -> None:
        assert rules(thought("a"), thought("b"), thoughts("ab"), done()) == []

    @pytest.mark.parametrize("words", ["", "a", "ba", "abc", "abab"])
    def test_any_other_final_is_told(self, words: str) -> None:
        assert rules(thought("a"), thought("b"), thoughts(words), done()) == [("reasoning", 2)]

    def test_a_final_without_deltas_is_empty(self) -> None:
        assert rules(thoughts("", provider_data={"p": {"signature": "s"}}), done()) == []
        assert rules(thoughts("a"), done()) == [("reasoning", 0)]

    def test_items_parts_choices_and_sources_are_apart(self) -> None:
        places: list[dict[str, Any]] = [{"item_id": "i"}, {"item_id": "j"}, {"item_id": "i", "content_index": 1}]
        places += [{"choice_index": 1, "item_id": "i"}, {"source": "a", "item_id": "i"}]
        deltas = [thought(str(number), **place) for number, place in enumerate(places)]
        finals = [thoughts(str(number), **place) for number, place in enumerate(places)]
        assert rules(*deltas, *reversed(finals), done()) == []

    def test_a_final_may_hold_all_parts_of_its_item(self) -> None:
        deltas = [thought("a", item_id="i", content_index=0), thought("b", item_id="i", content_index=1)]
        assert rules(*deltas, thoughts("ab", item_id="i"), done()) == []
        assert rules(*deltas, thoughts("ba", item_id="i"), done()) == [("reasoning", 2)]
        assert rules(*deltas, thoughts("ab", item_id="i", content_index=1), done()) == [("reasoning", 2)]

    def test_each_of_two_blocks_without_id_may_have_its_final(self) -> None:
        assert rules(thought("a"), thoughts("a"), said(), thought("b"), thoughts("b"), done()) == []

    def test_or_both_together_one(self) -> None:
        assert rules(thought("a"), thoughts("a"), said(), thought("b"), thoughts("ab"), done()) == []

    def test_a_turn_forgets_the_one_before(self) -> None:
        assert rules(thought("a"), turn_done(), thought("b"), thoughts("b"), done()) == []
        assert rules(thought("a"), turn_done(), thought("b"), thoughts("ab"), done()) == [("reasoning", 3)]

    def test_a_pair_of_surrogates_is_its_character(self) -> None:
        assert rules(thought("\ud83d"), thought("\ude00"), thoughts("😀"), done()) == []

    def test_no_final_is_demanded(self) -> None:
        assert rules(thought("a"), done()) == []


class TestSummaries:
    def test_deltas_concatenate_to_the_final(self) -> None:
        first, second = {"item_id": "i", "summary_index": 0}, {"item_id": "i", "summary_index": 1}
        deltas = [summary("a", **first), summary("b", **second), summary("c", **first)]
        assert rules(*deltas, summaries("ac", **first), summaries("b", **second), done()) == []

    def test_any_other_final_is_told(self) -> None:
        assert rules(summary("a"), summaries("b"), done()) == [("reasoning_summary", 1)]

    def test_reasoning_is_another_matter(self) -> None:
        assert rules(thought("a"), summary("b"), thoughts("a"), summaries("b"), done()) == []


class TestCalls:
    def test_deltas_concatenate_to_the_arguments(self) -> None:
        assert rules(delta(""), delta('{"a"'), delta(": 1}"), calls(call('{"a": 1}')), done("tool_calls")) == []

    @pytest.mark.parametrize("told", [[""], ["null"], ["nu", "ll"], ["{}"]])
    def test_no_arguments_may_become_an_empty_object(self, told: list[str]) -> None:
        assert rules(*map(delta, told), calls(call("{}")), done("tool_calls")) == []

    @pytest.mark.parametrize(("told", "complete"), [("{", "{}"), ("[]", "{}"), ("null", ""), ("{}", ""), ("a", "b")])
    def test_any_other_arguments_are_told(self, told: str, complete: str) -> None:
        assert rules(delta(told), calls(call(complete)), done("tool_calls")) == [("call_arguments", 1)]

    def test_a_call_may_come_without_deltas(self) -> None:
        assert rules(calls(call('{"a": 1}')), done("tool_calls")) == []

    def test_calls_may_interleave(self) -> None:
        deltas = [delta("1", "c"), delta("2", "d"), delta("3", "c")]
        assert rules(*deltas, calls(call("13", "c"), call("2", "d")), done("tool_calls")) == []

    def test_each_is_complete_once(self) -> None:
        assert rules(calls(call()), calls(call()), done("tool_calls")) == [("call_twice", 1)]
        assert rules(calls(call(), call()), done("tool_calls")) == [("call_twice", 0)]

    def test_ids_may_come_again_in_the_next_turn(self) -> None:
        assert rules(calls(call()), turn_done("tool_calls"), delta("{}"), calls(call()), done("tool_calls")) == []

    def test_no_delta_follows_the_complete_call(self) -> None:
        assert rules(delta("{}"), calls(call()), delta(""), done("tool_calls")) == [("call_late", 2)]
        assert rules(calls(call()), delta(""), said(), delta("x"), done("tool_calls")) == [
            ("call_late", 1),
            ("call_late", 3),
        ]


class TestMessage:
    def test_its_text_is_that_of_the_turn(self) -> None:
        assert rules(said("a"), said("b"), message(part("ab")), done()) == []
        assert rules(said("a"), said("b"), message(part("a"), part("b")), done()) == []

    @pytest.mark.parametrize("words", ["", "a", "ba", "abc"])
    def test_any_other_text_is_told(self, words: str) -> None:
        assert rules(said("a"), said("b"), message(part(words)), done()) == [("message_text", 2)]

    def test_text_may_not_be_left_out(self) -> None:
        assert rules(said("a"), message(), done()) == [("message_text", 1)]

    def test_content_may_be_a_string(self) -> None:
        plain = text("complete_message", complete_message={"role": "assistant", "content": "Hello"})
        assert rules(said(), plain, done()) == []
        assert rules(said("Bye"), plain, done()) == [("message_text", 1)]

    def test_parts_may_be_put_together_by_item(self) -> None:
        deltas = [said("a", item_id="i"), said("b", item_id="j"), said("c", item_id="i")]
        assert rules(*deltas, message(part("ac", item_id="i"), part("b", item_id="j")), done()) == []
        assert rules(*deltas, message(part("abc")), done()) == []
        assert rules(*deltas, message(part("ac", item_id="i")), done()) == [("message_text", 3)]
        assert rules(*deltas, message(part("a", item_id="i"), part("cb", item_id="j")), done()) == [("message_text", 3)]

    @pytest.mark.parametrize("kind", ["reasoning", "refusal"])
    def test_reasoning_and_refusal_may_be_left_out_but_not_changed(self, kind: str) -> None:
        one = thought("a") if kind == "reasoning" else text("refusal", content="a")
        end = done("stop" if kind == "reasoning" else "refusal")
        assert rules(one, message(), end) == []
        assert rules(one, message(part("a", kind)), end) == []
        assert rules(one, message(part("b", kind)), end) == [("message_text", 1)]

    def test_its_calls_are_those_of_the_turn(self) -> None:
        told = {"type": "tool_call", **call()}
        assert rules(calls(call()), message(told), done("tool_calls")) == []
        view = text("complete_message", complete_message={"role": "assistant", "content": "", "tool_calls": [call()]})
        assert rules(calls(call()), view, done("tool_calls")) == []
        assert rules(calls(call()), message(), done("tool_calls")) == [("message_calls", 1)]
        assert rules(said(""), message(told), done()) == [("chunk", 0), ("message_calls", 1)]

    def test_there_is_one_for_each_turn_and_choice(self) -> None:
        both = [said("a"), said("b", choice_index=1), message(part("a")), message(part("b"), choice_index=1)]
        assert rules(*both, turn_done(), said("c"), message(part("c")), done()) == []
        assert rules(*both, message(part("a")), done()) == [("message_twice", 4)]

    @pytest.mark.parametrize("late", [said(), thought("a"), summary("a"), text("refusal", content="a"), delta("")])
    def test_nothing_that_it_holds_follows_it(self, late: BaseStreamChunk) -> None:
        assert rules(message(), late, done("cancelled")) == [("message_late", 1)]

    def test_other_things_may_follow_it(self) -> None:
        after = [said(choice_index=1), text("usage", usage={}), text("complete_response", response={})]
        assert rules(message(), *after, done(usage={}, usage_source="reported")) == []
