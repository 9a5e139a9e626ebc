from collections.abc import Iterable
from typing import Any

from massgen_stream.simulator.vendors.openai_responses.ids import ENCRYPTED, encrypted
from massgen_stream.simulator.vendors.openai_responses.item_ends import ItemEnds
from massgen_stream.simulator.vendors.openai_responses.response_ask import ResponseAsk
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import (
    content,
    done,
    reasoning,
    reasoning_summary,
    refusal,
    start,
    tool_call_delta,
    tool_calls,
)


def fed(*chunks: BaseStreamChunk, **asked: Any) -> list[dict[str, Any]]:
    ends = ItemEnds(ResponseAsk("m", **asked))
    return [one.to_dict() for chunk in [start(response_id="resp_sim_7"), *chunks] for one in ends.feed(chunk)][1:]


def types(found: Iterable[dict[str, Any]]) -> list[str]:
    return [one["type"] for one in found]


def test_text_belongs_to_a_message_until_something_else_comes() -> None:
    found = fed(content("a"), refusal("b"), content("c"), tool_call_delta("c1", "{}", tool_name="f"), content("d"))
    assert [one.get("item_id") for one in found if one["type"] in ("content", "refusal")] == [
        *["msg_sim_7_0"] * 3,
        "msg_sim_7_2",
    ]


def test_a_message_with_an_id_keeps_it() -> None:
    assert [one["item_id"] for one in fed(content("a", item_id="mine"), content("b"))] == ["mine", "mine"]


def test_reasoning_ends_with_its_item() -> None:
    found = fed(reasoning("hm "), reasoning("so"), content("a"))
    assert types(found) == ["reasoning", "reasoning", "reasoning", "content"]
    item = {"id": "rs_sim_7_0", "type": "reasoning", "summary": []}
    assert found[2]["provider_data"] == {
        "openai.responses": {"item": {**item, "content": [{"type": "reasoning_text", "text": "hm so"}]}}
    }


def test_a_summary_ends_with_its_text_and_its_item() -> None:
    found = fed(reasoning_summary("s", summary_index=0), done("stop"), include=(ENCRYPTED,))
    assert types(found) == ["reasoning_summary", "reasoning_summary_done", "reasoning", "done"]
    item = found[2]["provider_data"]["openai.responses"]["item"]
    assert item["summary"] == [{"type": "summary_text", "text": "s"}]
    assert item["encrypted_content"] == encrypted("rs_sim_7_0")


def test_reasoning_that_brings_its_item_gets_no_other() -> None:
    own = {"openai.responses": {"item": {"id": "rs_1", "type": "reasoning", "summary": []}}}
    found = fed(reasoning("", provider_data=own), done("stop"))
    assert types(found) == ["reasoning", "done"]


def test_calls_end_when_another_begins() -> None:
    pieces = [tool_call_delta("c1", "", tool_name="f"), tool_call_delta("c1", "{}"), tool_call_delta("c2", "x")]
    found = fed(*pieces, done("tool_calls"))
    assert types(found) == [
        "tool_call_delta", "tool_call_delta", "tool_calls", "tool_call_delta", "tool_calls", "done",
    ]  # fmt: skip
    data = {"openai.responses": {"item": {"id": "fc_sim_7_0"}}}
    assert found[2]["tool_calls"] == [
        {"id": "c1", "name": "f", "arguments": "{}", "kind": "function", "provider_data": data}
    ]


def test_calls_of_custom_tools_and_calls_that_were_cut_off() -> None:
    piece = tool_call_delta("c1", "x", tool_name="f")
    (_, ended, _) = fed(piece, done("length"), custom=frozenset(("f",)))
    assert ended["tool_calls"][0]["kind"] == "custom"
    assert ended["tool_calls"][0]["invalid"] == {"reason": "cut_off"}


def test_calls_that_come_whole_end_once() -> None:
    whole = tool_calls([{"id": "c1", "name": "f", "arguments": "{}", "kind": "function"}])
    assert types(fed(tool_call_delta("c1", "{}", tool_name="f"), whole, done("stop"))) == [
        "tool_call_delta", "tool_calls", "done",
    ]  # fmt: skip
