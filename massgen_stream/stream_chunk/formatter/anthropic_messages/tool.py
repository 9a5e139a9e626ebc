"""Tools of a Messages request (https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ....errors import InvalidMessage, excerpt
from ..neutral import fresh
from ..provider_data import merged
from ..tool import TOOL_KEYS, Tool
from .marks import with_own_mark
from .payload import ANTHROPIC, Wire

_OWN_CHOICES: Final = frozenset(("auto", "any", "none", "tool"))
_WORDS: Final = {"auto": "auto", "none": "none", "required": "any"}
_SCHEMA: Final = "input_schema"
_NEUTRAL: Final = frozenset((*TOOL_KEYS, "kind", "provider_data"))


def format_tool(tool: Tool) -> Wire:
    """Return the wire form of a tool in neutral form, or in Claude's own; one that Claude brings stays as it is.

    Raises:
        InvalidMessage: It takes free text, for which Claude has no tools.
    """
    if "kind" not in tool:
        return tool
    tool = with_own_mark(tool)
    schema = tool.get("parameters", tool.get(_SCHEMA))
    native = _SCHEMA in tool and "parameters" not in tool
    if tool["kind"] == "custom" and schema is None:
        why = "Claude has no tools that take free text; describe an object under `parameters`"
        raise InvalidMessage(f"tools[{excerpt(tool['name'])}].kind", why)
    wire: Wire = {"name": tool["name"]}
    wire |= {key: tool[key] for key in ("description", "strict") if key in tool}
    wire |= {key: tool[key] for key in tool if native and key not in _NEUTRAL}  # such as `defer_loading`
    wire[_SCHEMA] = schema or {"type": "object", "properties": {}}
    own = tool.get("provider_data", {}).get(ANTHROPIC, {})
    return merged(wire, own if isinstance(own, Mapping) else {})


def own_choice(choice: Any) -> Wire | None:
    """Return a choice that is in Claude's own form already, None for any other."""
    if isinstance(choice, Mapping) and choice.get("type") in _OWN_CHOICES and "function" not in choice:
        return dict(fresh(choice))
    return None


def format_choice(choice: str | dict[str, Any]) -> Wire:
    """Return the wire form of a choice in neutral form.

    Raises:
        InvalidMessage: It is a choice that Claude does not have.
    """
    if isinstance(choice, str):
        return {"type": _WORDS[choice]}
    if "name" not in choice:
        raise InvalidMessage("tool_choice", "Claude cannot choose among some of the tools; offer only those")
    return {"type": "tool", "name": choice["name"]}
