"""How a ``streamGenerateContent`` response ends on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.text import TextStreamChunk

Data = dict[str, Any]
WORDS: Final[Mapping[str, str]] = {
    "stop": "STOP",
    "length": "MAX_TOKENS",
    "tool_calls": "STOP",
    "content_filter": "SAFETY",
    "refusal": "STOP",
    "pause": "CONTINUATION",
    "other": "OTHER",
}
"""Google's word for a `finish_reason` whose vendor's word is not known; the others are told by other means."""

_CUT: Final = frozenset(("error", "incomplete", "cancelled"))
_DETAILS: Final = ("finishMessage", "continuationToken", "safetyRatings")


def finish_body(chunk: TextStreamChunk, usage: Any) -> Data:
    """Return the event that says `done`: candidates with their reasons, usage, and why a prompt was blocked."""
    details = chunk.finish_details or {}
    others, block = details.get("choices"), details.get("promptFeedback")
    stated = chunk.finish_reason in _CUT or bool(block) or bool(others)
    first = {"index": 0, "raw_finish_reason": chunk.raw_finish_reason, **details}
    if not stated and chunk.raw_finish_reason is None:
        first["raw_finish_reason"] = WORDS.get(chunk.finish_reason or "")
    rows = [first, *(row for row in others if isinstance(row, dict))] if isinstance(others, list) else [first]
    candidates = [said for row in rows if len(said := _candidate(row)) > 1]
    body: Data = {"candidates": candidates} if candidates or usage else {}
    return body | ({"usageMetadata": usage} if usage else {}) | ({"promptFeedback": block} if block else {})


def _candidate(row: Mapping[str, Any]) -> Data:
    said = {"index": row.get("index"), "finishReason": row.get("raw_finish_reason")}
    said |= {name: row.get(name) for name in _DETAILS}
    return {name: value for name, value in said.items() if value is not None}
