"""Tools and the choice among them, in neutral form.

A tool is ``{"name", "description"?, "parameters"?, "strict"?}``, a custom one
``{"kind": "custom", "name", "description"?, "format"?}``; a choice is ``"auto"``, ``"none"``, ``"required"`` or
``{"name": …}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ...errors import InvalidMessage
from ..vocabulary import TOOL_CALL_KINDS
from .media import text_of
from .neutral import fresh
from .provider_data import OPENAI_CHAT, read_provider_data, settled, with_data

Tool = dict[str, Any]

TOOL_KEYS: Final = ("name", "description", "parameters", "strict", "format")
CHOICES: Final = ("auto", "none", "required")
_CHOICE_ALIASES: Final = {"any": "required"}
"""The word of Mistral and Anthropic."""


def normalise_tools(tools: Iterable[Any]) -> list[Tool]:
    """Return tools in neutral form, each with its `kind`; a vendor's own tool stays as it is, with its `type`.

    Raises:
        InvalidMessage: One is no tool; `where` is its place, as ``tools[1].name``.
    """
    if isinstance(tools, str | bytes | Mapping) or not isinstance(tools, Iterable):
        raise InvalidMessage("tools", f"must be a list of tools, not {type(tools).__name__}")
    return [_read_tool(tool, f"tools[{index}]") for index, tool in enumerate(tools)]


def _read_tool(tool: Any, where: str) -> Tool:
    if not isinstance(tool, Mapping):
        raise InvalidMessage(where, f"must be an object with a `name`, not {type(tool).__name__}")
    try:
        return _read(tool, where)
    except RecursionError:
        raise InvalidMessage(where, "is nested too deeply, or contains itself") from None


def _read(tool: Mapping[str, Any], where: str) -> Tool:
    for kind in TOOL_CALL_KINDS:
        if isinstance(tool.get(kind), Mapping):
            rest = {key: value for key, value in tool.items() if key not in ("type", kind)}
            return _openai_tool(tool[kind], rest, kind, f"{where}.{kind}")
    kind = tool.get("type") or tool.get("kind") or "function"
    if kind not in TOOL_CALL_KINDS:
        return dict(fresh(tool))  # such as {"type": "openrouter:web_search"}
    rest = {key: value for key, value in tool.items() if key not in ("type", "kind", "provider_data", *TOOL_KEYS)}
    return settled(_function(tool, str(kind), where), rest, None)


def _openai_tool(body: Mapping[str, Any], rest: dict[str, Any], kind: str, where: str) -> Tool:
    extra = {key: fresh(value) for key, value in body.items() if key not in TOOL_KEYS}
    known = _function({**body, "provider_data": rest.pop("provider_data", None)}, kind, where)
    return with_data(known, OPENAI_CHAT, {**fresh(rest), **({kind: extra} if extra else {})})


def _function(tool: Mapping[str, Any], kind: str, where: str) -> Tool:
    name = text_of(tool, "name", where)
    if not name:
        raise InvalidMessage(f"{where}.name", "must not be empty")
    known = {key: fresh(tool[key]) for key in TOOL_KEYS if tool.get(key) is not None}
    if not isinstance(known.get("parameters", {}), dict):
        raise InvalidMessage(f"{where}.parameters", "must be a JSON schema, as an object")
    return {"kind": kind, **known} | read_provider_data(tool, where)


def neutral_mcp_tools(tools: Iterable[Any]) -> list[Tool]:
    """Return the neutral form of tools as a Model Context Protocol server lists them, objects or dictionaries.

    https://modelcontextprotocol.io/specification/2025-06-18/server/tools#tool; Python libraries name the schema
    ``inputSchema`` or ``input_schema``.

    Raises:
        InvalidMessage: One has no name, or its schema is no object.
    """
    if isinstance(tools, str | bytes | Mapping) or not isinstance(tools, Iterable):
        raise InvalidMessage("tools", f"must be a list of MCP tools, not {type(tools).__name__}")
    return [_read_mcp_tool(tool, f"tools[{index}]") for index, tool in enumerate(tools)]


def _read_mcp_tool(tool: Any, where: str) -> Tool:
    schema = _of(tool, "inputSchema")
    if schema is None:
        schema = _of(tool, "input_schema")
    found = {"name": _of(tool, "name"), "description": _of(tool, "description"), "parameters": schema}
    return _function(found, "function", where)


def _of(tool: Any, name: str) -> Any:
    return tool.get(name) if isinstance(tool, Mapping) else getattr(tool, name, None)


def normalise_choice(choice: Any) -> str | dict[str, Any]:
    """Return a tool choice in neutral form: a word, or ``{"name", "kind"}``; OpenAI-shaped ones are accepted.

    Raises:
        InvalidMessage: It is none of these.
    """
    if isinstance(choice, str) and _CHOICE_ALIASES.get(choice, choice) in CHOICES:
        return str(_CHOICE_ALIASES.get(choice, choice))
    if isinstance(choice, Mapping):
        kind = str(choice.get("kind") or choice.get("type") or "function")
        named = choice.get(kind, choice)
        if isinstance(named, Mapping) and isinstance(named.get("name"), str) and named["name"]:
            return {"name": named["name"], "kind": kind if kind in TOOL_CALL_KINDS else "function"}
        if choice.get("type") == "allowed_tools":
            return dict(fresh(choice))
    raise InvalidMessage("tool_choice", f"must be {', '.join(CHOICES)} or an object with the `name` of a tool")
