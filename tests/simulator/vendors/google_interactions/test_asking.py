"""What a request asks for, and what is refused."""

from typing import Any

import pytest

from massgen_stream.simulator.ask import Tool
from massgen_stream.simulator.vendor import BadRequest
from massgen_stream.simulator.vendors.google_interactions.asking import read_ask

BASE: dict[str, Any] = {"model": "m", "input": "Hi"}
LOOK = {"type": "function", "name": "look", "parameters": {"type": "object"}}


def asked(**fields: Any) -> Any:
    return read_ask({**BASE, **fields})


def test_the_usual() -> None:
    found = asked()
    assert (found.model, found.prompt, found.user_turn, found.stream, found.kept) == ("m", "Hi", True, False, True)
    assert (found.reasoning, found.tools, found.max_tokens) == (False, (), None)


def test_everything() -> None:
    config = {"max_output_tokens": 5, "stop_sequences": ["x"], "thinking_summaries": "auto", "tool_choice": "any"}
    found = asked(
        generation_config=config, tools=[LOOK, {"type": "google_search"}, {"type": "mcp_server"}], store=False,
        stream=True, response_format={"type": "text", "mime_type": "application/json", "schema": {"type": "object"}},
        response_modalities=["image"],
    )  # fmt: skip
    assert (found.max_tokens, found.stop, found.reasoning, found.tool_choice) == (5, ("x",), True, "required")
    assert found.tools == (Tool("look", {"type": "object"}),)
    assert found.server_tools == ("web_search", "image_generation")
    assert (found.json, found.schema, found.kept, found.stream) == (True, {"type": "object"}, False, True)


CHOICES = [
    ("none", "none", 2), ({"allowed_tools": {"mode": "any", "tools": ["look"]}}, "look", 1),
    ({"allowed_tools": {"mode": "validated", "tools": ["find"]}}, "auto", 1),
]  # fmt: skip


@pytest.mark.parametrize(("choice", "expected", "left"), CHOICES)
def test_choices(choice: Any, expected: str, left: int) -> None:
    find = {"type": "function", "name": "find"}
    found = asked(tools=[LOOK, find], generation_config={"tool_choice": choice})
    assert (found.tool_choice, len(found.tools)) == (expected, left)


def test_an_agent_and_what_goes_on() -> None:
    assert read_ask({"agent": "a", "input": "Hi"}).model == "a"
    assert read_ask({"model": "m", "continuation_token": "t", "previous_interaction_id": "i"}).model == "m"


def test_an_answer_to_a_call_that_the_server_keeps() -> None:
    result = {"type": "function_result", "call_id": "c", "result": "7"}
    assert asked(input=[result], previous_interaction_id="i").results == ("7",)


REFUSED = [
    ({"input": None}, "'input'"), ({"model": None}, "Exactly one"), ({"agent": "a"}, "Exactly one"),
    ({"new": 1}, "Unknown parameter 'new'"), ({"generation_config": {"top_k": 1}}, "Unknown parameter 'top_k'"),
    ({"generation_config": 5}, "generation_config"), ({"tools": {"a": 1}}, "'tools'"), ({"tools": [{}]}, "tools[0]"),
    ({"tools": [{"type": "function"}]}, "tools[0]"), ({"response_format": 5}, "response_format"),
    ({"generation_config": {"tool_choice": "some"}}, "tool_choice"), ({"stream": "yes"}, "stream"),
    ({"generation_config": {"stop_sequences": "x"}}, "stop_sequences"),
    ({"generation_config": {"tool_choice": {"allowed_tools": {"tools": ["x"]}}}}, "not declared"),
    ({"input": 5}, "input"), ({"generation_config": {"max_output_tokens": 0}}, "max_output_tokens"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "why"), REFUSED)
def test_what_is_refused(fields: Any, why: str) -> None:
    with pytest.raises(BadRequest) as caught:
        asked(**fields)
    assert why in caught.value.message


def test_an_agent_takes_no_configuration() -> None:
    with pytest.raises(BadRequest, match="cannot be given with 'agent'"):
        read_ask({"agent": "a", "input": "Hi", "generation_config": {}})
