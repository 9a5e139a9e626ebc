"""Strategies of whole turns: attempts, interleaved parts of several choices, finals, and every kind of end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..stream_chunk.jsonform import text_form
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from ..stream_chunk.vocabulary import ERROR_KINDS
from . import strategies_values as values
from .strategies_blocks import BLOCKS, Block, choices_of, chunk, status_blocks
from .strategies_chunks import usage
from .strategies_values import Data

_T = ChunkType
_CUT_BY_ERROR: Final = ("error", "incomplete")
_UNTROUBLED: Final = ("stop", "length", "content_filter", "pause", "other")
_MOST_BLOCKS: Final = 4


@st.composite
def turns(draw: DrawFn, names: Iterator[str], *, end: ChunkType = _T.TURN_DONE) -> Block:
    """One turn, from its start to its *end*: cut short, or complete with all its finals."""
    first = draw(st.sampled_from((*BLOCKS[:3], None)))
    blocks = [first(next(names), 0)] if first else []
    others = draw(st.lists(st.tuples(st.sampled_from(BLOCKS), st.sampled_from((0, 0, 1))), max_size=_MOST_BLOCKS))
    blocks += [block(next(names), choice) for block, choice in others]
    body = interleaved(draw, [draw(block) for block in blocks])
    opening = draw(_openings(names))
    if draw(st.sampled_from((False, False, True))):
        return opening + _cut(draw, body, end)
    message = _messages(body) if draw(st.booleans()) else []
    return opening + body + message + [_end(draw, end, _reason(draw, body), body)]


@st.composite
def _openings(draw: DrawFn, names: Iterator[str]) -> Block:
    """What comes before the answer: failed attempts, each with a `start` of its own or none."""
    opening: Block = []
    for _ in range(draw(st.sampled_from((0, 0, 1, 2)))):
        opening += [_start(draw)] * draw(st.booleans())
        opening.append(chunk(_T.BACKEND_STATUS, status="retry", detail="429"))
        opening += draw(status_blocks(next(names), 0))
    return opening + [_start(draw)] * draw(st.booleans())


def _start(draw: DrawFn) -> TextStreamChunk:
    return chunk(_T.START, provider="openrouter", model="some/model", response_id=draw(values.optional(values.ids())))


def interleaved(draw: DrawFn, blocks: list[Block]) -> Block:
    """Return the chunks of all *blocks*, each in its order, mixed as drawn; it shrinks to one block after the other."""
    lanes = [lane for lane, block in enumerate(blocks) for _ in block]
    seed = draw(st.integers(0, 999))  # one draw instead of one for each chunk
    if seed:
        Random(seed).shuffle(lanes)  # noqa: S311 - not for secrets
    left = [iter(block) for block in blocks]
    return [next(left[lane]) for lane in lanes]


def _cut(draw: DrawFn, body: Block, end: ChunkType) -> Block:
    """Return a beginning of *body* with an end that tells of the cut."""
    reason = draw(st.sampled_from((*_CUT_BY_ERROR, "cancelled")))
    begun = body[: draw(st.integers(0, len(body)))]
    if reason in _CUT_BY_ERROR:
        info = {"kind": draw(st.sampled_from(ERROR_KINDS)), "retryable": draw(st.booleans())}
        begun.append(chunk(_T.ERROR, error="it broke", error_info=info))
    return [*begun, _end(draw, end, reason, begun)]


def _end(draw: DrawFn, end: ChunkType, reason: str, body: Block) -> TextStreamChunk:
    known = [one.usage for one in body if isinstance(one, TextStreamChunk) and one.type is _T.USAGE]
    report = draw(values.optional(usage()))
    report = known[-1] if report is None and known else report
    sources = ("none", None) if report is None else ("reported", "estimated")
    details = draw(st.sampled_from((None, {"reason": "max_output_tokens"})))
    return chunk(
        end,
        finish_reason=reason,
        raw_finish_reason=draw(values.optional(values.text())),
        finish_details=details,
        usage=report,
        usage_source=draw(st.sampled_from(sources)),
    )


def _reason(draw: DrawFn, body: Block) -> str:
    first = [one for one in body if isinstance(one, TextStreamChunk) and not one.choice_index]
    if any("invalid" not in call for one in first for call in one.tool_calls or ()):
        return draw(st.sampled_from(("tool_calls", "length", "content_filter")))
    if any(one.type is _T.REFUSAL for one in first):
        return "refusal"
    return draw(st.sampled_from(_UNTROUBLED))


def _messages(body: Block) -> Block:
    """Return the complete message of each choice."""
    found: dict[int, list[Data]] = {}
    for one in body:
        if isinstance(one, TextStreamChunk) and one.type in (_T.CONTENT, _T.REFUSAL, _T.REASONING, _T.TOOL_CALLS):
            _extend(found.setdefault(one.choice_index or 0, []), one)
    return [
        chunk(
            _T.COMPLETE_MESSAGE,
            complete_message={"role": "assistant", "content": parts},
            choice_index=choices_of(choice),
        )
        for choice, parts in found.items()
    ]


def _extend(parts: list[Data], one: TextStreamChunk) -> None:
    """Add a chunk to the parts of a message, in order of arrival; runs of one kind are one part."""
    if one.type is _T.TOOL_CALLS:
        parts += [{"type": "tool_call", **call} for call in one.tool_calls or ()]
        return
    kind = {_T.CONTENT: "text", _T.REASONING: "reasoning"}.get(one.type, "refusal")
    text = one.reasoning_delta if one.type is _T.REASONING else one.content
    if parts and parts[-1]["type"] == kind:
        parts[-1]["text"] = text_form(parts[-1]["text"] + (text or ""))
    else:
        parts.append({"type": kind, "text": text or ""})


def fresh_names() -> Iterator[str]:
    """Yield names for items, calls and media; none comes twice."""
    return (f"x{number}" for number in count())
