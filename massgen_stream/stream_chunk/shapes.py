"""Checks of single values: kinds, vocabularies, ranges, and the shapes of the plain dictionaries."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from . import vocabulary as words
from .brief import brief
from .document import EXACT_INTEGER
from .kinds import ChunkType
from .rules import COMMON, FIELDS, METADATA, RULES, FieldRule

Values = Mapping[str, Any]
_NUMBER = (int, float)
_KINDS: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": _NUMBER,
    "bool": (bool,),
    "dict": (dict,),
    "list": (list, tuple),
}

_ALLOWED = {chunk_type: frozenset((*COMMON, *rule.allowed)) for chunk_type, rule in RULES.items()}


def faults(chunk_type: ChunkType, values: Values) -> list[str]:
    """Return every fault of a chunk: *values* are its fields that are not None, without `type`."""
    rule = RULES[chunk_type]
    found = [f"{name} is required" for name in rule.required if name not in values]
    if rule.any_of and not any(name in values for name in rule.any_of):
        found.append("one of " + ", ".join(rule.any_of) + " is required")
    allowed = _ALLOWED[chunk_type]
    for name, value in values.items():
        if name not in allowed:
            found.append(f"{name} does not belong to {chunk_type.value}")
        else:
            found.extend(f"{name} {problem}" for problem in _value_faults(name, value))
    check = _TYPE_CHECKS.get(chunk_type)
    found.extend(check(values) if check else ())
    if "status" in values and values["status"] not in words.STATUSES.get(chunk_type, ()):
        known = ", ".join(words.STATUSES.get(chunk_type, ()))
        found.append(f"status {brief(values['status'])} is not one of {known}")
    return found


def _value_faults(name: str, value: Any) -> Iterator[str]:
    rule = FIELDS[name]
    found = list(_rule_faults(rule, value))
    yield from found or _SHAPES.get(name, _no_faults)(value)


def _rule_faults(rule: FieldRule, value: Any) -> Iterator[str]:
    expected = _KINDS.get(rule.kind)
    if expected is not None and not _is_kind(value, rule.kind, expected):
        yield f"must be {rule.kind}, not {type(value).__name__}"
        return
    if rule.vocabulary is not None and value not in rule.vocabulary:
        yield f"{brief(value)} is not one of " + ", ".join(map(str, rule.vocabulary))
    if rule.kind in ("int", "float"):
        yield from _number_faults(rule, value)


def _is_kind(value: object, kind: str, expected: tuple[type, ...]) -> bool:
    if isinstance(value, bool):  # a bool is an int to Python, but not to the protocol
        return kind == "bool"
    return isinstance(value, expected)


def _number_faults(rule: FieldRule, value: Any) -> Iterator[str]:
    if isinstance(value, float) and not math.isfinite(value):
        yield "must be finite"
    elif rule.kind == "float" and isinstance(value, int) and abs(value) > EXACT_INTEGER:
        yield "must be exact as a float"
    elif rule.minimum is not None and value < rule.minimum:
        yield f"must be at least {rule.minimum:g}, not {brief(value)}"
    elif rule.maximum is not None and value > rule.maximum:
        yield f"must be at most {rule.maximum:g}, not {brief(value)}"


def _no_faults(_: Any) -> Iterator[str]:
    return iter(())


def _tool_calls(calls: list[Any]) -> Iterator[str]:
    if not calls:
        yield "must not be empty"
    for index, call in enumerate(calls):
        if not isinstance(call, dict):
            yield f"[{index}] must be dict, not {type(call).__name__}"
            continue
        for key in words.TOOL_CALL_TEXTS:
            if not isinstance(call.get(key), str):
                yield f"[{index}].{key} must be str"
        if call.get("kind", "function") not in words.TOOL_CALL_KINDS:
            yield f"[{index}].kind {brief(call['kind'])} is not one of " + ", ".join(words.TOOL_CALL_KINDS)


def _usage(usage: dict[str, Any]) -> Iterator[str]:
    for key in words.USAGE_NUMBERS:
        value = usage.get(key)
        if value is not None and (not isinstance(value, _NUMBER) or isinstance(value, bool) or value < 0):
            yield f"[{key!r}] must be a number of tokens"


def _error_info(info: dict[str, Any]) -> Iterator[str]:
    if info.get("kind") not in words.ERROR_KINDS:
        yield f"['kind'] {brief(info.get('kind'))} is not one of " + ", ".join(words.ERROR_KINDS)


def _message(message: dict[str, Any]) -> Iterator[str]:
    if message.get("role") != "assistant":
        yield "['role'] must be 'assistant'"
    if not isinstance(message.get("content"), str | list):
        yield "['content'] must be str or list"


def _dicts(items: list[Any]) -> Iterator[str]:
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            yield f"[{index}] must be dict, not {type(item).__name__}"


def _metadata(metadata: Any) -> Iterator[str]:
    if not all(hasattr(metadata, name) for name in METADATA):
        yield f"must be MediaMetadata, not {type(metadata).__name__}"
        return
    for name, rule in METADATA.items():
        value = getattr(metadata, name)
        if value is not None or name == "mime_type":
            yield from (f".{name} {fault}" for fault in _rule_faults(rule, value))


_SHAPES: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "tool_calls": _tool_calls,
    "usage": _usage,
    "error_info": _error_info,
    "complete_message": _message,
    "attachments": _dicts,
    "media_results": _dicts,
    "media_metadata": _metadata,
}


def _content(values: Values) -> Iterator[str]:
    if values.get("content") == "" and "provider_data" not in values:
        yield "content must not be empty"


def _media_data(values: Values) -> Iterator[str]:
    data, encoding = values.get("media_data"), values.get("media_encoding")
    if data is not None and encoding is None:
        yield "media_encoding is required with media_data"
    elif data is not None:
        wanted: tuple[type, ...] = (bytes, bytearray, memoryview) if encoding == "binary" else (str,)
        if not isinstance(data, wanted):
            yield f"media_data must be {'bytes' if encoding == 'binary' else 'str'} for {encoding}"


def _media(values: Values) -> Iterator[str]:
    yield from _media_data(values)
    if values.get("partial_kind") == "segment" and "byte_offset" not in values:
        yield "byte_offset is required for a segment"
    if not values.get("is_partial") and not values.keys() & {"media_data", "path", "media_metadata"}:
        yield "media_data, path or media_metadata is required unless is_partial"


_TYPE_CHECKS: Mapping[ChunkType, Callable[[Values], Iterator[str]]] = {
    ChunkType.CONTENT: _content,
    ChunkType.MEDIA: _media,
    ChunkType.ATTACHMENT: _media_data,
    ChunkType.ATTACHMENT_COMPLETE: _media_data,
}
