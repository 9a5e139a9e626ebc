"""Calls of the client's tools, and of the vendor's."""

from typing import Any

import pytest

from .saying import add, begin, calls, done, end, ending, of, only, own, types


def arguments(*pieces: str, index: int = 0) -> list[Any]:
    return [add("input_json_delta", index, partial_json=piece) for piece in pieces]


def call(call_id: str = "t1", name: str = "f", index: int = 0, **fields: Any) -> Any:
    return begin("tool_use", index, id=call_id, name=name, **{"input": {}, **fields})


def test_a_call_is_announced_told_in_pieces_and_completed() -> None:
    documents = [call(), *arguments("", '{"a"', ": 1}"), end(), ending("tool_use")]
    chunks = of(*documents)
    assert types(chunks) == ["tool_call_delta", "tool_call_delta", "tool_call_delta", "tool_calls", "done"]
    assert (chunks[0].tool_name, chunks[0].arguments_delta) == ("f", "")
    assert [(chunk.tool_name, chunk.arguments_delta) for chunk in chunks[1:3]] == [(None, '{"a"'), (None, ": 1}")]
    assert calls(*documents) == [{"id": "t1", "name": "f", "arguments": '{"a": 1}', "kind": "function"}]
    assert chunks[-1].finish_reason == "tool_calls"


def test_parallel_calls_end_in_one_chunk() -> None:
    documents = [call(), *arguments("{}"), end(), call("t2", "g", 1), *arguments('{"b":2}', index=1), end(1)]
    assert [(one["id"], one["arguments"]) for one in calls(*documents)] == [("t1", "{}"), ("t2", '{"b":2}')]
    assert len(only(of(*documents), "tool_calls")) == 1


@pytest.mark.parametrize("reason", ["tool_use", "end_turn", "pause_turn", "a_new_word", None])
def test_no_arguments_are_an_empty_object_where_the_vendor_finished(reason: str | None) -> None:
    assert calls(call(), end(), ending(reason))[0]["arguments"] == "{}"


@pytest.mark.parametrize("reason", ["max_tokens", "model_context_window_exceeded", "refusal"])
def test_no_arguments_are_cut_off_arguments_where_it_did_not(reason: str) -> None:
    found = calls(call(), end(), ending(reason))[0]
    assert (found["arguments"], found["invalid"]) == ("", {"reason": "cut_off"})
    assert done(call(), *arguments("{}"), end(), ending(reason)).finish_reason != "tool_calls"


def test_a_cut_call_keeps_what_came() -> None:
    found = calls(call(), *arguments('{"a":'), stop=False)[0]
    assert (found["arguments"], found["invalid"]) == ('{"a":', {"reason": "cut_off"})


@pytest.mark.parametrize("reason", ["end_turn", "stop_sequence", None])
def test_a_valid_call_makes_the_turn_one_of_calls(reason: str | None) -> None:
    last = done(call(), *arguments("{}"), end(), ending(reason))
    assert (last.finish_reason, last.raw_finish_reason) == ("tool_calls", reason)
    assert (last.finish_details == {"unstated": True}) is (reason is None)


@pytest.mark.parametrize(("given", "told"), [({"a": "é"}, '{"a":"é"}'), ('{"a":', '{"a":'), ("", ""), (None, "")])
def test_arguments_in_the_start_count_if_no_others_come(given: Any, told: str) -> None:
    chunks = of(call(input=given), end(), ending("tool_use"))
    deltas = only(chunks, "tool_call_delta")
    assert [chunk.arguments_delta for chunk in deltas] == ["", *([told] if told else [])]
    assert calls(call(input={"a": 1}), *arguments('{"b":2}'), end())[0]["arguments"] == '{"b":2}'
    assert calls(call(input={"a": 1}), stop=False)[0]["arguments"] == ""


def test_who_called_goes_back_with_the_call() -> None:
    caller = {"type": "code_execution_20250825", "tool_id": "s1"}
    data = {"anthropic.messages": {"caller": caller}}
    assert calls(call(caller=caller, toolset_name=None), end())[0]["provider_data"] == data
    stop = {**end(), "content_block": {"type": "tool_use", "id": "t1", "name": "f", "input": {}, "caller": caller}}
    assert calls(call(), stop)[0]["provider_data"] == data


def test_ids_are_unique() -> None:
    documents = [call("t1"), call("t1", "g", 1), call("", "h", 2), call("msg_1-call-0", "i", 3)]
    found = [one["id"] for one in calls(*documents)]
    assert found[0] == "t1"
    assert len(set(found)) == 4
    assert "" not in found


SEARCH = begin("server_tool_use", id="s1", name="web_search", input={})
RESULT = begin("web_search_tool_result", 1, tool_use_id="s1", content=[])


def test_a_call_that_the_vendor_runs() -> None:
    chunks = of(SEARCH, *arguments('{"query"', ': "x"}'), end(), RESULT, end(1), ending())
    assert types(chunks)[:4] == ["server_tool_call", "server_tool_call", "server_tool_call", "tool_result"]
    assert [chunk.status for chunk in chunks[:3]] == ["in_progress", "in_progress", "completed"]
    assert [chunk.arguments for chunk in chunks[:3]] == [None, '{"query": "x"}', None]
    assert own(chunks[0])["block"] == SEARCH["content_block"]
    assert own(chunks[1])["block"] == {**SEARCH["content_block"], "input": {"query": "x"}}
    assert {(chunk.tool_call_id, chunk.tool_name) for chunk in chunks[:4]} == {("s1", "web_search")}
    assert chunks[-1].finish_reason == "stop"


def test_a_call_of_an_mcp_server_keeps_the_servers_name() -> None:
    chunks = of(begin("mcp_tool_use", id="m1", name="ask", server_name="wiki", input={}), end())
    assert own(chunks[1])["block"]["server_name"] == "wiki"
    assert chunks[1].arguments == "{}"


def test_its_arguments_may_come_with_the_start() -> None:
    chunks = of(begin("server_tool_use", id="s1", name="x", input={"a": 1}), end())
    assert (chunks[1].arguments, own(chunks[1])["block"]["input"]) == ('{"a":1}', {"a": 1})


@pytest.mark.parametrize("text", ["[1]", '{"a":', "null"])
def test_arguments_that_are_no_object_do_not_go_back(text: str) -> None:
    chunks = of(SEARCH, *arguments(text), end())
    assert (chunks[1].arguments, own(chunks[1])["block"]["input"]) == (text, {})


def test_a_cut_tells_what_came_of_it() -> None:
    chunks = of(SEARCH, *arguments('{"que'), stop=False)
    told = only(chunks, "server_tool_call")
    assert [(chunk.arguments, chunk.status) for chunk in told] == [(None, "in_progress"), ('{"que', "incomplete")]
    assert len(only(of(SEARCH, stop=False), "server_tool_call")) == 1


def test_a_result_ends_a_call_that_was_not_stopped() -> None:
    chunks = of(SEARCH, *arguments("{}"), RESULT, end(), end())
    assert [(chunk.arguments, chunk.status) for chunk in only(chunks, "server_tool_call")] == [
        (None, "in_progress"),
        ("{}", "in_progress"),
        (None, "completed"),
    ]


def test_the_end_of_the_message_ends_it() -> None:
    assert [chunk.arguments for chunk in only(of(SEARCH, *arguments("{}")), "server_tool_call")] == [None, "{}"]


def test_halves_of_a_character_are_joined() -> None:
    chunks = of(SEARCH, *arguments('"\ud83d', '\ude00"'), end())
    assert chunks[1].arguments == '"😀"'
