"""Finish reasons of chat servers, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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
NORMAL: Final = frozenset(("stop", "tool_calls", "refusal", "other"))
"""Ends after which the answer is whole."""


def finish_reason_of(raw: str | None, *, calls: bool, refusal: bool) -> str:
    """Return our word for *raw*.

    Args:
        raw: The server's word; None when it gave none.
        calls: Whether the turn has a valid call of the client's tools; then it is ``tool_calls`` whatever the word.
        refusal: Whether it has refusal text.
    """
    word = _WORDS.get(raw.lower(), "other") if raw else "other"
    if word in NORMAL and calls:
        return "tool_calls"
    return "refusal" if word in NORMAL and refusal else word


def is_whole(raw: str | None) -> bool:
    """Return whether an answer that ended with *raw* was not cut off."""
    return finish_reason_of(raw, calls=False, refusal=False) in NORMAL
