"""The tools that Google runs itself, by the types of their steps (https://ai.google.dev/gemini-api/docs/interactions)."""

from __future__ import annotations

from typing import Final

from .fields import Data

_CALL, _RESULT = "_call", "_result"
MCP: Final = "mcp_server_tool"
_TOOLS: Final = (
    "google_search", "code_execution", "url_context", "file_search", "google_maps", "retrieval", "processing",
    "tool_search", MCP,
)  # fmt: skip
CALLS: Final = frozenset(tool + _CALL for tool in _TOOLS)
"""Types of steps that tell a call; each has an `id`."""

RESULTS: Final = frozenset((*(tool + _RESULT for tool in _TOOLS), "function_result"))
"""Types of steps that tell what a call gave; each has the `call_id`."""


def tool_name(step: Data) -> str | None:
    """Return the name of the tool of a call or result: that of an MCP server's tool, else Google's own."""
    kind, name = str(step.get("type")), step.get("name")
    if kind.startswith(MCP) or kind == "function_result":
        return name if isinstance(name, str) and name else MCP if kind.startswith(MCP) else None
    return kind.removesuffix(_CALL).removesuffix(_RESULT)


def call_type(name: str) -> str:
    """Return the type of the step that calls the tool *name*; whatever Google does not know itself is a server's."""
    return name + _CALL if name in _TOOLS else MCP + _CALL


def result_type(name: str) -> str:
    """Return the type of the step that has the result of the tool *name*."""
    return name + _RESULT if name in _TOOLS else MCP + _RESULT
