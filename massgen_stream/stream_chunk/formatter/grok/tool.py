"""Tools, the choice among them, and calls of them (``Tool``, ``ToolChoice``, ``ToolCall``)."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any, Final

from ....errors import InvalidMessage
from ..call import json_text
from ..loss import Loss
from ..neutral import Part
from ..provider_data import merged
from ..sent_call import sent_arguments, sent_name
from ..tool import Tool
from .enums import CLIENT_SIDE, PROTOCOL

Wire = dict[str, Any]
_FIELDS: Final = MappingProxyType(
    {
        "code_interpreter": "code_execution",
        "file_search": "collections_search",
        **{
            name: name
            for name in (
                "web_search",
                "x_search",
                "code_execution",
                "collections_search",
                "mcp",
                "attachment_search",
                "image_generation",
            )
        },
    }
)
"""Field of ``Tool`` by the type of a tool that xAI runs; the first two are OpenAI's words."""


def format_tool(tool: Tool) -> Wire:
    """Return the wire form of a tool in neutral form; ``{"type": "mcp", …}`` names one that xAI runs.

    Raises:
        InvalidMessage: xAI has no tool of that kind.
    """
    kind = str(tool.get("kind", tool.get("type")))
    if kind == "function":
        parameters = tool.get("parameters", {"type": "object", "properties": {}})
        body = {"name": tool["name"], "parameters": json_text(parameters, f"tool {tool['name']!r}.parameters")}
        body |= {key: tool[key] for key in ("description", "strict") if key in tool}
        return {"function": merged(body, tool.get("provider_data", {}).get(PROTOCOL, {}))}
    if kind not in _FIELDS:
        wanted = "pass a function, or one of " + ", ".join(sorted({*_FIELDS.values()}))
        raise InvalidMessage("tools", f"xAI has no {kind} tools; {wanted}")
    return {_FIELDS[kind]: {name: value for name, value in tool.items() if name != "type"}}


def format_choice(choice: str | dict[str, Any]) -> Wire:
    """Return the wire form of a choice in neutral form.

    Raises:
        InvalidMessage: It names several tools, which xAI has no form for.
    """
    if isinstance(choice, str):
        return {"mode": f"TOOL_MODE_{choice.upper()}"}
    if "name" not in choice:
        raise InvalidMessage("tool_choice", "xAI takes no set of allowed tools; offer only those")
    return {"function_name": choice["name"]}


def format_call(part: Part, own: Wire, where: str, losses: list[Loss]) -> Wire:
    """Return the wire form of a call of a client's tool."""
    arguments = part["arguments"]
    if part["kind"] == "custom":
        losses.append(Loss(where, "custom call sent as a function's", "xAI has only functions"))
        arguments = json.dumps({"input": arguments}, ensure_ascii=False)
    function = {"name": sent_name(part, where, losses), "arguments": sent_arguments(arguments, where, losses)}
    return merged({"id": part["id"], "type": CLIENT_SIDE, "function": function}, own)
