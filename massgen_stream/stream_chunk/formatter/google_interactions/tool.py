"""Tools of the Interactions API (https://ai.google.dev/gemini-api/docs/interactions)."""

from __future__ import annotations

from typing import Any, Final

from ....errors import InvalidMessage
from ..neutral import fresh
from ..provider_data import merged
from ..tool import Tool
from .payload import PROTOCOL, Wire

OWN_TOOLS: Final = frozenset((
    "code_execution", "computer_use", "file_search", "google_maps", "google_search", "mcp_server", "retrieval",
    "tool_search", "url_context",
))  # fmt: skip
"""Google's own, which are sent as they are: ``{"type": "google_search"}``."""

_WORDS: Final = {"auto": "auto", "none": "none", "required": "any"}
_ANY_TEXT: Final = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}


def declared(tool: Tool) -> Wire:
    """Return the tool of a request; free text becomes an argument `input`.

    Raises:
        InvalidMessage: It is the own tool of another vendor.
    """
    if tool.get("type") in OWN_TOOLS:
        return tool
    if "kind" not in tool:
        offered = ", ".join(sorted(OWN_TOOLS))
        raise InvalidMessage("tools", f"{str(tool.get('type'))[:40]!r} is no tool of Gemini; its own are {offered}")
    known: Wire = {"type": "function", "name": tool["name"]}
    if "description" in tool:
        known["description"] = tool["description"]
    parameters = _ANY_TEXT if tool["kind"] == "custom" else tool.get("parameters")
    if parameters:
        known["parameters"] = fresh(parameters)
    return merged(known, tool.get("provider_data", {}).get(PROTOCOL, {}))


def tool_choice(choice: str | Wire) -> Any:
    """Return ``generation_config.tool_choice`` for a choice in neutral form."""
    if isinstance(choice, str):
        return _WORDS[choice]
    if "name" in choice:
        return {"allowed_tools": {"mode": "any", "tools": [choice["name"]]}}
    allowed = choice.get("allowed_tools", choice)
    names = [name for tool in allowed.get("tools", ()) if (name := tool.get("function", tool).get("name"))]
    mode = "any" if allowed.get("mode") == "required" else "validated"
    return {"allowed_tools": {"mode": mode, "tools": names}}
