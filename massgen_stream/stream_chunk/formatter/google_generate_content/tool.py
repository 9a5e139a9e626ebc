"""Tools of ``generateContent`` (https://ai.google.dev/api/caching#Tool)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ....errors import InvalidMessage
from ..neutral import fresh
from ..provider_data import merged
from ..tool import Tool
from .payload import PROTOCOL, Wire

DECLARATIONS: Final = "functionDeclarations"
_NEUTRAL: Final = ("name", "type", "kind", "function", "custom")
_MODES: Final = {"auto": "AUTO", "none": "NONE", "required": "ANY"}
_ANY_TEXT: Final = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}


def is_googles(tool: Any) -> bool:
    """Return whether a tool is in Google's own form, such as ``{"googleSearch": {}}``."""
    return isinstance(tool, Mapping) and bool(tool) and not any(name in tool for name in _NEUTRAL)


def declaration(tool: Tool) -> Wire:
    """Return the declaration of a function; free text becomes an argument `input`.

    Raises:
        InvalidMessage: It is the own tool of another vendor.
    """
    if "kind" not in tool:
        found = str(tool.get("type"))[:40]
        raise InvalidMessage(
            "tools", f"{found!r} is no tool of Gemini; its own are objects such as {{'googleSearch': {{}}}}"
        )
    known: Wire = {"name": tool["name"]}
    if "description" in tool:
        known["description"] = tool["description"]
    parameters = _ANY_TEXT if tool["kind"] == "custom" else tool.get("parameters")
    if parameters:
        known["parametersJsonSchema"] = fresh(parameters)
    return merged(known, tool.get("provider_data", {}).get(PROTOCOL, {}))


def grouped(tools: Iterable[Wire]) -> list[Wire]:
    """Return tools with all declarations in one; Google's own stay as they are."""
    declared: list[Wire] = []
    others: list[Wire] = []
    for tool in tools:
        if is_googles(tool):
            others.append(dict(fresh(tool)))
        else:
            declared.append(tool)
    return [*([{DECLARATIONS: declared}] if declared else []), *others]


def tool_config(choice: str | Wire) -> Wire:
    """Return the ``toolConfig`` for a choice in neutral form."""
    if isinstance(choice, str):
        return _config(_MODES[choice], [])
    if "name" in choice:
        return _config("ANY", [choice["name"]])
    allowed = choice.get("allowed_tools", choice)
    names = [name for tool in allowed.get("tools", ()) if (name := tool.get("function", tool).get("name"))]
    return _config("ANY" if allowed.get("mode") == "required" else "VALIDATED", names)


def _config(mode: str, names: list[str]) -> Wire:
    return {"functionCallingConfig": {"mode": mode, **({"allowedFunctionNames": names} if names else {})}}
