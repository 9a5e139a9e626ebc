"""Statuses of an interaction, in our words (https://ai.google.dev/api/interactions-api)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

CONTINUES: Final = "requires_continuation"
"""The answer goes on in another request: the status of an event that ends a response, but not the answer."""

_WORDS: Final[Mapping[str, str]] = {
    "completed": "stop",
    "requires_action": "pause",  # unless it is a call that waits for the client
    "incomplete": "length",
    "budget_exceeded": "length",
    CONTINUES: "pause",
    "failed": "error",
    "cancelled": "cancelled",
}
TERMINAL: Final = frozenset(_WORDS)
"""Statuses after which nothing comes in this response."""

_WHOLE: Final = frozenset(("completed", "requires_action"))
"""Statuses after which the calls are whole."""

RAW_WORDS: Final[Mapping[str, str]] = {
    "stop": "completed",
    "length": "incomplete",
    "tool_calls": "requires_action",
    "pause": CONTINUES,
    "cancelled": "cancelled",
    "error": "failed",
    "refusal": "completed",
    "content_filter": "incomplete",
}
"""Google's word for a finish reason whose vendor's word is not known."""

TOKEN: Final = "continuation_token"  # noqa: S105 - a field's name


def finish_reason_of(status: str, *, called: bool) -> str:
    """Return our word for *status*; *called* tells of a valid call of the client's tools."""
    word = _WORDS.get(status, "other")
    return "tool_calls" if called and (status in _WHOLE or word == "other") else word


def is_whole(status: str) -> bool:
    """Return whether the calls of an interaction that ended so were not cut off."""
    return status in _WHOLE or status not in _WORDS


def details_of(interaction: Mapping[str, Any]) -> dict[str, Any]:
    """Return `finish_details` for the vendor's final object."""
    token = interaction.get(TOKEN)
    return {TOKEN: token} if isinstance(token, str) and token else {}
