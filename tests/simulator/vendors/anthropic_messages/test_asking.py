from typing import Any

import pytest

from massgen_stream.simulator.vendor import BadRequest
from massgen_stream.simulator.vendors.anthropic_messages.asking import counted_ask, read_ask

BODY: dict[str, Any] = {"model": "m", "max_tokens": 100, "messages": [{"role": "user", "content": "hello"}]}


def test_what_is_read() -> None:
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}}
    messages = [{"role": "user", "content": [{"type": "text", "text": "look"}, image]}]
    tools = [{"name": "f", "input_schema": {"type": "object"}}, {"type": "web_search_20250305", "name": "web_search"}]
    ask = read_ask({**BODY, "messages": messages, "tools": tools, "system": "be kind", "stream": True})
    assert (ask.model, ask.prompt, ask.max_tokens, ask.stream) == ("m", "look", 100, True)
    assert [(seen.kind, seen.label, seen.size_bytes) for seen in ask.media] == [("image", "image/png", 3)]
    assert [tool.name for tool in ask.tools] == ["f"]
    assert ask.server_tools == ("web_search",)
    assert ask.input_characters > len("look be kind")


def test_results_and_thinking() -> None:
    call = {"type": "tool_use", "id": "a", "name": "f", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "a", "content": "42"}
    messages = [
        *BODY["messages"],
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [result]},
    ]
    thinking = {"type": "enabled", "budget_tokens": 1024}
    ask = read_ask({**BODY, "messages": messages, "max_tokens": 2000, "thinking": thinking})
    assert (ask.results, ask.user_turn, ask.reasoning) == (("42",), False, True)
    assert not read_ask(BODY).reasoning


def test_a_count_needs_no_bound() -> None:
    assert counted_ask({"model": "m", "messages": BODY["messages"]}).max_tokens is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"max_tokens": None}, "max_tokens: Input should be a valid integer"),
        ({"max_tokens": 0}, "max_tokens: Input should be greater than or equal to 1"),
        ({"model": ""}, "model: Input should be a valid string"),
        ({"messages": {}}, "messages: Input should be a valid list"),
        ({"messages": []}, "messages: at least one message is required"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages.0.role: Input should be 'user'"),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": 5}]}]},
            "messages.0.content.0.text: must be",
        ),
        ({"system": 5}, "system: must be str or a list"),
        ({"stop_sequences": "x"}, "stop_sequences: Input should be a valid list"),
        ({"thinking": {"type": "enabled", "budget_tokens": 10}}, "budget_tokens: Input should be greater than"),
        ({"thinking": {"type": "enabled", "budget_tokens": 2000}}, "`max_tokens` must be greater than"),
        ({"thinking": "on"}, "thinking: Input should be a valid dictionary"),
        ({"tools": "x"}, "tools: Input should be a valid list"),
        ({"tools": [5]}, "tools.0: Input should be an object"),
        ({"tools": [{"name": "f"}]}, "tools.0.custom.input_schema: Field required"),
        ({"tool_choice": {"type": "auto"}}, "tool_choice may only be specified while providing tools"),
    ],
)
def test_what_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BadRequest) as caught:
        read_ask({**BODY, **change})
    assert message in caught.value.message
    assert caught.value.status == 400


@pytest.mark.parametrize("choice", [{"type": "tool", "name": "g"}, {"type": "odd"}, {"type": "tool"}])
def test_choices_that_there_are_not(choice: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match=r"not found in provided tools|tool_choice"):
        read_ask({**BODY, "tools": [{"name": "f", "input_schema": {}}], "tool_choice": choice})


def test_missing_fields() -> None:
    for name in ("model", "max_tokens", "messages"):
        body = {key: value for key, value in BODY.items() if key != name}
        with pytest.raises(BadRequest, match=f"{name}: Field required"):
            read_ask(body)
