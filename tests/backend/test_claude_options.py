"""What options ask for, in Claude's words; read from the body that would be sent."""

from typing import Any

import anyio
import pytest

from massgen_stream.backend.claude_request import ClaudeRequest
from massgen_stream.errors import ConfigurationError
from massgen_stream.provider import get_provider

from .reading import HELLO

CLAUDE = get_provider("claude")
NEW, OLD, FOREIGN = "claude-sonnet-5-5", "claude-haiku-4-5", "deepseek-chat"
TOOL = {"name": "f", "parameters": {"type": "object"}}
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": False}


def request(model: str = NEW, tools: Any = (), messages: Any = HELLO, **options: Any) -> ClaudeRequest:
    return ClaudeRequest(CLAUDE, messages, tools, model, options)


def body(model: str = NEW, tools: Any = (), messages: Any = HELLO, **options: Any) -> dict[str, Any]:
    """The body, without what is always in it."""
    found = anyio.run(request(model, tools, messages, **options).body)
    assert found.pop("model") == model
    assert found.pop("stream") is True
    del found["messages"], found["max_tokens"]
    return found


def losses(model: str = NEW, **options: Any) -> list[str]:
    return request(model, **options).losses


@pytest.mark.parametrize(("model", "most"), [(NEW, 128_000), (OLD, 64_000), ("claude-9", 32_000), (FOREIGN, 32_000)])
def test_max_tokens(model: str, most: int) -> None:
    assert anyio.run(request(model).body)["max_tokens"] == most
    for name in ("max_tokens", "max_completion_tokens", "max_output_tokens"):
        assert anyio.run(request(model, **{name: 5}).body)["max_tokens"] == 5


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"stop": "x"}, {"stop_sequences": ["x"]}),
        ({"stop": ["x", "y"]}, {"stop_sequences": ["x", "y"]}),
        ({"stop_sequences": ["x"]}, {"stop_sequences": ["x"]}),
        ({"stop": []}, {}),
        ({"user": "u-1"}, {"metadata": {"user_id": "u-1"}}),
        ({"metadata": {"user_id": "u-1"}}, {"metadata": {"user_id": "u-1"}}),
        ({"metadata": {"user_id": "u-1"}, "user": "u-2"}, {"metadata": {"user_id": "u-2"}}),
        (
            {"service_tier": "auto", "brand_new": {"x": 1}, "nothing": None},
            {"service_tier": "auto", "brand_new": {"x": 1}},
        ),
        (
            {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "n", "schema": SCHEMA, "strict": True},
                }
            },
            {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}},
        ),
        ({"response_format": {"type": "text"}}, {}),
        ({"output_config": {"effort": "low"}}, {"output_config": {"effort": "low"}}),
        ({"thinking": {"type": "adaptive"}}, {"thinking": {"type": "adaptive"}}),
        ({"extra_body": {"temperature": 0.1}}, {"temperature": 0.1}),
        ({"parallel_tool_calls": False}, {}),
    ],
)
def test_fields(options: dict[str, Any], fields: dict[str, Any]) -> None:
    assert body(**options) == fields
    assert losses(**options) == []


@pytest.mark.parametrize("name", ["temperature", "top_p", "top_k"])
def test_sampling_goes_to_those_that_take_it(name: str) -> None:
    assert body(OLD, **{name: 0.5}) == body(FOREIGN, **{name: 0.5}) == {name: 0.5}
    assert body(NEW, **{name: 0.5}) == {}
    why = "Claude's models since Opus 4.7 refuse it; extra_body sends it all the same"
    assert losses(NEW, **{name: 0.5}) == [f"option {name} dropped: {why}"]


@pytest.mark.parametrize(
    ("model", "options", "fields"),
    [
        (NEW, {"reasoning_effort": "none"}, {"thinking": {"type": "disabled"}}),
        (
            NEW,
            {"reasoning_effort": "minimal"},
            {"thinking": {"type": "adaptive", "display": "summarized"}, "output_config": {"effort": "low"}},
        ),
        (
            "claude-opus-4-6",
            {"reasoning_effort": "max"},
            {"thinking": {"type": "adaptive", "display": "summarized"}, "output_config": {"effort": "max"}},
        ),
        (
            NEW,
            {"reasoning_effort": "xhigh", "thinking": {"type": "adaptive"}},
            {"thinking": {"type": "adaptive"}, "output_config": {"effort": "xhigh"}},
        ),
        (OLD, {"reasoning_effort": "high"}, {"thinking": {"type": "enabled", "budget_tokens": 16_384}}),
        (
            OLD,
            {"reasoning_effort": "low", "max_tokens": 1500},
            {"thinking": {"type": "enabled", "budget_tokens": 1499}},
        ),
        (OLD, {"reasoning_effort": "low", "thinking": {"type": "disabled"}}, {"thinking": {"type": "disabled"}}),
        (OLD, {"reasoning_effort": "none"}, {"thinking": {"type": "disabled"}}),
    ],
)
def test_effort(model: str, options: dict[str, Any], fields: dict[str, Any]) -> None:
    assert body(model, **options) == fields


def test_too_few_tokens_to_think() -> None:
    assert body(OLD, reasoning_effort="low", max_tokens=1024) == {}
    assert "needs 1024 tokens to think" in losses(OLD, reasoning_effort="low", max_tokens=1024)[0]


def test_schema_and_effort_share_a_field() -> None:
    wanted = {"type": "json_schema", "json_schema": {"schema": SCHEMA}}
    found = body(response_format=wanted, reasoning_effort="low", output_config={"more": 1})
    assert found["output_config"] == {
        "more": 1,
        "format": {"type": "json_schema", "schema": SCHEMA},
        "effort": "low",
    }


@pytest.mark.parametrize(
    ("options", "choice"),
    [
        ({"tool_choice": "required"}, {"type": "any"}),
        ({"tool_choice": {"name": "f"}}, {"type": "tool", "name": "f"}),
        ({"parallel_tool_calls": False}, {"type": "auto", "disable_parallel_tool_use": True}),
        ({"parallel_tool_calls": True}, None),
        ({"parallel_tool_calls": False, "tool_choice": "required"}, {"type": "any", "disable_parallel_tool_use": True}),
        ({"parallel_tool_calls": False, "tool_choice": "none"}, {"type": "none"}),
    ],
)
def test_choice(options: dict[str, Any], choice: Any) -> None:
    assert body(tools=[TOOL], **options).get("tool_choice") == choice


def test_tools_of_both_kinds() -> None:
    found = body(tools=[TOOL], web_search={"max_uses": 2}, code_execution=True, enable_web_fetch=True, shell=False)
    assert found["tools"] == [
        {"name": "f", "input_schema": {"type": "object"}},
        {"type": "web_search_20260318", "name": "web_search", "max_uses": 2},
        {"type": "code_execution_20260521", "name": "code_execution"},
        {"type": "web_fetch_20260318", "name": "web_fetch"},
    ]
    assert body(web_search=True, parallel_tool_calls=False)["tool_choice"]["disable_parallel_tool_use"]


@pytest.mark.parametrize(
    ("model", "inside"),
    [(NEW, True), ("claude-opus-4-8", True), (OLD, False), ("claude-sonnet-5", False), (FOREIGN, False)],
)
def test_later_instructions(model: str, inside: bool) -> None:
    found = anyio.run(request(model, messages=[*HELLO, {"role": "system", "content": "B"}]).body)
    assert ("system" in found) is not inside
    assert [one["role"] for one in found["messages"]] == (["user", "system"] if inside else ["user"])


@pytest.mark.parametrize(
    ("options", "header"),
    [
        ({}, None),
        ({"betas": "a"}, "a"),
        ({"betas": ["a", "b"], "extra_headers": {"Anthropic-Beta": "c, a"}}, "c,a,b"),
        ({"mcp_servers": []}, "mcp-client-2025-11-20"),
        ({"mcp_servers": [], "betas": ["mcp-client-2026-09-15"]}, "mcp-client-2026-09-15"),
        ({"fallbacks": [{"model": "x"}]}, "server-side-fallback-2026-07-01"),
        ({"context_management": {"edits": []}, "extra_body": {"thread": {}}},
         "context-management-2025-06-27,message-threads-2026-08-12"),
    ],
)  # fmt: skip
def test_betas(options: dict[str, Any], header: str | None) -> None:
    assert request(**options).transport.get("extra_headers", {}).get("anthropic-beta") == header


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"seed": 1}, "option seed dropped"),
        ({"metadata": {"team": "x", "user_id": "u"}}, "option metadata.team dropped: Claude takes user_id only"),
        ({"response_format": {"type": "json_object"}}, "option response_format dropped: Claude needs a schema"),
    ],
)
def test_what_is_dropped_is_told(options: dict[str, Any], told: str) -> None:
    (loss,) = losses(**options)
    assert loss.startswith(told)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"n": 2}, "Claude gives one answer"),
        ({"system": "x"}, "instructions are messages here"),
        ({"stop": 5}, "stop must be a text or a list of texts"),
        ({"stop": "x", "stop_sequences": ["y"]}, "leave one out"),
        ({"max_tokens": "5"}, "max_tokens must be a number, not str"),
        ({"max_tokens": 5, "max_output_tokens": 6}, "leave one out"),
        ({"reasoning_effort": "huge"}, "reasoning_effort must be none, minimal, low"),
        ({"response_format": {"type": "json_schema", "json_schema": {}}}, "needs json_schema.schema"),
        ({"reasoning_effort": {}}, "reasoning_effort must be none, minimal, low"),
        ({"response_format": "json"}, "response_format must be an object, not str"),
        ({"response_format": {"type": "json"}}, "response_format.type must be text, json_object or json_schema"),
        ({"response_format": {"type": ["text"]}}, "response_format.type must be text, json_object or json_schema"),
        ({"betas": [5]}, "betas must be a list of names"),
        ({"betas": 5}, "betas must be a list of names"),
        ({"thinking": {"type": {1}}}, "option thinking cannot be sent"),
        ({"metadata": 5}, "metadata must be an object"),
    ],
)
def test_what_is_refused(options: dict[str, Any], why: str) -> None:
    with pytest.raises(ConfigurationError, match=why):
        request(**options)
