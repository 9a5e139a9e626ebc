"""How hosts want requests; each quirk is a pure function of the body."""

import copy
from typing import Any

import pytest

from massgen_stream.provider import ProviderSpec, get_provider, providers

QUIRKY = [host for host in providers().values() if host.request_quirk is not None]
CALL: dict[str, Any] = {"id": "call_0123456789", "type": "function", "function": {"name": "f", "arguments": "{}"}}
ANSWERED: list[dict[str, Any]] = [
    {"role": "user", "content": "hi"},
    {"role": "assistant", "content": "", "reasoning": "Hm.", "reasoning_content": "Hm.", "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": CALL["id"], "content": "1"},
]


def wanted(name: str, *, model: str | None = None, messages: list[Any] | None = None, **fields: Any) -> dict[str, Any]:
    """What the host gets, without the fields that it shares with all others."""
    host = get_provider(name)
    assert host.request_quirk is not None
    body = {"model": model or host.default_model, "messages": messages or [], **fields}
    before = copy.deepcopy(body)
    found = host.request_quirk(body)
    assert body == before
    return {key: value for key, value in found.items() if key not in ("model", "messages")}


def sent(name: str, model: str | None = None) -> list[dict[str, Any]]:
    """The messages that the host gets for a conversation with reasoning and a call."""
    host = get_provider(name)
    assert host.request_quirk is not None
    messages: list[dict[str, Any]] = host.request_quirk({"model": model or host.default_model, "messages": ANSWERED})[
        "messages"
    ]
    return messages


@pytest.mark.parametrize("host", QUIRKY, ids=[host.name for host in QUIRKY])
def test_a_quirk_says_what_it_does_and_leaves_a_plain_request_alone(host: ProviderSpec) -> None:
    assert host.request_quirk is not None
    assert host.request_quirk.__doc__
    body = {"model": host.default_model, "messages": [{"role": "user", "content": "hi"}], "stream": True}
    assert host.request_quirk(copy.deepcopy(body)) == body


@pytest.mark.parametrize("name", ["deepseek", "zai"])
def test_no_effort_turns_thinking_off(name: str) -> None:
    assert wanted(name, reasoning_effort="none") == {"thinking": {"type": "disabled"}}
    assert wanted(name, reasoning_effort="high") == {"reasoning_effort": "high"}
    own = {"type": "enabled", "clear_thinking": False}
    assert wanted(name, reasoning_effort="none", thinking=own) == {"thinking": own}


@pytest.mark.parametrize(
    ("given", "theirs"), [("minimal", "low"), ("medium", "high"), ("xhigh", "max"), ("low", "low")]
)
def test_hosts_with_three_efforts(given: str, theirs: str) -> None:
    assert wanted("zai", reasoning_effort=given) == {"reasoning_effort": theirs}
    assert wanted("moonshot", reasoning_effort=given) == {"reasoning_effort": theirs}


def test_kimi_before_k3_knows_a_switch_only() -> None:
    assert wanted("moonshot", reasoning_effort="none") == {"reasoning_effort": "low"}
    assert wanted("moonshot", model="kimi-k2.6", reasoning_effort="none") == {"thinking": {"type": "disabled"}}
    assert wanted("moonshot", model="kimi-k2.6", reasoning_effort="high") == {}


def test_qwen() -> None:
    assert wanted("qwen", reasoning_effort="none") == {"reasoning_effort": "none"}
    assert wanted("qwen", model="qwen-plus", reasoning_effort="none") == {"enable_thinking": False}
    assert wanted("qwen", model="qwen-plus", reasoning_effort="low") == {"enable_thinking": True}
    assert wanted("qwen", search_options={}) == {"enable_search": True}
    forced = {"forced_search": True}
    assert wanted("qwen", search_options=forced) == {"enable_search": True, "search_options": forced}


def test_together() -> None:
    assert wanted("together", reasoning_effort="none") == {"reasoning": {"enabled": False}}
    assert wanted("together", reasoning_effort="low") == {"reasoning_effort": "low"}


@pytest.mark.parametrize("name", ["vllm", "sglang"])
def test_servers_that_hand_switches_to_the_chat_template(name: str) -> None:
    off = {"enable_thinking": False, "thinking": False}
    assert wanted(name, reasoning_effort="none") == {"chat_template_kwargs": off}
    on = wanted(name, reasoning_effort="low", chat_template_kwargs={"thinking": False, "x": 1})
    assert on == {
        "reasoning_effort": "low",
        "chat_template_kwargs": {"enable_thinking": True, "thinking": False, "x": 1},
    }


@pytest.mark.parametrize(("name", "qwen"), [("groq", "qwen/qwen3.8-27b"), ("cerebras", "qwen-3.8-27b")])
def test_qwen_elsewhere_is_asked_to_set_reasoning_apart(name: str, qwen: str) -> None:
    assert wanted(name, model=qwen) == {"reasoning_format": "parsed"}
    assert wanted(name, model=qwen, reasoning_format="hidden") == {"reasoning_format": "hidden"}
    assert wanted(name) == {}


def test_reasoning_goes_back_only_where_it_is_taken() -> None:
    assert {"reasoning", "reasoning_content"} & sent("groq")[1].keys() == set()
    assert sent("groq", "qwen/qwen3.8-27b")[1]["reasoning"] == "Hm."
    assert "reasoning_content" not in sent("groq", "qwen/qwen3.8-27b")[1]
    assert sent("cerebras")[1].keys() == {"role", "content", "reasoning", "tool_calls"}
    assert sent("mistral")[1].keys() == {"role", "content", "tool_calls"}


FOREIGN: list[dict[str, Any]] = [
    {"role": "user", "content": "hi"},
    {"role": "assistant", "content": "Hello."},
    {"role": "assistant", "content": "", "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": CALL["id"], "content": "1"},
]


def fillers(name: str, messages: list[dict[str, Any]], **fields: Any) -> list[str | None]:
    host = get_provider(name)
    assert host.request_quirk is not None
    found = host.request_quirk({"model": host.default_model, "messages": messages, **fields})["messages"]
    return [message.get("reasoning_content") for message in found]


def test_answers_of_other_models_get_the_reasoning_that_a_host_insists_on() -> None:
    assert fillers("deepseek", FOREIGN) == [None, "", "", None]
    assert fillers("deepseek", FOREIGN[:2]) == [None, None]
    assert fillers("deepseek", FOREIGN, reasoning_effort="none") == [None] * 4
    assert fillers("deepseek", ANSWERED) == [None, "Hm.", None]
    assert fillers("moonshot", FOREIGN) == [None, None, " ", None]
    assert fillers("moonshot", FOREIGN, model="kimi-k2.6", reasoning_effort="none") == [None] * 4
    assert fillers("moonshot", ANSWERED) == [None, "Hm.", None]


def test_zai_streams_the_arguments_of_calls() -> None:
    tools = [{"type": "function", "function": {"name": "f"}}]
    assert wanted("zai", tools=tools) == {"tools": tools, "tool_stream": True}
    assert wanted("zai", tools=tools, tool_stream=False) == {"tools": tools, "tool_stream": False}
    assert wanted("zai", tools=tools, model="glm-4.5") == {"tools": tools}


def test_mistral_has_its_own_words() -> None:
    assert wanted("mistral", stream_options={"include_usage": True}, tool_choice="required") == {"tool_choice": "any"}
    assert wanted("mistral", tool_choice="auto") == {"tool_choice": "auto"}


def test_mistral_gets_ids_of_nine_letters_and_digits() -> None:
    _, said, answer = sent("mistral")
    short = said["tool_calls"][0]["id"]
    assert len(short) == 9
    assert short.isalnum()
    assert answer["tool_call_id"] == short
    assert said["tool_calls"][0]["function"] == CALL["function"]
    own = [{"role": "tool", "tool_call_id": "AbC123xYz", "content": ""}]
    quirk = get_provider("mistral").request_quirk
    assert quirk is not None
    assert quirk({"model": "m", "messages": own})["messages"] == own
