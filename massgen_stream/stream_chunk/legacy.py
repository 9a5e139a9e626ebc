"""The chunk of MassGen 0.1, one untyped class for everything, and its conversion to ours and back.

`StreamChunk` has the names and the order of ``massgen.backend.base.StreamChunk`` (0.1.97), so code written for it runs
on. `StreamChunk.to_chunk` loses nothing: `StreamChunk.from_chunk` of the result equals the original. On the way

- usage gets our names, `input_tokens` for `prompt_tokens` and `output_tokens` for `completion_tokens`;
- tool calls in the shape of a vendor (chat's `function`, Responses' `call_id`, Claude's `input`) become neutral;
- `done` gets the `finish_reason` that it never had, ``other``;
- fields that only the old class has are kept in `extra`, unknown types as `UnknownChunk`.

Nothing else is rewritten: where the old class took any word or left a field out, `check` of the result may find faults.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Final, Self

from ..errors import MalformedChunk
from .base import BaseStreamChunk
from .jsonform import from_form, to_form
from .kinds import ChunkType
from .rules import TEXT_TYPES
from .token_usage import canonical_usage, origin_usage
from .unknown import UnknownChunk
from .vocabulary import TOOL_CALL_TEXTS

ORIGINALS: Final = "legacy"
"""The unknown field that keeps usage and tool calls as they were, where our form does not give them back."""


@dataclass
class StreamChunk:
    """One chunk as MassGen 0.1 knew it: any type, any combination of fields."""

    type: str
    content: str | None = None
    tool_calls: list[dict[str, Any]] | None = None
    complete_message: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    usage: dict[str, Any] | None = None
    error: str | None = None
    source: str | None = None
    status: str | None = None
    detail: str | None = None
    reasoning_delta: str | None = None
    reasoning_text: str | None = None
    reasoning_summary_delta: str | None = None
    reasoning_summary_text: str | None = None
    item_id: str | None = None
    content_index: int | None = None
    summary_index: int | None = None
    hook_info: dict[str, Any] | None = None
    tool_call_id: str | None = None
    checkpoint_participants: dict[str, Any] | None = None
    checkpoint_number: int | None = None
    main_agent_id: str | None = None
    display: bool = True

    def to_chunk(self) -> BaseStreamChunk:
        """Return the chunk that says the same.

        Raises:
            UnencodableValue: A field holds what a chunk cannot hold, such as NaN or an object.
            MalformedChunk: A field has the wrong type.
        """
        return to_chunk(self)

    @classmethod
    def from_chunk(cls, chunk: BaseStreamChunk) -> Self:
        """Return *chunk* in the old form, without the fields that the old form lacks.

        Raises:
            UnencodableValue: *chunk* holds a value without a JSON form.
        """
        return cls(**_old_fields(chunk))


def to_chunk(old: StreamChunk) -> BaseStreamChunk:
    """Return the chunk that says what *old* says; see `StreamChunk.to_chunk`."""
    values: dict[str, Any] = {name: value for name in _NAMES if (value := getattr(old, name)) is not None}
    if old.type in TEXT_TYPES:
        values |= _renewed(values)
    if values.get("display") is True:
        del values["display"]
    return BaseStreamChunk.from_dict({name: to_form(value, name) for name, value in values.items()})


def from_chunk(chunk: BaseStreamChunk) -> StreamChunk:
    """Return *chunk* in the old form; see `StreamChunk.from_chunk`."""
    return StreamChunk.from_chunk(chunk)


_NAMES: Final = tuple(field.name for field in fields(StreamChunk))


def _renewed(values: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that get our form, and under `ORIGINALS` what could not be told from them."""
    new: dict[str, Any] = {"finish_reason": "other"} if values["type"] == ChunkType.DONE else {}
    originals: dict[str, Any] = {}
    if isinstance(usage := values.get("usage"), dict):
        new["usage"] = canonical_usage(usage)
        if origin_usage(new["usage"]) != usage:
            originals["usage"] = usage
    if isinstance(calls := values.get("tool_calls"), list):
        new["tool_calls"] = _new_calls(calls)
        if new["tool_calls"] != calls:
            originals["tool_calls"] = calls
    return {**new, ORIGINALS: originals} if originals else new


def _old_fields(chunk: BaseStreamChunk) -> dict[str, Any]:
    kept = (chunk.raw if isinstance(chunk, UnknownChunk) else chunk.extra) or {}
    values = {name: _value_of(kept[name]) for name in _NAMES if kept.get(name) is not None}
    for name in _NAMES:
        if (value := getattr(chunk, name, None)) is not None:
            values[name] = from_form(to_form(value, name))  # a copy: the old class is mutable
    if chunk.type in TEXT_TYPES:
        values |= _restored(values, _value_of(kept.get(ORIGINALS)))
    return values | {"type": str(chunk.type), "display": chunk.display}


def _value_of(form: Any) -> Any:
    try:
        return from_form(form)
    except MalformedChunk:  # an unknown field that is not ours, whose ``$`` means something else
        return form


def _restored(values: dict[str, Any], originals: object) -> dict[str, Any]:
    """Return the fields that have an old form: the original where it still says the same."""
    kept = originals if isinstance(originals, dict) else {}
    old: dict[str, Any] = {}
    if isinstance(usage := values.get("usage"), dict):
        original = kept.get("usage")
        old["usage"] = original if _says(original, dict, canonical_usage, usage) else origin_usage(usage)
    if _says(original := kept.get("tool_calls"), list, _new_calls, values.get("tool_calls")):
        old["tool_calls"] = original
    return old


def _says(original: Any, kind: type, renew: Callable[[Any], Any], new: object) -> bool:
    return isinstance(original, kind) and renew(original) == new


def _new_calls(calls: list[Any]) -> list[Any]:
    return [_new_call(call) if isinstance(call, dict) else call for call in calls]


def _new_call(call: dict[str, Any]) -> dict[str, Any]:
    """Return *call* as `{id, name, arguments, kind}`, or unchanged when it is neutral or of no known shape."""
    if "call_id" not in call and all(isinstance(call.get(name), str) for name in TOOL_CALL_TEXTS):
        return call
    inner = call["function"] if isinstance(call.get("function"), dict) else call
    texts = {
        "id": call.get("call_id", call.get("id")),
        "name": inner.get("name"),
        "arguments": _arguments(inner.get("arguments", inner.get("input"))),
    }
    if not all(isinstance(text, str) for text in texts.values()):
        return call
    return texts | {"kind": "custom" if call.get("type") in ("custom", "custom_tool_call") else "function"}


def _arguments(arguments: Any) -> str | None:
    if isinstance(arguments, str):
        return arguments
    try:
        return json.dumps(arguments, ensure_ascii=False) if isinstance(arguments, dict) else None
    except (TypeError, ValueError):
        return None
