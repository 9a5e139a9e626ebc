import json
from typing import Any

import pytest

from massgen_stream.errors import ConfigurationError
from massgen_stream.simulator.engine import Engine
from massgen_stream.simulator.ops import Close, Head, Op, Wait
from massgen_stream.simulator.scripts import call, cut, fail, raw, refuse, stall, text, think
from massgen_stream.stream_chunk.narrow import refusal, usage

from .exchange import body_of, decoded, exchange, head_of, header, json_of, look_up, said


def waits(ops: list[Op]) -> list[float | None]:
    return [op.seconds for op in ops if isinstance(op, Wait)]


def test_a_streamed_answer_is_one_event_per_op_and_decodes() -> None:
    ops = exchange(Engine(), stream=True)
    assert header(ops, "content-type") == "text/event-stream; charset=utf-8"
    assert all(op.startswith(b"data: ") and op.count(b"\n\n") == 1 for op in ops if isinstance(op, bytes))
    chunks = decoded(ops)
    assert len(said(chunks).splitlines()) == 3
    assert (chunks[-1].type, getattr(chunks[-1], "finish_reason", "")) == ("done", "stop")


def test_usage_comes_last_and_only_when_asked_for() -> None:
    with_usage = [
        op for op in exchange(Engine(), stream=True, stream_options={"include_usage": True}) if isinstance(op, bytes)
    ]
    assert with_usage[-1] == b"data: [DONE]\n\n"
    last = json.loads(with_usage[-2].removeprefix(b"data: "))
    assert last["choices"] == []
    assert last["usage"]["total_tokens"] > 0
    assert json.loads(with_usage[-3].removeprefix(b"data: "))["choices"][0]["finish_reason"] == "stop"
    assert b"usage" not in body_of(exchange(Engine(), stream=True))


def test_both_forms_say_the_same() -> None:
    streamed, whole = decoded(exchange(Engine(), stream=True)), json_of(exchange(Engine()))
    assert whole["choices"][0]["message"]["content"] == said(streamed)
    assert whole["usage"]["total_tokens"] > 0


def test_answers_depend_on_nothing_but_request_and_clock() -> None:
    first, second = (exchange(Engine(clock=lambda: 5.5), stream=True) for _ in range(2))
    assert first == second
    assert b'"created":5,' in body_of(first)


def test_ids_differ_between_requests() -> None:
    engine = Engine()
    assert {json_of(exchange(engine))["id"] for _ in range(3)} == {f"chatcmpl-sim-{n}" for n in (1, 2, 3)}
    assert header(exchange(engine), "x-request-id") == "req_sim_4"


def test_delay_comes_before_each_word() -> None:
    ops = exchange(Engine(delay=0.5), stream=True)
    words = said(decoded(ops)).split()
    assert waits(ops) == [0.5] * len(words)
    assert isinstance(ops[0], Head)


def test_a_script_answers_turn_by_turn_and_then_defaults() -> None:
    engine = Engine([[text("one")], [think("h"), call("f", {"a": 1})]])
    assert said(decoded(exchange(engine, stream=True))) == "one"
    message = json_of(exchange(engine))["choices"][0]["message"]
    assert message["reasoning_content"] == "h"
    assert message["tool_calls"][0]["function"] == {"name": "f", "arguments": '{"a": 1}'}
    assert "Cold" in said(decoded(exchange(engine, stream=True)))


def test_a_stall_stays_where_it_is() -> None:
    ops = exchange(Engine([stall(0.2), text("a"), stall(0.1), text("b")]), stream=True)
    kinds = [type(op).__name__ for op in ops]
    assert kinds[:5] == ["Wait", "Head", "bytes", "bytes", "Wait"]
    assert waits(exchange(Engine([stall(0.2), text("a"), stall(None)]))) == [0.2, None]


def test_a_cut_ends_the_body_at_once() -> None:
    ops = exchange(Engine([text("a"), cut("reset")]), stream=True)
    assert ops[-1] == Close("reset")
    assert "error" in {chunk.type for chunk in decoded(ops)}
    assert getattr(decoded(ops)[-1], "finish_reason", "") == "incomplete"
    assert exchange(Engine([text("a"), usage({"input_tokens": 7}), cut()]), stream=True)[-1] == Close("close")


def test_a_cut_of_a_whole_answer_leaves_half_of_it() -> None:
    ops = exchange(Engine([text("a" * 100), cut()]))
    assert ops[-1] == Close("close")
    assert body_of(ops).startswith(b'{"object": "chat.completion"')
    with pytest.raises(json.JSONDecodeError):
        json_of(ops)
    assert exchange(Engine([cut()]))[-1] == Close("close")


def test_raw_bytes_are_the_body() -> None:
    assert body_of(exchange(Engine([raw(b"data: x\n"), raw(b"\n")]), stream=True)) == b"data: x\n\n"
    assert body_of(exchange(Engine([raw(b"oops")]))) == b"oops"


def test_an_empty_turn_is_an_empty_body() -> None:
    for stream in (True, False):
        ops = exchange(Engine([[]]), stream=stream)
        assert (head_of(ops).status, body_of(ops)) == (200, b"")


def test_a_refusal_is_an_http_error_with_retry_after() -> None:
    for stream in (True, False):
        ops = exchange(Engine([refuse(429, "slow down", code="busy", retry_after=1.5)]), stream=stream)
        assert head_of(ops).status == 429
        assert header(ops, "retry-after") == "1.5"
        error = json_of(ops)["error"]
        assert (error["message"], error["type"], error["code"]) == ("slow down", "rate_limit_error", "busy")


@pytest.mark.parametrize(("code", "status"), [(None, 500), ("rate_limit_exceeded", 429), ("overloaded", 503)])
def test_an_error_in_the_stream_is_an_http_error_without_one(code: str | None, status: int) -> None:
    script = [text("a"), fail("broken", code=code)]
    types = [str(chunk.type) for chunk in decoded(exchange(Engine(script), stream=True))]
    assert types == ["start", "content", "error", "complete_response", "done"]
    ops = exchange(Engine(script))
    assert head_of(ops).status == status
    assert json_of(ops)["error"]["message"] == "broken"


def test_the_chunks_of_a_script_reach_both_forms() -> None:
    script = [text("a"), refusal("no"), usage({"input_tokens": 7})]
    assert "refusal" in {chunk.type for chunk in decoded(exchange(Engine(script), stream=True))}
    whole = json_of(exchange(Engine(script)))
    assert whole["choices"][0]["message"] | {"role": ""} == {"role": "", "content": "a", "refusal": "no"}


def test_only_the_right_key_is_accepted() -> None:
    engine = Engine(api_key="k")
    assert head_of(exchange(engine, key="wrong")).status == 401
    assert head_of(exchange(engine, key="k")).status == 200
    assert head_of(look_up(engine, "/v1/models")).status == 401


def test_models_are_listed_and_any_can_be_looked_up() -> None:
    assert json_of(look_up(Engine(), "/v1/models"))["data"][0]["id"] == "simulator"
    assert json_of(look_up(Engine(), "/v1/models/{model:path}", model="a/b"))["id"] == "a/b"
    assert head_of(look_up(Engine(), "/v1/models", headers={"x-simulate-fault": "503"})).status == 503


@pytest.mark.parametrize("faults", ["oops", ["cut", "oops"]])
def test_nonsense_is_refused_when_it_is_given(faults: Any) -> None:
    with pytest.raises(ConfigurationError):
        Engine(faults=faults)


def test_a_fault_that_does_not_exist_is_a_bad_request() -> None:
    ops = exchange(Engine(), headers={"x-simulate-fault": "oops"})
    assert head_of(ops).status == 400
    assert "faults are" in json_of(ops)["error"]["message"]


def test_a_refused_request_uses_up_no_turn() -> None:
    engine = Engine([[text("one")]], ["429", "html", "silence"])
    for _ in range(3):
        exchange(engine, stream=True)
    assert said(decoded(exchange(engine, stream=True))) == "one"
