"""How a chat stream ends on the wire, well or badly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.text import TextStreamChunk
from .finish import UNSTATED

Data = dict[str, Any]
_WORDS: Final[Mapping[str, str]] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "content_filter": "content_filter",
    "refusal": "stop",
    "pause": "stop",
}
"""OpenAI's word for a `finish_reason` whose vendor's word is not known; the others are told by other means."""

_DETAILS: Final = ("native_finish_reason", "content_filter_results")


def finish_choices(chunk: TextStreamChunk, *, cut: bool) -> list[Data]:
    """Return the choices of the event that carries the finish reasons of *chunk*.

    Of a *cut* stream those without a reason are there too: they are why it is a cut one.
    """
    details = chunk.finish_details or {}
    first = {"index": 0, "finish_reason": chunk.finish_reason, "raw_finish_reason": chunk.raw_finish_reason, **details}
    said = _choice(first, cut=cut)
    others = details.get("choices")
    rows = [_choice(row, cut=cut) for row in others if isinstance(row, dict)] if isinstance(others, list) else []
    return [said, *rows] if said["finish_reason"] is not None or (cut and rows) else rows


def _choice(row: Mapping[str, Any], *, cut: bool) -> Data:
    word = row.get("raw_finish_reason")
    if word is None and not cut and not row.get(UNSTATED):
        word = _WORDS.get(row.get("finish_reason") or "")
    details = {name: row[name] for name in _DETAILS if name in row}
    return {"index": row.get("index"), "delta": {}, "finish_reason": word, **details}
