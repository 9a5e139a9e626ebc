"""What a request of xAI's chat asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ....errors import InvalidMessage
from ....stream_chunk.formatter import GrokFormatter
from ...ask import Tool
from ...conversation import reading
from ...vendor import BadRequest
from .grok_ask import GrokAsk

Body = Mapping[str, Any]
_NATIVE: Final = {
    "web_search": "web_search",
    "x_search": "x_search",
    "code_execution": "code_execution",
    "collections_search": "file_search",
    "image_generation": "image_generation",
}
_MODES: Final = {"TOOL_MODE_AUTO": "auto", "TOOL_MODE_NONE": "none", "TOOL_MODE_REQUIRED": "required"}
_JSON: Final = ("FORMAT_TYPE_JSON_OBJECT", "FORMAT_TYPE_JSON_SCHEMA")
_MOST_CHOICES: Final = 128


def read_ask(body: Body, *, stream: bool) -> GrokAsk:
    """Return what *body*, the JSON form of a ``GetCompletionsRequest``, asks for.

    Raises:
        BadRequest: xAI would refuse it.
    """
    try:
        return _read(body, stream=stream)
    except InvalidMessage as problem:
        raise BadRequest(f"Invalid {problem.where}: {problem.problem}.", param=problem.where) from None


def _read(body: Body, *, stream: bool) -> GrokAsk:
    if not body.get("model"):
        raise BadRequest("Missing required field: model.", param="model")
    if not body.get("messages"):
        raise BadRequest("Messages cannot be empty.", param="messages")
    found = reading(GrokFormatter().parse_messages(body["messages"]))
    offered = body.get("tools", [])
    found["input_characters"] += len(json.dumps(offered)) if offered else 0
    tools = [_tool(tool["function"]) for tool in offered if "function" in tool]
    choices = body.get("n", 1)
    if not 1 <= choices <= _MOST_CHOICES:
        raise BadRequest(f"n must be from 1 to {_MOST_CHOICES}.", param="n")
    encrypted = bool(body.get("use_encrypted_content"))
    return GrokAsk(
        model=body["model"],
        **found,
        tools=tuple(tools),
        tool_choice=_choice(body.get("tool_choice", {}), tools),
        server_tools=tuple(_NATIVE[name] for tool in offered for name in tool if name in _NATIVE),
        reasoning=encrypted or body.get("reasoning_effort", "EFFORT_NONE") != "EFFORT_NONE",
        max_tokens=body.get("max_tokens"),
        stop=tuple(body.get("stop", ())),
        choices=choices,
        stream=stream,
        encrypted=encrypted,
        stored=bool(body.get("store_messages")),
        include=tuple(map(str, body.get("include", ()))),
        **_format(body.get("response_format", {})),
    )


def _tool(function: Body) -> Tool:
    if not function.get("name"):
        raise BadRequest("A function needs a name.", param="tools")
    try:
        parameters = json.loads(function.get("parameters") or "{}")
    except ValueError:
        raise BadRequest("The parameters of a function must be a JSON schema.", param="tools") from None
    return Tool(function["name"], parameters if isinstance(parameters, dict) else {})


def _choice(choice: Body, tools: list[Tool]) -> str:
    name = choice.get("function_name")
    if name is None:
        return _MODES.get(str(choice.get("mode")), "auto")
    if name not in [tool.name for tool in tools]:
        raise BadRequest(
            f"The tool choice names a function that is not offered: {str(name)[:40]}.", param="tool_choice"
        )
    return str(name)


def _format(wanted: Body) -> dict[str, Any]:
    kind = wanted.get("format_type")
    if kind not in _JSON:
        return {}
    try:
        schema = json.loads(wanted.get("schema") or "null")
    except ValueError:
        raise BadRequest("The schema of the response format is no JSON.", param="response_format") from None
    return {"json": True, "schema": schema if isinstance(schema, dict) else None}
