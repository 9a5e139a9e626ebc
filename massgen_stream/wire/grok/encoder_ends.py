"""How a response ends in xAI's messages, well or badly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.formatter.grok.enums import FINISH_REASONS
from ...stream_chunk.text import TextStreamChunk
from .finish import RAW_OF

Data = dict[str, Any]
_CUT: Final = frozenset(("incomplete", "cancelled", "error"))


def finish_messages(chunk: TextStreamChunk, free: int) -> list[Data]:
    """Return the messages that carry the finish reasons of *chunk*.

    Of a stream that was cut after a reason, an output without any follows: *free* is an index for it.
    """
    details = chunk.finish_details or {}
    outputs, choices = details.get("outputs"), details.get("choices")
    if isinstance(outputs, list):
        rows = outputs
    else:
        first = {"index": 0, "finish_reason": chunk.finish_reason, "raw_finish_reason": chunk.raw_finish_reason}
        rows = [first, *(choices if isinstance(choices, list) else ())]
    said = [output for row in rows if isinstance(row, dict) and (output := _output(row)) is not None]
    messages: list[Data] = [{"outputs": said}] if said else []
    if said and chunk.finish_reason in _CUT:
        free = max(free, *(output["index"] + 1 for output in said))
        messages.append({"outputs": [{"index": free, "delta": {"role": "ROLE_TOOL"}}]})
    return messages


def _output(row: Mapping[str, Any]) -> Data | None:
    word = row.get("raw_finish_reason") or RAW_OF.get(row.get("finish_reason") or "")
    if not isinstance(word, str):
        return None
    known = word in FINISH_REASONS.values()
    number = int(word) if word.lstrip("-").isdecimal() else None
    reason = word if known else number if number is not None else "REASON_STOP"
    return {"index": row.get("index", 0), "delta": {"role": "ROLE_ASSISTANT"}, "finish_reason": reason}
