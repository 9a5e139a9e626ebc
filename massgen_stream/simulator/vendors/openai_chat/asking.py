"""What a Chat Completions request asks for."""

from __future__ import annotations

import json
from typing import Any, Final

from ....errors import InvalidMessage
from ....stream_chunk.formatter import OpenAIChatFormatter
from ....stream_chunk.formatter.openai_chat.options import LONGEST_ID
from ....stream_chunk.formatter.tool import normalise_choice, normalise_tools
from ...ask import Ask, Tool
from ...body_fields import MISSING, Body, flag_at, invalid_value, model_at, number_at, object_at, wrong_type
from ...conversation import reading
from ...pairing import unpaired
from ...vendor import BadRequest
from .drawing import ChatAsk, modalities_of, size_of

_MOST_CHOICES: Final = 128  # OpenAI's own bound


def read_ask(body: Body) -> Ask:
    """Return what *body* asks for.

    Raises:
        BadRequest: It is no Chat Completions request.
    """
    try:
        return _read(body)
    except InvalidMessage as problem:
        raise invalid_value(problem) from None


def _read(body: Body) -> Ask:
    stream, options = flag_at(body, "stream"), object_at(body, "stream_options")
    tools = _tools(body)
    choice, tools = _choice(body, tools)
    as_json, schema = _format(body)
    messages = OpenAIChatFormatter().parse_messages(_messages(body))
    _check_pairs(messages)
    found = reading(messages)
    found["input_characters"] += len(json.dumps(body["tools"])) if body.get("tools") else 0
    modalities = modalities_of(body)
    kind, drawn = (Ask, {}) if "image" not in modalities else (ChatAsk, _picture(body, modalities))
    return kind(
        model=model_at(body),
        **found,
        tools=tuple(tools),
        tool_choice=choice,
        reasoning=_reasoning(body),
        json=as_json,
        schema=schema,
        max_tokens=number_at(body, "max_completion_tokens") or number_at(body, "max_tokens"),
        stop=_stop(body),
        choices=number_at(body, "n", most=_MOST_CHOICES) or 1,
        stream=stream,
        usage=not stream or flag_at(options, "include_usage"),
        **drawn,
    )


def _picture(body: Body, modalities: list[str]) -> dict[str, Any]:
    return {"size": size_of(body), "speaks": "text" in modalities}


def _messages(body: Body) -> list[Any]:
    messages = body.get("messages")
    if messages is None:
        raise BadRequest("Missing required parameter: 'messages'.", param="messages", code=MISSING)
    if not isinstance(messages, list):
        raise wrong_type("messages", "an array of objects")
    if not messages:
        raise BadRequest("Invalid 'messages': empty array.", param="messages", code="empty_array")
    return messages


def _check_pairs(messages: list[dict[str, Any]]) -> None:
    """https://platform.openai.com/docs/guides/function-calling: each call is answered directly behind its message."""
    alone = unpaired(messages, close=True)
    if alone.answers:
        message = "messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
        raise BadRequest(message, param="messages")
    if alone.calls:
        names = ", ".join(alone.calls)
        raise BadRequest(f"Tool calls without a tool message directly behind them: {names:.200}.", param="messages")
    for call_id in (part["id"] for one in messages for part in one["content"] if part["type"] == "tool_call"):
        if len(call_id) > LONGEST_ID:
            message = f"Invalid id of a tool call: at most {LONGEST_ID} characters are expected, got {len(call_id)}."
            raise BadRequest(message, param="messages", code="string_above_max_length")


def _stop(body: Body) -> tuple[str, ...]:
    stop = body.get("stop")
    texts = [stop] if isinstance(stop, str) else stop or []
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise wrong_type("stop", "a string or an array of strings")
    return tuple(texts)


def _tools(body: Body) -> list[Tool]:
    """The functions offered; tools of other kinds are the vendor's to run, or take free text."""
    tools = normalise_tools(body.get("tools") or [])
    return [Tool(tool["name"], tool.get("parameters", {})) for tool in tools if tool.get("kind") == "function"]


def _choice(body: Body, tools: list[Tool]) -> tuple[str, list[Tool]]:
    """The choice as `Ask` has it, and the tools that it leaves."""
    choice = body.get("tool_choice")
    found = "auto" if choice is None else normalise_choice(choice)
    if isinstance(found, dict) and "name" not in found:  # https://platform.openai.com/docs/guides/function-calling
        allowed = object_at(found, "allowed_tools")
        kept = [normalise_choice(tool) for tool in allowed.get("tools") or ()]
        names = [one["name"] for one in kept if isinstance(one, dict) and "name" in one]
        tools = [tool for tool in tools if tool.name in names]
        found = str(allowed.get("mode", "auto"))
    name = found if isinstance(found, str) else found["name"]
    if isinstance(found, dict) and found["kind"] == "function" and name not in [tool.name for tool in tools]:
        raise BadRequest(f"Tool choice '{name:.40}' not found in 'tools' parameter.", param="tool_choice")
    if name == "required" and not body.get("tools"):
        raise BadRequest("'tool_choice' is only allowed when 'tools' are specified.", param="tool_choice")
    return name, tools


def _format(body: Body) -> tuple[bool, dict[str, Any] | None]:
    wanted = object_at(body, "response_format")
    kind = wanted.get("type", "text")
    if kind not in ("text", "json_object", "json_schema"):
        raise BadRequest(f"Invalid value for 'response_format.type': {str(kind)[:40]!r}.", param="response_format.type")
    if kind != "json_schema":
        return kind == "json_object", None
    schema = object_at(wanted, "json_schema").get("schema")
    return True, schema if isinstance(schema, dict) else {"type": "object"}


def _reasoning(body: Body) -> bool:
    """OpenAI's ``reasoning_effort``, or OpenRouter's ``reasoning``: https://openrouter.ai/docs/use-cases/reasoning-tokens."""
    effort = body.get("reasoning_effort")
    if effort is not None:
        return bool(effort != "none")
    wanted = object_at(body, "reasoning")
    if not wanted or wanted.get("exclude") or wanted.get("effort") == "none":
        return False
    return wanted.get("enabled", True) is not False
