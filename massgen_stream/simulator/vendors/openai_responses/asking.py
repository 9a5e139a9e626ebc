"""What a Responses request asks for."""

from __future__ import annotations

import json
from typing import Any, Final

from ....errors import InvalidMessage
from ....stream_chunk.formatter import ResponsesFormatter
from ....stream_chunk.formatter.tool import normalise_choice, normalise_tools
from ...ask import Tool
from ...body_fields import MISSING, Body, flag_at, invalid_value, model_at, number_at, object_at, wrong_type
from ...conversation import reading
from ...pairing import unpaired
from ...vendor import BadRequest
from .drawing import check_tool
from .ids import is_genuine
from .response_ask import ResponseAsk

_ECHOED: Final = (
    "background", "conversation", "instructions", "max_output_tokens", "metadata", "parallel_tool_calls",
    "previous_response_id", "prompt_cache_key", "reasoning", "safety_identifier", "service_tier", "store",
    "temperature", "text", "tool_choice", "tools", "top_p", "truncation", "user",
)  # fmt: skip


def read_ask(body: Body) -> ResponseAsk:
    """Return what *body* asks for.

    Raises:
        BadRequest: It is no Responses request.
    """
    try:
        return _read(body)
    except InvalidMessage as problem:
        raise invalid_value(problem) from None


def _read(body: Body) -> ResponseAsk:
    tools = normalise_tools(body.get("tools") or [])
    named = [Tool(tool["name"], tool.get("parameters", {})) for tool in tools if tool.get("kind") == "function"]
    hosted = [tool for tool in tools if "kind" not in tool]
    for tool in hosted:
        if tool.get("type") == "image_generation":
            check_tool(tool)
    choice, named, hosted = _choice(body, named, hosted)
    as_json, schema = _format(body)
    return ResponseAsk(
        model=model_at(body),
        **_conversation(body),
        tools=tuple(named),
        tool_choice=choice,
        reasoning=_reasoning(body),
        json=as_json,
        schema=schema,
        max_tokens=number_at(body, "max_output_tokens"),
        stream=flag_at(body, "stream"),
        kept=flag_at(body, "background"),
        hosted=tuple(hosted),
        custom=frozenset(tool["name"] for tool in tools if tool.get("kind") == "custom"),
        summary=object_at(body, "reasoning").get("summary") is not None,
        include=_include(body),
        stored=body.get("store") is not False,
        echo={name: body[name] for name in _ECHOED if body.get(name) is not None},
    )


def _conversation(body: Body) -> dict[str, Any]:
    given = body.get("input")
    if given is None and not body.get("previous_response_id") and not body.get("conversation"):
        raise BadRequest("Missing required parameter: 'input'.", param="input", code=MISSING)
    if not isinstance(given, str | list | None):
        raise wrong_type("input", "a string or an array of items")
    items = [] if given is None else given
    _check_reasoning(items)
    messages = ResponsesFormatter().parse_messages(items)
    if not body.get("previous_response_id") and not body.get("conversation"):
        _check_pairs(messages)
    found = reading(messages)
    found["input_characters"] += len(json.dumps(body["tools"])) if body.get("tools") else 0
    found["input_characters"] += len(body["instructions"]) if isinstance(body.get("instructions"), str) else 0
    return found


def _check_pairs(messages: list[dict[str, Any]]) -> None:
    """Calls and outputs belong together, as https://platform.openai.com/docs/guides/function-calling has them."""
    alone = unpaired(messages, close=False)
    if alone.calls:
        raise BadRequest(f"No tool output found for function call {alone.calls[0]:.80}.", param="input")
    if alone.answers:
        raise BadRequest(f"No tool call found for output with call_id {alone.answers[0]:.80}.", param="input")


def _check_reasoning(items: Any) -> None:
    """OpenAI refuses encrypted reasoning of its own that is not what it sent."""
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict) and item.get("type") == "reasoning" and not is_genuine(item):
            message = "The encrypted content could not be verified."
            raise BadRequest(message, param=f"input[{index}]", code="invalid_encrypted_content")


def _choice(body: Body, named: list[Tool], hosted: list[Any]) -> tuple[str, list[Tool], list[Any]]:
    """The choice as `Ask` has it, and the tools that it leaves."""
    choice = body.get("tool_choice")
    if choice is None:
        return "auto", named, hosted
    kind = choice.get("type") if isinstance(choice, dict) else None
    if kind == "allowed_tools":
        kept = [tool.get("name", tool.get("type")) for tool in choice.get("tools") or () if isinstance(tool, dict)]
        named = [tool for tool in named if tool.name in kept]
        return str(choice.get("mode", "auto")), named, [tool for tool in hosted if tool.get("type") in kept]
    if isinstance(kind, str) and "name" not in choice:
        return "none", named, [tool for tool in hosted if str(tool.get("type")).startswith(kind)]
    found = normalise_choice(choice)
    if isinstance(found, str):
        if found == "required" and not body.get("tools"):
            raise BadRequest("'tool_choice' is only allowed when 'tools' are specified.", param="tool_choice")
        return found, named, [] if found == "none" else hosted
    if found["kind"] == "function" and found["name"] not in [tool.name for tool in named]:
        raise BadRequest(f"Tool choice '{found['name']:.40}' not found in 'tools' parameter.", param="tool_choice")
    return found["name"], named, []


def _format(body: Body) -> tuple[bool, dict[str, Any] | None]:
    wanted = object_at(object_at(body, "text"), "format")
    kind = wanted.get("type", "text")
    if kind not in ("text", "json_object", "json_schema"):
        raise BadRequest(f"Invalid value for 'text.format.type': {str(kind)[:40]!r}.", param="text.format.type")
    if kind != "json_schema":
        return kind == "json_object", None
    if not isinstance(wanted.get("name"), str):
        raise BadRequest("Missing required parameter: 'text.format.name'.", param="text.format.name", code=MISSING)
    schema = wanted.get("schema")
    return True, schema if isinstance(schema, dict) else {"type": "object"}


def _reasoning(body: Body) -> bool:
    wanted = object_at(body, "reasoning")
    return bool(wanted) and wanted.get("effort") != "none"


def _include(body: Body) -> tuple[str, ...]:
    include = body.get("include") or []
    if not isinstance(include, list) or not all(isinstance(name, str) for name in include):
        raise wrong_type("include", "an array of strings")
    return tuple(include)
