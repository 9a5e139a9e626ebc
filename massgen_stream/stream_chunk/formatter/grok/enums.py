"""Names of the enum values of ``xai_api`` (https://github.com/xai-org/xai-proto, xai/api/v1/chat.proto, sample.proto).

Messages hold numbers. A number that is not here is never guessed: it stays a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PROTOCOL: Final = "grok"
ROLE_ASSISTANT: Final = 2
ROLE_TOOL: Final = 5
ROLES: Final[Mapping[int, str]] = MappingProxyType(
    {
        1: "ROLE_USER",
        2: "ROLE_ASSISTANT",
        3: "ROLE_SYSTEM",
        4: "ROLE_FUNCTION",
        5: "ROLE_TOOL",
        6: "ROLE_DEVELOPER",
    }
)
CLIENT_SIDE: Final = "TOOL_CALL_TYPE_CLIENT_SIDE_TOOL"

FINISH_REASONS: Final[Mapping[int, str]] = MappingProxyType(
    {
        1: "REASON_MAX_LEN",
        2: "REASON_MAX_CONTEXT",
        3: "REASON_STOP",
        4: "REASON_TOOL_CALLS",
        5: "REASON_TIME_LIMIT",
    }
)

TOOL_CALL_TYPES: Final[Mapping[int, str]] = MappingProxyType(
    {
        0: "TOOL_CALL_TYPE_INVALID",
        1: CLIENT_SIDE,
        2: "TOOL_CALL_TYPE_WEB_SEARCH_TOOL",
        3: "TOOL_CALL_TYPE_X_SEARCH_TOOL",
        4: "TOOL_CALL_TYPE_CODE_EXECUTION_TOOL",
        5: "TOOL_CALL_TYPE_COLLECTIONS_SEARCH_TOOL",
        6: "TOOL_CALL_TYPE_MCP_TOOL",
        7: "TOOL_CALL_TYPE_ATTACHMENT_SEARCH_TOOL",
        10: "TOOL_CALL_TYPE_IMAGE_GENERATION_TOOL",
    }
)

CLIENT_TYPES: Final = frozenset((0, 1))
"""Calls of the client's own tools: the type was added to the protocol later, and 0 is how a missing one reads."""

IMAGE_GENERATION: Final = 10

TOOL_CALL_STATUSES: Final[Mapping[int, str]] = MappingProxyType(
    {
        0: "TOOL_CALL_STATUS_IN_PROGRESS",
        1: "TOOL_CALL_STATUS_COMPLETED",
        2: "TOOL_CALL_STATUS_INCOMPLETE",
        3: "TOOL_CALL_STATUS_FAILED",
    }
)

_TYPE: Final = "TOOL_CALL_TYPE_"
_STATUS: Final = "TOOL_CALL_STATUS_"

FINAL_STATUSES: Final = frozenset(("completed", "incomplete", "failed"))
"""Our words for the status of a call that has ended."""


def tool_name(call_type: int | str | None, function: str) -> str:
    """Return the name of a tool that xAI runs, such as ``web_search``; of an MCP or unknown one its function's name."""
    name = TOOL_CALL_TYPES.get(call_type, "") if isinstance(call_type, int) else call_type or ""
    if not name.startswith(_TYPE) or name in (CLIENT_SIDE, _TYPE + "INVALID", _TYPE + "MCP_TOOL"):
        return function or "tool"
    return name.removeprefix(_TYPE).removesuffix("_TOOL").lower()


def tool_status(status: int | str | None) -> str | None:
    """Return our word for the status of a call, ``in_progress`` where it is not set; None for an unknown one."""
    if status is None:
        return "in_progress"
    name = TOOL_CALL_STATUSES.get(status, "") if isinstance(status, int) else status
    return name.removeprefix(_STATUS).lower() if name in TOOL_CALL_STATUSES.values() else None


def type_of_tool(name: str) -> str | None:
    """Return the type of a call of the tool that we call *name*; None where xAI runs no such tool."""
    found = f"{_TYPE}{name.upper()}_TOOL"
    return found if found in TOOL_CALL_TYPES.values() and found != CLIENT_SIDE else None


def status_of_word(word: str | None) -> str | None:
    """Return the status of a call for one of our words; None for words that xAI does not have."""
    found = f"{_STATUS}{(word or 'in_progress').upper()}"
    return found if found in TOOL_CALL_STATUSES.values() else None
