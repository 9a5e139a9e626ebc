"""How responses end, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_WORDS: Final[Mapping[str, str]] = {"completed": "stop", "failed": "error", "cancelled": "cancelled"}
_REASONS: Final[Mapping[str, str]] = {"max_output_tokens": "length", "content_filter": "content_filter"}
_UNSTATED: Final = frozenset(("stop", "other"))


def finish_reason_of(status: str, details: Mapping[str, Any], *, called: bool, refused: bool) -> str:
    """Return our word for the end of a response.

    Args:
        status: The vendor's status.
        details: Its ``incomplete_details``.
        called: Whether there is a valid call of the client's tools.
        refused: Whether there is text of a refusal.
    """
    word = _WORDS.get(status, "other")
    if status == "incomplete":
        word = _REASONS.get(str(details.get("reason")), "other")
    if word not in _UNSTATED:
        return word
    return "tool_calls" if called else "refusal" if refused else word
