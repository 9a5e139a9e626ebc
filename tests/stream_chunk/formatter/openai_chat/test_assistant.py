import copy
import json
from typing import Any

import pytest

from massgen_stream.errors import ConfigurationError, InvalidMessage
from massgen_stream.stream_chunk.formatter import OpenAIChatFormatter

from ..places import told

ENCRYPTED = {"type": "reasoning.encrypted", "data": "opaque", "id": "r1"}


def sent(*parts: dict[str, Any], **options: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The message on the wire, and the losses."""
    (wire,), losses = OpenAIChatFormatter(**options).format_messages([{"role": "assistant", "content": list(parts)}])
    assert wire.pop("role") == "assistant"
    return wire, told(losses)


def text(content: str, **data: Any) -> dict[str, Any]:
    return {"type": "text", "text": content, **({"provider_data": {"openai.chat": data}} if data else {})}


def reasoning(content: str, **data: Any) -> dict[str, Any]:
    return text(content, **data) | {"type": "reasoning"}


def call(arguments: str = "{}", **more: Any) -> dict[str, Any]:
    return {"type": "tool_call", "id": "c1", "name": "f", "arguments": arguments, "kind": "function", **more}


def function(arguments: str = "{}", name: str = "f") -> dict[str, Any]:
    return {"id": "c1", "type": "function", "function": {"name": name, "arguments": arguments}}


def test_one_text_is_a_string_and_several_are_a_list() -> None:
    assert sent(text("a")) == ({"content": "a"}, [])
    two = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    assert sent(text("a"), text(""), text("b")) == ({"content": two}, [])


def test_content_is_null_only_beside_calls() -> None:
    assert sent(call()) == ({"content": None, "tool_calls": [function()]}, [])
    assert sent(text(""), call()) == ({"content": None, "tool_calls": [function()]}, [])
    assert sent(text("")) == sent() == ({"content": ""}, [])
    assert sent({"type": "refusal", "text": "no"}) == ({"content": "", "refusal": "no"}, [])
    assert sent({"type": "audio", "file_id": "a1"}) == ({"audio": {"id": "a1"}}, [])


def test_ids_of_other_vendors_are_shortened_to_what_openai_takes() -> None:
    """It refuses more than 40 characters; an id that is made up for a call of Gemini's has 63."""
    long = f"{'f' * 32}-U7-Fao_EK_-VvdIP1-aJ8Qo-call-0"
    picture = {"type": "image", "url": "https://example.com/a.png"}
    answer = {"role": "tool", "tool_call_id": long, "content": [picture]}
    messages = [{"role": "assistant", "content": [call(id=long), call(id="c" * 40)]}, answer]
    (wire, result, shown), losses = OpenAIChatFormatter().format_messages(messages)
    first, second = (one["id"] for one in wire["tool_calls"])
    assert (len(first), second) == (40, "c" * 40)
    assert result["tool_call_id"] == first
    assert first in shown["content"][0]["text"]
    assert ("messages[0].content[0]", "id shortened") in told(losses)
    assert [what for _, what in told(losses)].count("id shortened") == 1


def test_order_is_lost_only_when_it_changes() -> None:
    order = ("messages[0].content", "order of parts changed")
    assert sent(text("a"), call())[1] == []
    assert sent(call(), text("a")) == ({"content": "a", "tool_calls": [function()]}, [order])
    details = reasoning("", reasoning_details=[ENCRYPTED])
    assert sent(details, text("a"), call())[1] == []
    assert sent(text("a"), details)[1] == [order]
    field = {"reasoning_field": "reasoning"}
    assert sent(reasoning("r"), text("a"), reasoning("s"), **field)[1] == [
        ("messages[0].content[2]", "reasoning joined with what was before"),
        order,
    ]
    assert sent(text("a"), reasoning("dropped"), text("b"))[1] == [("messages[0].content[1]", "reasoning dropped")]
    assert sent(call(), text("", extra_content={"g": 1}))[1] == []  # a signature is no text


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_plain_reasoning_goes_where_the_server_takes_it(field: str) -> None:
    dropped = [("messages[0].content[0]", "reasoning dropped")]
    assert sent(reasoning("hm"), text("a")) == ({"content": "a"}, dropped)
    assert sent(reasoning("hm"), text("a"), reasoning_field=field) == ({"content": "a", field: "hm"}, [])
    summary = {"type": "reasoning", "text": "", "summary": ["one", "two"]}
    assert sent(summary, reasoning_field=field) == ({"content": "", field: "one\n\ntwo"}, [])
    assert sent(reasoning("")) == ({"content": ""}, [])


def test_reasoning_that_came_in_a_field_goes_back_there() -> None:
    assert sent(reasoning("hm", field="thinking"), reasoning_field="reasoning")[0] == {"content": "", "thinking": "hm"}
    parsed = OpenAIChatFormatter().parse_messages([{"role": "assistant", "content": "a", "reasoning_content": "hm"}])
    (wire,), losses = OpenAIChatFormatter().format_messages(parsed)
    assert (wire, losses) == ({"role": "assistant", "content": "a", "reasoning_content": "hm"}, [])


def test_details_go_back_instead_of_the_text_that_they_hold() -> None:
    details = [{"type": "reasoning.text", "text": "h", "index": 0}, {"type": "reasoning.text", "text": "m", "index": 0}]
    signed = {"type": "reasoning.text", "signature": "s", "index": 0}
    whole = {"type": "reasoning.text", "text": "hm", "index": 0, "signature": "s"}
    wire, losses = sent(reasoning("hm", reasoning_details=[*details, signed, ENCRYPTED]), reasoning_field="reasoning")
    assert (wire, losses) == ({"content": "", "reasoning_details": [whole, ENCRYPTED]}, [])


def test_text_that_the_details_do_not_hold_is_plain_reasoning() -> None:
    part = reasoning("hm", reasoning_details=[ENCRYPTED])
    wire = {"content": "", "reasoning_details": [ENCRYPTED]}
    assert sent(part) == (wire, [("messages[0].content[0]", "reasoning dropped")])
    assert sent(part, reasoning_field="reasoning") == ({**wire, "reasoning": "hm"}, [])


def test_signed_thinking_is_a_part_of_the_content() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}
    assert sent(reasoning("hm", thinking_signature="s"))[0] == {"content": [{**thinking, "signature": "s"}]}
    assert sent(reasoning("hm", field="content"))[0] == {"content": [thinking]}


def test_signatures_of_text_and_calls_go_back() -> None:
    signature = {"extra_content": {"google": {"thought_signature": "opaque+/="}}}
    wire, losses = sent(text("a"), text("", **signature), call(provider_data={"openai.chat": signature}))
    assert losses == []
    assert wire == {"content": "a", **signature, "tool_calls": [{**function(), **signature}]}
    other = {"extra_content": {"google": {"thought_signature": "other"}}}
    wire, losses = sent(text("a", **signature), text("b", **other))
    assert wire["extra_content"] == signature["extra_content"]
    assert losses == [("messages[0].content[1]", "extra_content dropped")]


@pytest.mark.parametrize("arguments", ['{"a": ', "NaN?", "\ud83d", "[" * 100_000])
def test_arguments_that_are_not_json_do_not_break_the_request(arguments: str) -> None:
    part = call(arguments, invalid={"reason": "malformed_json"})
    wire, losses = sent(part)
    clean = arguments.replace("\ud83d", "\ufffd")
    assert json.loads(wire["tool_calls"][0]["function"]["arguments"]) == {"invalid_arguments": clean}
    assert losses[0] == ("messages[0].content[0]", "arguments wrapped")
    wire, losses = sent(part, raw_arguments=True)
    assert wire["tool_calls"] == [function(clean)]
    assert losses[0] == ("messages[0].content[0]", "arguments are not JSON")


def test_calls_that_cannot_be_executed_go_back_as_the_model_wrote_them() -> None:
    cut: dict[str, Any] = {"invalid": {"reason": "cut_off"}}
    assert sent(call('{"a": 1}', **cut)) == ({"content": None, "tool_calls": [function('{"a": 1}')]}, [])
    assert sent(call("", **cut)) == ({"content": None, "tool_calls": [function("{}")]}, [])
    nameless = call(**cut) | {"name": ""}
    wire, losses = sent(nameless)
    assert wire["tool_calls"] == [function(name="unknown")]
    assert losses == [("messages[0].content[0]", "name 'unknown' made up")]


def test_custom_calls() -> None:
    part = call("SELECT 1; not JSON") | {"kind": "custom"}
    custom = {"id": "c1", "type": "custom", "custom": {"name": "f", "input": "SELECT 1; not JSON"}}
    assert sent(part) == ({"content": None, "tool_calls": [custom]}, [])


def test_what_the_vendor_ran_is_lost() -> None:
    ran = {"type": "server_tool_call", "tool_call_id": "s", "tool_name": "web_search"}
    result = {"type": "tool_result", "tool_call_id": "s", "content": "found"}
    assert sent(ran, result, text("a")) == (
        {"content": "a"},
        [("messages[0].content[0]", "server_tool_call dropped"), ("messages[0].content[1]", "tool_result dropped")],
    )


def test_media_of_the_assistant() -> None:
    image = {"type": "image", "url": "https://x.y/z"}
    wire = {"type": "image_url", "image_url": {"url": "https://x.y/z"}}
    assert sent(image, text("a")) == ({"content": "a"}, [("messages[0].content[0]", "image dropped")])
    came = {**image, "provider_data": {"openai.chat": {"field": "images", "index": 0}}}
    assert sent(text("a"), came) == ({"content": "a", "images": [{**wire, "index": 0}]}, [])
    audio = {"type": "audio", "base64": "AAAA", "mime_type": "audio/wav"}
    assert sent(audio) == ({"content": ""}, [("messages[0].content[0]", "audio dropped")])


def test_several_refusals_are_one() -> None:
    wire, losses = sent({"type": "refusal", "text": "no"}, {"type": "refusal", "text": "never"})
    assert wire == {"content": "", "refusal": "no\n\nnever"}
    assert losses == [("messages[0].content[1]", "refusal joined with what was before")]


def test_data_of_other_protocols_is_lost_and_told() -> None:
    data = {"anthropic.messages": {"signature": "s"}}
    parts = [{**reasoning("hm"), "provider_data": data}, {**call(), "provider_data": data}]
    assert sent(*parts, reasoning_field="reasoning")[1] == [
        (f"messages[0].content[{index}]", "provider_data of anthropic.messages dropped") for index in (0, 1)
    ]


def test_bookkeeping_of_other_protocols_is_not_sent() -> None:
    assert sent({**text("a"), "item_id": "i1"}) == ({"content": "a"}, [])
    assert sent({**text("a"), "phase": "commentary"}) == (
        {"content": "a"},
        [("messages[0].content[0]", "phase dropped")],
    )


def test_data_of_this_protocol_must_be_an_object() -> None:
    with pytest.raises(InvalidMessage, match=r"^messages\[0\]\.content\[0\]\.provider_data\['openai\.chat'\]: "):
        sent({**text("a"), "provider_data": {"openai.chat": "s"}})


def test_opaque_data_is_not_changed() -> None:
    data = {"reasoning_details": [ENCRYPTED], "x": {"b": 1, "a": ["é", None, 1.5, 10**30]}}
    part = reasoning("", **data)
    before = copy.deepcopy(part)
    wire, _ = sent(part)
    assert json.dumps(wire["x"]) == json.dumps(data["x"])
    assert part == before


def test_options_are_checked() -> None:
    with pytest.raises(ConfigurationError, match="reasoning_field must be None or one of"):
        OpenAIChatFormatter(reasoning_field="thoughts")
