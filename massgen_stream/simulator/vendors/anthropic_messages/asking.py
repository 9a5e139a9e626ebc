"""What a Messages request asks for (https://platform.claude.com/docs/en/api/messages)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from ....errors import InvalidMessage
from ....stream_chunk.formatter import MessagesFormatter, MessagesPayload
from ...ask import Ask, Tool
from ...conversation import reading
from ...vendor import BadRequest
from .checking import check_conversation

Body = Mapping[str, Any]
_INDEX: Final = re.compile(r"\[(\d+)\]")
_THINKING: Final = frozenset(("adaptive", "enabled"))
_LEAST_BUDGET: Final = 1024
_SERVER_TOOLS: Final = ("web_search", "web_fetch", "code_execution")
_CLIENT_TOOLS: Final[Mapping[str, dict[str, Any]]] = {
    "bash": {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]},
    "memory": {
        "type": "object",
        "properties": {"command": {"enum": ["view"]}, "path": {"enum": ["/memories"]}},
        "required": ["command", "path"],
    },
}
"""Tools that Anthropic describes to the model, and the client runs."""


def read_ask(body: Body) -> Ask:
    """Return what *body* asks for.

    Raises:
        BadRequest: It is no Messages request.
    """
    if not isinstance(body.get("max_tokens"), int) or isinstance(body["max_tokens"], bool):
        raise _wrong("max_tokens", "Field required" if "max_tokens" not in body else "Input should be a valid integer")
    if body["max_tokens"] < 1:
        raise _wrong("max_tokens", "Input should be greater than or equal to 1")
    return _read(body, body["max_tokens"])


def counted_ask(body: Body) -> Ask:
    """Return what *body*, whose tokens are to be counted, would ask for.

    Raises:
        BadRequest: It is no Messages request.
    """
    return _read(body, None)


def _read(body: Body, max_tokens: int | None) -> Ask:
    tools, server_tools = _tools(body)
    config = _object(body, "output_config")
    schema = _object(config, "format").get("schema")
    found = _reading(_conversation(body))
    found["input_characters"] += len(json.dumps(body["tools"])) if body.get("tools") else 0
    return Ask(
        model=_model(body),
        **found,
        tools=tuple(tools),
        tool_choice=_choice(body, tools),
        server_tools=server_tools,
        reasoning=_thinks(body, max_tokens),
        json=schema is not None,
        schema=schema if isinstance(schema, dict) else None,
        max_tokens=max_tokens,
        stop=_stop(body),
        stream=body.get("stream") is True,
    )


def _reading(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Instructions behind the user's turn do not end it."""
    turns = reading([message for message in messages if message["role"] != "system"])
    return reading(messages) | {name: turns[name] for name in ("user_turn", "results")}


def _wrong(name: str, problem: str) -> BadRequest:
    return BadRequest(f"{name}: {problem}", param=name)


def _model(body: Body) -> str:
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise _wrong("model", "Field required" if "model" not in body else "Input should be a valid string")
    return model


def _conversation(body: Body) -> list[dict[str, Any]]:
    if not isinstance(body.get("messages"), list):
        raise _wrong("messages", "Field required" if "messages" not in body else "Input should be a valid list")
    check_conversation(body["messages"])
    try:
        return MessagesFormatter().parse_messages(MessagesPayload(body["messages"], body.get("system")))
    except InvalidMessage as problem:
        raise _wrong(_INDEX.sub(r".\1", problem.where), problem.problem) from None


def _object(body: Body, name: str) -> Body:
    value = body.get(name)
    if not isinstance(value, dict | None):
        raise _wrong(name, "Input should be a valid dictionary")
    return value or {}


def _stop(body: Body) -> tuple[str, ...]:
    stop = body.get("stop_sequences") or []
    if not isinstance(stop, list) or not all(isinstance(text, str) for text in stop):
        raise _wrong("stop_sequences", "Input should be a valid list of strings")
    return tuple(stop)


def _thinks(body: Body, max_tokens: int | None) -> bool:
    thinking = _object(body, "thinking")
    budget = thinking.get("budget_tokens")
    if thinking.get("type") == "enabled" and (not isinstance(budget, int) or budget < _LEAST_BUDGET):
        raise _wrong("thinking.enabled.budget_tokens", f"Input should be greater than or equal to {_LEAST_BUDGET}")
    if isinstance(budget, int) and max_tokens is not None and budget >= max_tokens:
        raise BadRequest("`max_tokens` must be greater than `thinking.budget_tokens`", param="max_tokens")
    return thinking.get("type") in _THINKING


def _tools(body: Body) -> tuple[list[Tool], tuple[str, ...]]:
    """The client's tools, and those that Anthropic runs."""
    tools = body.get("tools") or []
    if not isinstance(tools, list):
        raise _wrong("tools", "Input should be a valid list")
    offered: list[Tool] = []
    run: list[str] = []
    for index, tool in enumerate(tools):
        name = tool.get("name") if isinstance(tool, dict) else None
        kind = tool.get("type") or "custom" if isinstance(tool, dict) else None
        if not isinstance(kind, str) or (not isinstance(name, str) and "toolset" not in kind):
            raise _wrong(f"tools.{index}", "Input should be an object with a name")
        run += [one for one in _SERVER_TOOLS if kind.startswith(one)]
        schema = tool.get("input_schema", _CLIENT_TOOLS.get(str(name)))
        if kind == "custom" and not isinstance(schema, dict):
            raise _wrong(f"tools.{index}.custom.input_schema", "Field required")
        offered += [Tool(str(name), schema)] if isinstance(schema, dict) else []
    return offered, tuple(run)


def _choice(body: Body, tools: list[Tool]) -> str:
    choice = _object(body, "tool_choice")
    kind = choice.get("type", "auto")
    if choice and not body.get("tools"):
        raise BadRequest("tool_choice may only be specified while providing tools", param="tool_choice")
    if kind in ("auto", "none"):
        return str(kind)
    if kind == "any":
        return "required"
    name = choice.get("name")
    if kind != "tool" or not isinstance(name, str):
        raise _wrong("tool_choice", "Input should be auto, any, tool or none")
    if name not in [tool.name for tool in tools]:
        raise BadRequest(f"Tool '{name:.40}' not found in provided tools", param="tool_choice")
    return name
