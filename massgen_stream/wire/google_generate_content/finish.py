"""Finish reasons of Gemini, in our words (https://ai.google.dev/api/generate-content#FinishReason)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

CONTINUATION: Final = "CONTINUATION"
"""The answer goes on in another response."""

_WORDS: Final[Mapping[str, str]] = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    CONTINUATION: "pause",
    **dict.fromkeys(
        (
            "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION",
        ),
        "content_filter",
    ),
    **dict.fromkeys(
        (
            "MALFORMED_FUNCTION_CALL", "MALFORMED_RESPONSE", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS",
            "MISSING_THOUGHT_SIGNATURE",
        ),
        "error",
    ),
    **dict.fromkeys(
        (
            "FINISH_REASON_UNSPECIFIED", "OTHER", "LANGUAGE", "NO_IMAGE", "IMAGE_OTHER", "ESCALATION",
            "PUP_LIMITED_DISABLED",
        ),
        "other",
    ),
}  # fmt: skip
_UNSTATED: Final = ("stop", "other")
"""Ends that say nothing of calls; Gemini has no word of its own for them."""


def finish_reason_of(raw: str | None, *, calls: bool = False) -> str:
    """Return our word for *raw*, None when it was not given; *calls* tells of a valid call of the client's tools."""
    word = _WORDS.get(raw, "other") if raw else "other"
    return "tool_calls" if calls and word in _UNSTATED else word


class Ending:
    """What is said of the end of one candidate; the last word wins.

    Attributes:
        raw: The latest finish reason.
        message: What the vendor says of it.
        token: With which an answer that ended with ``CONTINUATION`` goes on.
        ratings: The latest safety ratings.
    """

    __slots__ = ("message", "ratings", "raw", "token")

    def __init__(self) -> None:
        self.raw: str | None = None
        self.message: str | None = None
        self.token: str | None = None
        self.ratings: list[Any] | None = None

    def details(self, reason: str) -> dict[str, Any]:
        """Return `finish_details` for *reason*, our word."""
        found = {
            "finishMessage": self.message,
            "continuationToken": self.token,
            "safetyRatings": self.ratings if reason == "content_filter" else None,
        }
        return {name: value for name, value in found.items() if value}
