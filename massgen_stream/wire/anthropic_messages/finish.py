"""Stop reasons of Claude, in our words (https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..metadata import Metadata
from .fields import Data

_WORDS: Final[Mapping[str, str]] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "tool_use": "tool_calls",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "pause_turn": "pause",
    "compaction": "pause",  # the context was compacted, and the request is to be sent again
    "refusal": "refusal",
}
_WHOLE: Final = frozenset(("stop", "tool_calls", "pause", "other"))
"""Ends after which the calls are whole; a refusal may cut one off."""
_YIELDING: Final = frozenset(("stop", "tool_calls", "other"))
"""Ends that a valid call turns into ``tool_calls``."""

RAW_WORDS: Final[Mapping[str, str]] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "pause": "pause_turn",
    "refusal": "refusal",
    "content_filter": "refusal",
}
"""Claude's word for a finish reason whose vendor's word is not known."""

UNSTATED: Final = "unstated"
"""Key of `finish_details`: true where the vendor gave no reason, and ours follows from what came."""

DETAILS: Final = ("stop_sequence", "stop_details")


class Ending:
    """What the vendor says of the end; the last word wins.

    Attributes:
        raw: Its latest stop reason.
    """

    def __init__(self) -> None:
        self.raw: str | None = None
        self._details: Data = {}

    def take(self, delta: Data, read: Metadata) -> None:
        """Take the delta of a ``message_delta``."""
        self.raw = read.text(delta, "stop_reason", "delta") or self.raw
        sequence = read.text(delta, "stop_sequence", "delta")
        details = read.data(delta, "stop_details", "delta.")
        self._details |= {"stop_sequence": sequence} if sequence else {}
        self._details |= {"stop_details": details} if details else {}

    def is_whole(self) -> bool:
        """Return whether the calls of an answer with this end were not cut off."""
        return self._word() in _WHOLE

    def reason(self, calls: list[Data]) -> str:
        """Return our word, given the complete *calls*."""
        word = self._word()
        return "tool_calls" if word in _YIELDING and any("invalid" not in call for call in calls) else word

    def details(self, reason: str) -> Data:
        """Return `finish_details` for *reason*, our word."""
        unstated: dict[str, Any] = {UNSTATED: True} if self.raw is None and reason == "tool_calls" else {}
        return {**self._details, **unstated}

    def _word(self) -> str:
        return _WORDS.get(self.raw or "", "other")
