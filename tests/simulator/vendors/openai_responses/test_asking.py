from typing import Any

import pytest

from massgen_stream.simulator.ask import Seen
from massgen_stream.simulator.vendor import BadRequest
from massgen_stream.simulator.vendors.openai_responses.asking import read_ask
from massgen_stream.simulator.vendors.openai_responses.ids import encrypted

FUNCTION = {"type": "function", "name": "f", "parameters": {"type": "object"}}
OTHER = {"type": "function", "name": "g"}
SEARCH = {"type": "web_search_preview"}
CODE = {"type": "code_interpreter", "container": {"type": "auto"}}


def asked(**more: Any) -> Any:
    return read_ask({"model": "m", "input": "Hi", **more})


def test_the_last_user_message_is_the_prompt() -> None:
    ask = asked(
        instructions="Be brief",
        input=[
            {"role": "user", "content": "Old"},
            {"role": "assistant", "content": "Yes"},
            {
                "role": "user",
                "content": [{"type": "input_text", "text": "New"}, {"type": "input_text", "text": "line"}],
            },
        ],
    )
    assert (ask.prompt, ask.user_turn, ask.input_characters) == ("New\nline", True, 8 + 3 + 3 + 7)
    assert (asked().prompt, asked().model) == ("Hi", "m")


def test_media_parts_are_seen() -> None:
    parts = [
        {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo="},
        {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="},
    ]
    ask = asked(input=[{"role": "user", "content": parts}])
    assert ask.media == (Seen("image", "image/png", 8), Seen("document", "application/pdf", 5))


def test_answers_of_tools_at_the_end_are_results() -> None:
    call = {"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"}
    answer = {"type": "function_call_output", "call_id": "1", "output": "r1"}
    ask = asked(input=[{"role": "user", "content": "Hi"}, call, answer])
    assert (ask.results, ask.user_turn, ask.prompt) == (("r1",), False, "Hi")


def test_calls_and_outputs_belong_together() -> None:
    call = {"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"}
    answer = {"type": "function_call_output", "call_id": "1", "output": "r1"}
    with pytest.raises(BadRequest, match="No tool output found for function call 1"):
        asked(input=[call, {"role": "user", "content": "Hi"}])
    with pytest.raises(BadRequest, match="No tool call found for output with call_id 1"):
        asked(input=[answer])
    assert asked(input=[answer], previous_response_id="resp_1").results == ("r1",)
    assert asked(input=[answer], conversation="conv_1").results == ("r1",)


def test_a_conversation_may_be_the_servers() -> None:
    assert read_ask({"model": "m", "previous_response_id": "resp_1"}).user_turn is False
    assert read_ask({"model": "m", "conversation": "conv_1", "input": "Hi"}).user_turn


@pytest.mark.parametrize(
    ("reasoning", "wanted", "summary"),
    [
        (None, False, False),
        ({"effort": "low"}, True, False),
        ({"effort": "none"}, False, False),
        ({"summary": "auto"}, True, True),
        ({"effort": "high", "summary": None}, True, False),
    ],
)
def test_reasoning(reasoning: Any, wanted: bool, summary: bool) -> None:
    ask = asked(reasoning=reasoning)
    assert (ask.reasoning, ask.summary) == (wanted, summary)


@pytest.mark.parametrize(
    ("choice", "name", "left", "hosted"),
    [
        (None, "auto", ["f", "g"], [SEARCH, CODE]),
        ("auto", "auto", ["f", "g"], [SEARCH, CODE]),
        ("none", "none", ["f", "g"], []),
        ("required", "required", ["f", "g"], [SEARCH, CODE]),
        ({"type": "function", "name": "g"}, "g", ["f", "g"], []),
        ({"type": "web_search_preview"}, "none", ["f", "g"], [SEARCH]),
        (
            {"type": "allowed_tools", "mode": "required", "tools": [OTHER, {"type": "code_interpreter"}]},
            "required",
            ["g"],
            [CODE],
        ),
    ],
)
def test_tools_and_the_choice_among_them(choice: Any, name: str, left: list[str], hosted: Any) -> None:
    ask = asked(tools=[FUNCTION, {"type": "custom", "name": "c"}, OTHER, SEARCH, CODE], tool_choice=choice)
    assert (ask.tool_choice, [tool.name for tool in ask.tools]) == (name, left)
    assert list(ask.hosted) == hosted
    assert ask.custom == {"c"}


def test_options() -> None:
    ask = asked(max_output_tokens=3, stream=True, background=True, include=["reasoning.encrypted_content"])
    assert (ask.max_tokens, ask.stream, ask.kept) == (3, True, True)
    assert ask.include == ("reasoning.encrypted_content",)
    assert ask.echo == {"max_output_tokens": 3, "background": True}
    schema = {"type": "object"}
    as_schema = asked(text={"format": {"type": "json_schema", "name": "n", "schema": schema}})
    assert (as_schema.json, as_schema.schema) == (True, schema)
    assert asked(text={"format": {"type": "json_object"}}).json
    assert not asked(text={"verbosity": "low"}).json


def test_encrypted_reasoning_must_be_what_was_sent() -> None:
    item: dict[str, Any] = {"type": "reasoning", "id": "rs_sim_1_0", "summary": []}
    asked(input=[item, {**item, "encrypted_content": encrypted("rs_sim_1_0")}])
    asked(input=[{**item, "id": "rs_of_openai", "encrypted_content": "opaque"}])
    with pytest.raises(BadRequest) as caught:
        asked(input=[item, {**item, "encrypted_content": encrypted("rs_sim_1_0") + "x"}])
    assert (caught.value.param, caught.value.code) == ("input[1]", "invalid_encrypted_content")


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"model": None}, "model"),
        ({"input": None}, "input"),
        ({"input": 5}, "input"),
        ({"input": ["Hi"]}, "input[0]"),
        ({"input": [{"role": "wizard", "content": ""}]}, "input[0].role"),
        ({"stream": "yes"}, "stream"),
        ({"background": 1}, "background"),
        ({"max_output_tokens": "many"}, "max_output_tokens"),
        ({"max_output_tokens": 0}, "max_output_tokens"),
        ({"tools": "f"}, "tools"),
        ({"tools": [{"type": "function"}]}, "tools[0].name"),
        ({"tools": [FUNCTION], "tool_choice": "sometimes"}, "tool_choice"),
        ({"tools": [FUNCTION], "tool_choice": {"type": "function", "name": "h"}}, "tool_choice"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"text": "json"}, "text"),
        ({"text": {"format": {"type": "xml"}}}, "text.format.type"),
        ({"text": {"format": {"type": "json_schema", "schema": {}}}}, "text.format.name"),
        ({"reasoning": "much"}, "reasoning"),
        ({"include": "all"}, "include"),
        ({"include": [5]}, "include"),
    ],
)
def test_a_bad_request_names_the_field(more: dict[str, Any], param: str) -> None:
    with pytest.raises(BadRequest) as caught:
        asked(**more)
    assert caught.value.status == 400
    assert caught.value.param == param
    assert len(caught.value.message) < 300
