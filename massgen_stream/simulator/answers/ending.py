"""The `done` of an answer: why each choice ended, and what it cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.narrow import done
from ...stream_chunk.text import TextStreamChunk
from ..ask import Ask
from .tokens import tokens_of, usage_of

_TEXT_FIELDS: Final[Mapping[str, str]] = {
    ChunkType.CONTENT: "content",
    ChunkType.REFUSAL: "content",
    ChunkType.REASONING: "reasoning_delta",
    ChunkType.TOOL_CALL_DELTA: "arguments_delta",
}


def text_field(chunk: TextStreamChunk) -> str:
    """Return the field of a delta that holds its text, empty for every other chunk."""
    return _TEXT_FIELDS.get(chunk.type, "")


def ending(chunks: Iterable[Any], ask: Ask, *, cut: Collection[int] = ()) -> TextStreamChunk:
    """Return the `done` that belongs after *chunks*.

    Args:
        chunks: Everything that was said; what is no delta is passed over.
        ask: The request, whose tokens count as input.
        cut: Indexes of choices that hit the bound of the request.
    """
    reasons: dict[int, str] = {}
    written: Counter[tuple[int, bool]] = Counter()
    for chunk in chunks:
        index = _tell(chunk, reasons)
        if index is not None and (name := text_field(chunk)):
            written[index, chunk.type is ChunkType.REASONING] += len(getattr(chunk, name) or "")
    reasons |= dict.fromkeys(cut, "length")
    first = reasons.pop(0, "stop")
    rows = [{"index": index, "finish_reason": reason} for index, reason in sorted(reasons.items())]
    details = {"choices": rows} if rows else None
    if not ask.usage:
        return done(first, finish_details=details, usage_source="none")
    return done(first, finish_details=details, usage=_usage(ask, written), usage_source="reported")


def _tell(chunk: Any, reasons: dict[int, str]) -> int | None:
    """Note what *chunk* says of the end of its choice; return the choice, None for what belongs to no choice."""
    if not isinstance(chunk, TextStreamChunk):
        return None
    index = chunk.choice_index or 0
    if chunk.type in (ChunkType.TOOL_CALL_DELTA, ChunkType.TOOL_CALLS):
        reasons[index] = "tool_calls"
    elif text_field(chunk):
        reasons.setdefault(index, "stop")
    return index


def _usage(ask: Ask, written: Mapping[tuple[int, bool], int]) -> dict[str, Any]:
    given = tokens_of(ask.input_characters, ask.input_media)
    tokens = {key: tokens_of(characters) for key, characters in written.items()}
    reasoned = sum(count for (_, is_reasoning), count in tokens.items() if is_reasoning)
    return usage_of(given, sum(tokens.values()), reasoned)
