import copy
import json
from typing import Any

import pytest

from massgen_stream.errors import InvalidMessage
from massgen_stream.stream_chunk.formatter import ResponsesFormatter

from ..places import told

FIRST, SECOND = "messages[0].content[0]", "messages[0].content[1]"
ENCRYPTED = {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "opaque+/="}


def sent(*parts: dict[str, Any], **options: Any) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """The items on the wire, and the losses."""
    message = {"role": "assistant", "content": list(parts)}
    before = copy.deepcopy(message)
    items, losses = ResponsesFormatter(**options).format_messages([message])
    assert message == before
    return items, told(losses)


def text(content: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": content, **more}


def own(**data: Any) -> dict[str, Any]:
    return {"provider_data": {"openai.responses": data}}


def reasoning(content: str, **data: Any) -> dict[str, Any]:
    return {"type": "reasoning", "text": content, **(own(**data) if data else {})}


def call(arguments: str = "{}", **more: Any) -> dict[str, Any]:
    return {"type": "tool_call", "id": "c1", "name": "f", "arguments": arguments, "kind": "function", **more}


def ran(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "server_tool_call", "tool_call_id": item["id"], **own(item=item)}


def output(content: str, **more: Any) -> dict[str, Any]:
    return {"type": "output_text", "annotations": [], "text": content, **more}


def message(item_id: str, *content: dict[str, Any], **more: Any) -> dict[str, Any]:
    whole = {"type": "message", "id": item_id, "role": "assistant", "content": list(content), "status": "completed"}
    return whole | more


def test_a_message_keeps_its_id_and_its_phase() -> None:
    first = text("Hm.", item_id="msg_1", phase="commentary")
    second = text("Yes.", item_id="msg_2", phase="final_answer")
    assert sent(first, second) == (
        [
            message("msg_1", output("Hm."), phase="commentary"),
            message("msg_2", output("Yes."), phase="final_answer"),
        ],
        [],
    )


def test_parts_of_one_item_are_one_message() -> None:
    refusal = {"type": "refusal", "text": "no", "item_id": "msg_1"}
    items, losses = sent(text("a", item_id="msg_1", **own(content_index=1)), text("b", item_id="msg_1"), refusal)
    assert items == [message("msg_1", output("a"), output("b"), {"type": "refusal", "refusal": "no"})]
    assert losses == []


def test_ids_that_openai_would_refuse_are_not_sent() -> None:
    assert sent(text("a", item_id="block-3")) == ([{"role": "assistant", "content": "a"}], [])
    two = [{"type": "output_text", "text": "a"}, {"type": "output_text", "text": "b"}]
    assert sent(text("a"), text("b")) == ([{"role": "assistant", "content": two}], [])
    items, _ = sent(text("a"), call(), text("b", phase="final_answer"))
    assert [item.get("type") for item in items] == [None, "function_call", None]
    assert items[2] == {"role": "assistant", "content": "b", "phase": "final_answer"}


def test_text_after_a_call_is_another_message() -> None:
    for more in ({}, {"item_id": "msg_1"}):
        items, _ = sent(text("a", **more), call(), text("b", **more))
        assert [item.get("type", "message") for item in items] == ["message", "function_call", "message"]


def test_empty_text_of_other_vendors_is_left_out() -> None:
    signed = text("", provider_data={"google.generate_content": {"thoughtSignature": "s"}})
    items, losses = sent(signed, text("a"))
    assert items == [{"role": "assistant", "content": "a"}]
    assert losses == [(FIRST, "provider_data of google.generate_content dropped")]
    assert sent(text("")) == ([{"role": "assistant", "content": ""}], [])


def test_reasoning_goes_back_as_it_came_and_in_order() -> None:
    item = {**ENCRYPTED, "summary": [{"type": "summary_text", "text": "é"}], "new_field": [1, None, 2.5]}
    items, losses = sent(reasoning("", item=ENCRYPTED), call(), reasoning("changed", item=item), text("a"))
    assert [json.dumps(items[index]) for index in (0, 2)] == [json.dumps(ENCRYPTED), json.dumps(item)]
    assert [one.get("type", "message") for one in items] == ["reasoning", "function_call", "reasoning", "message"]
    assert losses == []


def test_reasoning_of_others_is_dropped_and_told() -> None:
    assert sent(reasoning("hm"), text("a"))[1] == [(FIRST, "reasoning dropped")]
    assert sent({"type": "reasoning", "text": "", "summary": ["hm"]}) == ([], [(FIRST, "reasoning dropped")])
    assert sent(reasoning("")) == ([], [])
    foreign = reasoning("hm") | {"provider_data": {"anthropic.messages": {"signature": "s"}}}
    assert sent(foreign)[1] == [(FIRST, "provider_data of anthropic.messages dropped"), (FIRST, "reasoning dropped")]


def test_a_server_that_keeps_nothing_gets_no_reasoning_that_it_would_have_to_look_up() -> None:
    bare: dict[str, Any] = {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": None}
    assert sent(reasoning("", item=bare)) == ([bare], [])
    assert sent(reasoning("", item=bare), stored=False) == ([], [(FIRST, "reasoning dropped")])
    assert sent(reasoning("", item=ENCRYPTED), stored=False) == ([ENCRYPTED], [])
    plain = {**bare, "content": [{"type": "reasoning_text", "text": "hm"}]}
    assert sent(reasoning("hm", item=plain), stored=False) == ([plain], [])


def test_calls() -> None:
    function = {"type": "function_call", "call_id": "c1", "name": "f", "arguments": '{"a": 1}'}
    assert sent(call('{"a": 1}')) == ([function], [])
    rest = {"id": "fc_1", "namespace": "n", "name": "other"}
    assert sent(call('{"a": 1}', **own(item=rest))) == ([{**function, "id": "fc_1", "namespace": "n"}], [])
    custom = {"type": "custom_tool_call", "call_id": "c1", "name": "f", "input": "SELECT 1; not JSON"}
    assert sent(call("SELECT 1; not JSON") | {"kind": "custom"}) == ([custom], [])


def test_calls_that_cannot_be_executed_do_not_break_the_request() -> None:
    (item,), losses = sent(call('{"a": ', invalid={"reason": "cut_off"}))
    assert json.loads(item["arguments"]) == {"invalid_arguments": '{"a": '}
    assert losses == [(FIRST, "arguments wrapped")]
    (item,), losses = sent(call("", invalid={"reason": "cut_off"}) | {"name": ""})
    assert (item["name"], item["arguments"]) == ("unknown", "{}")
    assert losses == [(FIRST, "name 'unknown' made up")]


def test_long_ids_are_shortened_on_both_sides() -> None:
    answer = {"role": "tool", "tool_call_id": "x" * 65, "content": "ok"}
    conversation: list[dict[str, Any]] = [{"role": "assistant", "content": [call(id="x" * 65)]}, answer]
    (made, answered), losses = ResponsesFormatter().format_messages(conversation)
    assert made["call_id"] == answered["call_id"]
    assert len(made["call_id"]) <= 64
    assert told(losses) == [(FIRST, "id shortened")]
    assert sent(call(id="x" * 64))[0][0]["call_id"] == "x" * 64


def test_what_the_vendor_ran_goes_back_as_it_came() -> None:
    search = {"id": "ws_1", "type": "web_search_call", "status": "completed", "action": {"type": "search"}}
    result = {"type": "tool_result", "tool_call_id": "ws_1", "content": "found"}
    found = {"id": "tso_1", "type": "tool_search_output", "tools": []}
    alone = {"type": "tool_result", "tool_call_id": "ts_1", "content": "", **own(item=found)}
    assert sent(ran(search), result, alone) == ([search, found], [])
    foreign = {"type": "server_tool_call", "tool_call_id": "s", "tool_name": "web_search"}
    assert sent(foreign, {**result, "tool_call_id": "s"}) == (
        [],
        [(FIRST, "server_tool_call dropped"), (SECOND, "tool_result dropped")],
    )


def test_what_was_cut_off_is_dropped_unless_the_client_must_answer_it() -> None:
    search = {"id": "ws_1", "type": "web_search_call", "status": "in_progress"}
    assert sent(ran(search)) == ([], [(FIRST, "server_tool_call dropped")])
    assert sent(ran({**search, "status": "searching"}))[1] == []  # as Azure leaves it
    patch = {"id": "p", "type": "apply_patch_call", "call_id": "c", "operation": {}, "status": "in_progress"}
    assert sent(ran(patch)) == ([patch], [])


@pytest.mark.parametrize("first", [True, False])
def test_a_picture_goes_back_into_the_item_of_its_tool(first: bool) -> None:
    item = {"id": "ig_1", "type": "image_generation_call", "status": "completed"}
    image = {"type": "image", "data": b"\x89PNG", "media_id": "ig_1", "mime_type": "image/png"}
    parts = [image, ran(item)] if first else [ran(item), image]
    assert sent(*parts) == ([{**item, "result": "iVBORw=="}], [])
    assert sent(ran(item)) == ([{**item, "result": None}], [])
    assert sent(image) == ([], [(FIRST, "image dropped")])
    other = {"type": "audio", "base64": "AAAA", "mime_type": "audio/wav"}
    assert sent(other) == ([], [(FIRST, "audio dropped")])


def test_data_must_be_an_object() -> None:
    with pytest.raises(InvalidMessage, match=r"^messages\[0\]\.content\[0\]\.provider_data\['openai\.responses'\]: "):
        sent({**text("a"), "provider_data": {"openai.responses": "s"}})


def test_a_whole_assistant_message_has_no_item() -> None:
    _, losses = ResponsesFormatter().format_messages([{"role": "assistant", "content": "a", **own(x=1)}])
    assert told(losses) == [("messages[0]", "provider_data of openai.responses dropped")]


def test_half_characters_have_no_place_in_a_request() -> None:
    items, losses = sent(text("a\ud83d"))
    assert items == [{"role": "assistant", "content": "a\ufffd"}]
    assert losses == [("messages[0]", "half characters replaced by U+FFFD")]
