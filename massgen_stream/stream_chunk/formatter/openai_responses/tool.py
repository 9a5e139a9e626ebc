"""Tools of the Responses API (https://platform.openai.com/docs/api-reference/responses/create#responses-create-tools).

Unlike those of Chat Completions they are flat, and strict unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...vocabulary import TOOL_CALL_KINDS
from ..neutral import fresh
from ..provider_data import OPENAI_RESPONSES, merged
from ..tool import TOOL_KEYS, Tool

Wire = dict[str, Any]
_MORE_KEYS: Final = ("allowed_callers", "async", "defer_loading", "output_schema")
"""Keys of this API beside the neutral ones."""


def format_tool(tool: Tool) -> Wire:
    """Return the wire form of a tool in neutral form; a vendor's own tool stays as it is."""
    if "kind" not in tool:
        return tool
    wire = {"type": tool["kind"]} | {key: tool[key] for key in (*TOOL_KEYS, *_MORE_KEYS) if key in tool}
    if tool["kind"] == "function":
        wire.setdefault("parameters", {"type": "object", "properties": {}})
        wire.setdefault("strict", False)  # the API's default refuses most schemas that were not written for it
    elif isinstance(wire.get("format"), dict):
        wire["format"] = _flat(wire["format"])
    return merged(wire, tool.get("provider_data", {}).get(OPENAI_RESPONSES, {}))


def hosted_choice(choice: Any) -> Wire | None:
    """Return the choice of a hosted tool, such as ``{"type": "web_search_preview"}``; None for any other choice."""
    kind = choice.get("type") if isinstance(choice, Mapping) else None
    if not isinstance(kind, str) or kind in (*TOOL_CALL_KINDS, "allowed_tools"):
        return None
    return dict(fresh(choice))


def format_choice(choice: str | dict[str, Any]) -> str | Wire:
    """Return the wire form of a choice in neutral form."""
    if isinstance(choice, str):
        return choice
    if "name" in choice:
        return {"type": choice["kind"], "name": choice["name"]}
    allowed = _flat(choice)
    tools = allowed.get("tools")
    return {**allowed, "tools": [_flat(tool) if isinstance(tool, dict) else tool for tool in tools or ()]}


def _flat(shape: Wire) -> Wire:
    """Return an object of Chat Completions, which nests its body under its type, as one of this API."""
    kind = shape.get("type")
    body = shape.get(kind) if isinstance(kind, str) else None
    return {"type": kind, **body} if isinstance(body, dict) else shape
