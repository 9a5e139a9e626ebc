"""Finish reasons of chat servers, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_WORDS: Final[Mapping[str, str]] = {
    "stop": "stop",
    "eos": "stop",
    "eos_token": "stop",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "complete": "stop",
    "completed": "stop",
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",  # Mistral
    "tool_calls": "tool_calls",
    "tool_call": "tool_calls",
    "tool_use": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
    "safety": "content_filter",
    "sensitive": "content_filter",  # Z.ai
    "refusal": "refusal",
    "pause_turn": "pause",
    "error": "error",
    "network_error": "error",  # Z.ai
    "insufficient_system_resource": "error",  # DeepSeek
    "abort": "cancelled",
    "cancelled": "cancelled",
}
_NORMAL: Final = frozenset(("stop", "tool_calls", "refusal", "other"))
"""Ends after which the answer is whole."""

UNSTATED: Final = "unstated"
"""Key of `finish_details`: true where the server gave no reason, and ours follows from what came."""


def finish_reason_of(raw: str | None, *, calls: bool = False, refusal: bool = False) -> str:
    """Return our word for *raw*.

    Args:
        raw: The server's word; None when it gave none.
        calls: Whether the turn has a valid call of the client's tools; then it is ``tool_calls`` whatever the word.
        refusal: Whether it has refusal text.
    """
    word = _WORDS.get(raw.lower(), "other") if raw else "other"
    if word in _NORMAL and calls:
        return "tool_calls"
    return "refusal" if word in _NORMAL and refusal else word


def is_whole(raw: str | None) -> bool:
    """Return whether an answer that ended with *raw* was not cut off."""
    return finish_reason_of(raw) in _NORMAL


class Ending:
    """What a server says of the end of one choice; the last word wins.

    Attributes:
        raw: Its latest word.
        native: The word of the model's own vendor, where a router adds it.
        filtered: What a content filter found.
    """

    __slots__ = ("filtered", "native", "raw")

    def __init__(self) -> None:
        self.raw: str | None = None
        self.native: str | None = None
        self.filtered: dict[str, Any] | None = None

    def take(self, raw: str, native: str | None, filtered: dict[str, Any] | None) -> None:
        """Take the word of one event, and what came beside it."""
        self.raw = raw
        self.native = native or self.native
        self.filtered = filtered or self.filtered

    def reason(self, calls: list[dict[str, Any]], *, refusal: bool) -> str:
        """Return our word, given the complete *calls* of the choice."""
        return finish_reason_of(self.raw, calls=any("invalid" not in call for call in calls), refusal=refusal)

    def details(self, reason: str) -> dict[str, Any]:
        """Return `finish_details` for *reason*, our word."""
        details: dict[str, Any] = {}
        if self.native is not None and self.native != self.raw:
            details["native_finish_reason"] = self.native
        if self.filtered and not is_whole(self.raw):
            details["content_filter_results"] = self.filtered
        if self.raw is None and reason in ("tool_calls", "refusal"):
            details[UNSTATED] = True
        return details
