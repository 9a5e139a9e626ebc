import copy
from typing import Any

import pytest

from massgen_stream.errors import InvalidMessage
from massgen_stream.stream_chunk.formatter import MessagesFormatter

from ..places import told

REDACTED = {"type": "redacted_thinking", "data": "EqkE"}
SEARCH = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "x"}, "caller": None}
FOUND = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [{"encrypted_content": "abc"}]}
PLACE = "messages[0].content[0]"


def sent(*parts: dict[str, Any]) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """The blocks on the wire, and the losses."""
    before = copy.deepcopy(parts)
    payload, losses = MessagesFormatter().format_messages([{"role": "assistant", "content": list(parts)}])
    assert parts == before
    if not payload.messages:
        return [], told(losses)
    ((role, content),) = [(one["role"], one["content"]) for one in payload.messages]
    assert role == "assistant"
    return [{"type": "text", "text": content}] if isinstance(content, str) else content, told(losses)


def part(kind: str, text: str = "", **data: Any) -> dict[str, Any]:
    return {"type": kind, "text": text, **({"provider_data": {"anthropic.messages": data}} if data else {})}


def call(arguments: str = "{}", **more: Any) -> dict[str, Any]:
    return {"type": "tool_call", "id": "toolu_1", "name": "f", "arguments": arguments, "kind": "function", **more}


def use(arguments: Any, **more: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": "toolu_1", "name": "f", "input": arguments, **more}


def test_every_part_in_its_place() -> None:
    data = {"anthropic.messages": {"block": SEARCH}}
    parts = [
        part("reasoning", " Let me see.\n", signature="sig=="),
        part("reasoning", block=REDACTED),
        part("text", "I look."),
        {"type": "server_tool_call", "tool_call_id": "srvtoolu_1", "status": "completed", "provider_data": data},
        {
            "type": "tool_result",
            "tool_call_id": "srvtoolu_1",
            "provider_data": {"anthropic.messages": {"block": FOUND}},
        },
        part("text", "So it is.", citations=[{"type": "page_location", "cited_text": "x"}]),
        call('{"b": 1, "a": [1.0, null]}', provider_data={"anthropic.messages": {"caller": {"type": "direct"}}}),
        part("text", block={"type": "compaction", "content": "short"}),
    ]
    assert sent(*parts) == (
        [
            {"type": "thinking", "thinking": " Let me see.\n", "signature": "sig=="},
            REDACTED,
            {"type": "text", "text": "I look."},
            SEARCH,
            FOUND,
            {"type": "text", "text": "So it is.", "citations": [{"type": "page_location", "cited_text": "x"}]},
            use({"b": 1, "a": [1.0, None]}, caller={"type": "direct"}),
            {"type": "compaction", "content": "short"},
        ],
        [],
    )


def test_thinking_that_is_not_shown_goes_back() -> None:
    assert sent(part("reasoning", signature="sig")) == ([{"type": "thinking", "thinking": "", "signature": "sig"}], [])


def test_foreign_reasoning_is_dropped() -> None:
    foreign = {"type": "reasoning", "text": "Hm", "provider_data": {"openai.responses": {"item": {"id": "rs_1"}}}}
    summary = {"type": "reasoning", "text": "", "summary": ["Thought."]}
    blocks, losses = sent(foreign, summary, {"type": "reasoning", "text": ""}, part("text", "a"))
    assert blocks == [{"type": "text", "text": "a"}]
    assert losses == [
        (PLACE, "provider_data of openai.responses dropped"),
        (PLACE, "reasoning dropped"),
        ("messages[0].content[1]", "reasoning dropped"),
    ]


def test_what_others_ran_or_made_is_dropped() -> None:
    parts = [
        {"type": "server_tool_call", "tool_call_id": "w1", "tool_name": "web_search"},
        {"type": "tool_result", "tool_call_id": "w1", "content": "x"},
        {"type": "image", "url": "https://e.com/a"},
        part("text", "a"),
    ]
    blocks, losses = sent(*parts)
    assert blocks == [{"type": "text", "text": "a"}]
    assert [what for _, what in losses] == ["server_tool_call dropped", "tool_result dropped", "image dropped"]


def test_a_call_that_was_cut_off_is_dropped() -> None:
    data = {"anthropic.messages": {"block": {**SEARCH, "input": {}}}}
    cut = {"type": "server_tool_call", "tool_call_id": "s", "status": "incomplete", "provider_data": data}
    assert sent(cut, part("text", "a")) == ([{"type": "text", "text": "a"}], [(PLACE, "server_tool_call dropped")])


def test_a_paused_call_goes_back() -> None:
    data = {"anthropic.messages": {"block": SEARCH}}
    assert sent({"type": "server_tool_call", "tool_call_id": "s", "status": "in_progress", "provider_data": data}) == (
        [SEARCH],
        [],
    )


def test_uploads_go_back() -> None:
    block = {"type": "container_upload", "file_id": "file_1"}
    upload = {"type": "file", "file_id": "file_1", "provider_data": {"anthropic.messages": {"block": block}}}
    assert sent(upload) == ([block], [])


@pytest.mark.parametrize("blank", ["", " \n\t"])
def test_blank_text_is_never_sent(blank: str) -> None:
    blocks, losses = sent(part("text", blank), part("text", "a"))
    assert blocks == [{"type": "text", "text": "a"}]
    assert losses == ([(PLACE, "blank text dropped")] if blank else [])
    assert sent(part("text", blank))[0] == []
    assert sent(part("text", blank))[1][-1] == ("messages[0]", "message dropped")


def test_a_refusal_is_text() -> None:
    assert sent(part("refusal", "No.")) == ([{"type": "text", "text": "No."}], [(PLACE, "refusal sent as text")])


def test_deltas_that_nobody_knows_are_told() -> None:
    block = {"type": "a_new_block", "value": 1}
    assert sent(part("text", block=block, deltas=[{"type": "x"}])) == ([block], [(PLACE, "deltas dropped")])


@pytest.mark.parametrize("arguments", ["", " ", "{}"])
def test_no_arguments_are_an_empty_object(arguments: str) -> None:
    assert sent(call(arguments, invalid={"reason": "empty"})) == ([use({})], [])


@pytest.mark.parametrize("arguments", ['{"a": ', "null", "[1]", '"x"', '{"a": NaN}', '{"a": 1e999}', "{" * 100_000])
def test_arguments_that_are_no_object_are_wrapped(arguments: str) -> None:
    assert sent(call(arguments)) == ([use({"invalid_arguments": arguments})], [(PLACE, "arguments wrapped")])


def test_free_text_is_wrapped() -> None:
    assert sent(call("SELECT 1", kind="custom")) == ([use({"input": "SELECT 1"})], [(PLACE, "text wrapped")])


def test_names_and_ids_in_claudes_alphabet() -> None:
    odd = [call(id="functions.f:0", name="a.b"), call(id="functions.f:0", name=""), call(id="functions_f_0_2")]
    odd[1]["invalid"] = {"reason": "no name"}
    blocks, losses = sent(*odd)
    assert [(block["id"], block["name"]) for block in blocks] == [
        ("functions_f_0", "a_b"),
        ("functions_f_0_2", "unknown"),
        ("functions_f_0_2_2", "f"),
    ]
    assert [what for _, what in losses] == [
        "id functions.f:0 sent as functions_f_0",
        "name 'a.b' sent as 'a_b'",
        "id functions.f:0 sent as functions_f_0_2",
        "name 'unknown' made up",
        "id functions_f_0_2 sent as functions_f_0_2_2",
    ]


def test_phase_and_unknown_keys_are_told() -> None:
    _, losses = sent({"type": "text", "text": "a", "phase": "commentary", "odd": 1})
    assert losses == [(PLACE, "odd dropped"), (PLACE, "phase dropped")]


def test_half_characters_are_replaced() -> None:
    blocks, losses = sent(part("text", "a\ud83d"))
    assert blocks == [{"type": "text", "text": "a\ufffd"}]
    assert losses == [("messages[0]", "half characters replaced by U+FFFD")]


def test_data_must_be_sendable() -> None:
    with pytest.raises(InvalidMessage, match="must be an object"):
        sent({"type": "text", "text": "a", "provider_data": {"anthropic.messages": 5}})
    with pytest.raises(InvalidMessage, match="must hold only what JSON can hold"):
        sent(part("text", block={"x": {1}}))
