"""Tools of Chat Completions (https://platform.openai.com/docs/api-reference/chat/create#chat-create-tools)."""

from __future__ import annotations

from typing import Any

from ..provider_data import OPENAI_CHAT, merged
from ..tool import TOOL_KEYS, Tool

Wire = dict[str, Any]


def format_tool(tool: Tool) -> Wire:
    """Return the wire form of a tool in neutral form; a vendor's own tool stays as it is."""
    if "kind" not in tool:
        return tool
    kind = tool["kind"]
    body = {key: tool[key] for key in TOOL_KEYS if key in tool}
    if kind == "function":
        # Omitting them is legal, but not to every server.
        body.setdefault("parameters", {"type": "object", "properties": {}})
    return merged({"type": kind, kind: body}, tool.get("provider_data", {}).get(OPENAI_CHAT, {}))


def format_choice(choice: str | dict[str, Any]) -> str | Wire:
    """Return the wire form of a choice in neutral form."""
    if isinstance(choice, str) or "name" not in choice:
        return choice
    return {"type": choice["kind"], choice["kind"]: {"name": choice["name"]}}
