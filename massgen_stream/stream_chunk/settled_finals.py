"""Finals that agree with their deltas: one that goes on brings a last delta, one that contradicts gives way to them."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from .base import BaseStreamChunk
from .call_arguments import is_json
from .choice import Choice
from .final_texts import continuation, same
from .kinds import ChunkType
from .text import TextStreamChunk

_T = ChunkType
Data = dict[str, Any]
Chunks = list[BaseStreamChunk]


def contradiction(what: str) -> TextStreamChunk:
    """Return the status for a final that says something else than its deltas."""
    detail = f"{what} contradicts its deltas; the deltas stand"
    return TextStreamChunk(type=_T.BACKEND_STATUS, status="contradiction", detail=detail)


def settled_reasoning(chunk: TextStreamChunk, choice: Choice) -> Chunks:
    """Return what to pass for a `reasoning_done`."""
    settled = choice.settled_reasoning(chunk)
    if settled.contradicts:
        return [contradiction("reasoning_done"), replace(chunk, reasoning_text=settled.text)]
    if not settled.delta:
        return [chunk]
    last = TextStreamChunk(
        type=_T.REASONING,
        reasoning_delta=settled.delta,
        item_id=chunk.item_id,
        content_index=chunk.content_index,
        choice_index=chunk.choice_index,
        source=chunk.source,
    )
    return [last, chunk]


def settled_summary(chunk: TextStreamChunk, choice: Choice) -> Chunks:
    """Return what to pass for a `reasoning_summary_done`."""
    settled = choice.settled_summary(chunk)
    if settled.contradicts:
        return [contradiction("reasoning_summary_done"), replace(chunk, reasoning_summary_text=settled.text)]
    if not settled.delta:
        return [chunk]
    last = TextStreamChunk(
        type=_T.REASONING_SUMMARY,
        reasoning_summary_delta=settled.delta,
        item_id=chunk.item_id,
        summary_index=chunk.summary_index,
        choice_index=chunk.choice_index,
        source=chunk.source,
    )
    return [last, chunk]


def settled_calls(chunk: TextStreamChunk, choice: Choice) -> Chunks:
    """Return what to pass for a `tool_calls`; a call that was complete before is left out."""
    before: Chunks = []
    calls: list[Data] = []
    for call in chunk.tool_calls or ():
        part = choice.call_part(str(call.get("id", "")))
        if part is None:
            calls.append(call)
        elif part.final is None:
            calls.append(_agreed(call, part.pieces.join(), chunk, before) if part.announced else call)
    if not calls:
        return before
    return [*before, chunk if calls == chunk.tool_calls else replace(chunk, tool_calls=calls)]


def _agreed(call: Data, told: str, chunk: TextStreamChunk, before: Chunks) -> Data:
    """Return the call as its deltas told it; what comes before it is added to *before*."""
    arguments = str(call.get("arguments", ""))
    if same(arguments, told) or (arguments == "{}" and told in ("", "null")):
        return call
    rest = continuation(told, arguments)
    if rest is not None:
        before.append(
            TextStreamChunk(
                type=_T.TOOL_CALL_DELTA,
                tool_call_id=call["id"],
                arguments_delta=rest,
                choice_index=chunk.choice_index,
                source=chunk.source,
            )
        )
        return call
    before.append(contradiction(f"call {call['id']}"))
    if call.get("kind") != "custom" and not is_json(told) and "invalid" not in call:
        call = {**call, "invalid": {"reason": "malformed_json"}}
    return {**call, "arguments": told}
