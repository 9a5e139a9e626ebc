"""A `complete_message` that agrees with what its turn has said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from .base import BaseStreamChunk
from .choice import Choice
from .final_texts import continuation, same
from .kinds import ChunkType
from .odd_values import dicts_in, text_of
from .settled_finals import contradiction
from .text import TextStreamChunk

_T = ChunkType
Data = dict[str, Any]


def settled_message(chunk: TextStreamChunk, choice: Choice) -> list[BaseStreamChunk]:
    """Return what to pass for a `complete_message`.

    One that is all that its turn has said brings its parts as chunks before it; one whose text goes on brings a last
    delta; any other that says something else gives way to the turn's own.
    """
    said, ours = chunk.complete_message or {}, choice.message()
    parts, own = _parts(said), _parts(ours)
    if not own:
        return [*_chunks_of(parts, chunk), chunk]
    rest = _rest(own, parts)
    if (
        rest is None
        or _ids(parts) != _ids(own)
        or not (_agree(own, parts, "refusal") and _agree(own, parts, "reasoning"))
    ):
        return [contradiction("complete_message"), replace(chunk, complete_message=ours)]
    if not rest:
        return [chunk]
    return [_like(chunk, type=_T.CONTENT, content=rest), chunk]


def _parts(message: Data) -> list[Data]:
    content = message.get("content")
    parts = [{"type": "text", "text": content}] if isinstance(content, str) and content else dicts_in(content)
    known = _ids(parts)
    calls = [
        {"type": "tool_call", **call} for call in dicts_in(message.get("tool_calls")) if call.get("id") not in known
    ]
    return parts + calls


def _chunks_of(parts: list[Data], chunk: TextStreamChunk) -> Iterator[BaseStreamChunk]:
    for part in parts:
        kind, text, item_id = part.get("type"), text_of(part.get("text")), part.get("item_id")
        item_id = item_id if isinstance(item_id, str) else None
        if kind == "tool_call":
            call = {name: value for name, value in part.items() if name != "type"}
            yield _like(chunk, type=_T.TOOL_CALLS, tool_calls=[call])
        elif kind == "text" and text:
            yield _like(chunk, type=_T.CONTENT, content=text, item_id=item_id)
        elif kind == "refusal" and text:
            yield _like(chunk, type=_T.REFUSAL, content=text, item_id=item_id)
        elif kind == "reasoning" and text:
            yield _like(chunk, type=_T.REASONING, reasoning_delta=text, item_id=item_id)
            yield _like(chunk, type=_T.REASONING_DONE, reasoning_text=text, item_id=item_id)


def _like(chunk: TextStreamChunk, **fields: Any) -> TextStreamChunk:
    return TextStreamChunk(**fields, choice_index=chunk.choice_index, source=chunk.source)


def _rest(own: list[Data], parts: list[Data]) -> str | None:
    """Return the text that *parts* add to our *own*, None when they say something else."""
    if _same_items(own, parts, "text"):
        return ""
    return continuation(_joined(own, "text"), _joined(parts, "text"))


def _agree(own: list[Data], parts: list[Data], kind: str) -> bool:
    """Whether *parts* have the same texts of that kind, or none."""
    return not _items(parts, kind) or _same_items(own, parts, kind)


def _same_items(own: list[Data], parts: list[Data], kind: str) -> bool:
    """Items may stand in another order."""
    first, second = _items(own, kind), _items(parts, kind)
    by_item = first.keys() == second.keys() and all(same(text, second[item]) for item, text in first.items())
    return by_item or same(_joined(own, kind), _joined(parts, kind))


def _items(parts: list[Data], kind: str) -> dict[object, str]:
    items: dict[object, str] = {}
    for part in parts:
        text, item = text_of(part.get("text")), part.get("item_id")
        if part.get("type") == kind and text:
            item = item if isinstance(item, str) else None
            items[item] = items.get(item, "") + text
    return items


def _joined(parts: list[Data], kind: str) -> str:
    return "".join(text_of(part.get("text")) for part in parts if part.get("type") == kind)


def _ids(parts: list[Data]) -> set[str]:
    return {str(part.get("id")) for part in parts if part.get("type") == "tool_call"}
