"""Finish reasons of xAI, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_WORDS: Final[Mapping[str, str]] = {
    "REASON_STOP": "stop",
    "REASON_MAX_LEN": "length",
    "REASON_MAX_CONTEXT": "length",
    "REASON_TIME_LIMIT": "length",  # a bound ended the answer, though not one of tokens
    "REASON_TOOL_CALLS": "tool_calls",
}
RAW_OF: Final[Mapping[str, str]] = {
    "stop": "REASON_STOP",
    "refusal": "REASON_STOP",
    "pause": "REASON_STOP",
    "content_filter": "REASON_STOP",
    "other": "REASON_STOP",
    "length": "REASON_MAX_LEN",
    "tool_calls": "REASON_TOOL_CALLS",
}
"""xAI's word for a `finish_reason` whose vendor's word is not known; the others are told by other means."""


def finish_reason_of(raw: str, *, calls: bool) -> str:
    """Return our word for *raw*; *calls* tells that the turn has a valid call of the client's tools."""
    word = _WORDS.get(raw, "other")
    if word in ("stop", "other") and calls:
        return "tool_calls"
    return word
