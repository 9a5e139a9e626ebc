"""The JSON Schema of chunk documents, made from the tables of `rules` and `vocabulary`.

It says what `BaseStreamChunk.check` says: what a type requires, allows and calls its words, and that a field of another
type of the same family is wrong. Unknown fields are allowed, as decoders keep them; unknown types are not described.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from . import vocabulary as words
from .kinds import ChunkType, MediaEncoding
from .rules import COMMON, FIELDS, METADATA, RULES, ChunkRule, FieldRule

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_TYPES: Final[Mapping[str, str]] = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "dict": "object",
    "list": "array",
    "metadata": "object",
}


def schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of the document of a chunk: one of ``$defs``, told apart by `type`."""
    return {
        "$schema": DIALECT,
        "title": "Stream chunk",
        "description": "One value of a stream, as encode_json writes it.",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in ChunkType],
        "$defs": {str(name): schema_of_type(name) for name in ChunkType},
    }


def schema_of_types(names: Iterable[str]) -> Schema:
    """Return the JSON Schema of a document of one of the types *names*, without references, to be put into another."""
    return {"oneOf": [schema_of_type(ChunkType(name)) for name in sorted(names)]}


def schema_of_unknown() -> Schema:
    """Return the JSON Schema of a document of a type without a rule."""
    known = {"not": {"enum": [str(name) for name in ChunkType]}}
    return {"type": "object", "required": ["type"], "properties": {"type": {"type": "string", **known}}}


def schema_of_type(name: ChunkType) -> Schema:
    """Return the JSON Schema of a document of one type; fields that the tables do not know are allowed."""
    rule = RULES[name]
    fields = (*rule.allowed, *COMMON)
    foreign = [field for field in _of_family(rule.family) if field not in fields]
    found: Schema = {
        "title": str(name),
        "description": rule.doc,
        "type": "object",
        "required": ["type", *rule.required],
        "properties": {"type": {"const": str(name)}} | {field: _schema_of_field(field) for field in fields},
        "propertyNames": {"not": {"enum": foreign}},
    }
    if name in words.STATUSES:
        found["properties"]["status"] |= {"enum": list(words.STATUSES[name])}
    laws = [*_any_of(rule), *_LAWS.get(name, ())]
    return found | {"allOf": laws} if laws else found


def _of_family(family: str) -> list[str]:
    rules = [rule for rule in RULES.values() if rule.family == family]
    return [field for field in FIELDS if any(field in rule.allowed for rule in rules)]


def _any_of(rule: ChunkRule) -> list[Schema]:
    return [_has_one_of(rule.any_of)] if rule.any_of else []


def _has_one_of(fields: Iterable[str]) -> Schema:
    return {"anyOf": [{"required": [field]} for field in fields]}


def _schema_of_field(name: str) -> Schema:
    rule = FIELDS[name]
    if rule.kind == "metadata":
        return _METADATA | {"description": rule.doc}
    if rule.kind == "data":
        return {"description": rule.doc}
    return _schema_of_rule(rule) | _SHAPES.get(name, {})


def _schema_of_rule(rule: FieldRule) -> Schema:
    found: Schema = {"type": _TYPES[rule.kind], "description": rule.doc}
    if rule.vocabulary is not None:
        found["enum"] = list(map(str, rule.vocabulary))
    if rule.minimum is not None:
        found["minimum"] = rule.minimum
    if rule.maximum is not None:
        found["maximum"] = rule.maximum
    return found


_METADATA: Final[Schema] = {
    "type": "object",
    "required": ["mime_type"],
    "properties": {name: _schema_of_rule(rule) for name, rule in METADATA.items()},
}
_OBJECTS: Final[Schema] = {"items": {"type": "object"}}
_TOOL_CALL: Final[Schema] = {
    "type": "object",
    "required": list(words.TOOL_CALL_TEXTS),
    "properties": {name: {"type": "string"} for name in words.TOOL_CALL_TEXTS}
    | {"kind": {"enum": list(words.TOOL_CALL_KINDS)}},
}
_SHAPES: Final[Mapping[str, Schema]] = {
    "attachments": _OBJECTS,
    "media_results": _OBJECTS,
    "tool_calls": {"items": _TOOL_CALL, "minItems": 1},
    "usage": {"properties": {name: {"type": ["number", "null"], "minimum": 0} for name in words.USAGE_NUMBERS}},
    "error_info": {"required": ["kind"], "properties": {"kind": {"enum": list(words.ERROR_KINDS)}}},
    "complete_message": {
        "required": ["role", "content"],
        "properties": {"role": {"const": "assistant"}, "content": {"type": ["string", "array"]}},
    },
}
"""What `shapes` checks inside containers."""

_EMPTY_CONTENT: Final[Schema] = {
    "anyOf": [{"properties": {"content": {"minLength": 1}}}, {"required": ["provider_data"]}],
}
_DATA_IS_ENCODED: Final[Schema] = {
    "if": {"required": ["media_data"]},
    "then": {"required": ["media_encoding"], "properties": {"media_data": {"type": "string"}}},
}
_BINARY_IS_BASE64: Final[Schema] = {
    "if": {"required": ["media_encoding"], "properties": {"media_encoding": {"const": str(MediaEncoding.BINARY)}}},
    "then": {"properties": {"media_data": {"contentEncoding": "base64"}}},
}
_SEGMENT_HAS_A_PLACE: Final[Schema] = {
    "if": {"required": ["partial_kind"], "properties": {"partial_kind": {"const": "segment"}}},
    "then": {"required": ["byte_offset"]},
}
_FINAL_HAS_MEDIA: Final[Schema] = {
    "if": {"not": {"required": ["is_partial"], "properties": {"is_partial": {"const": True}}}},
    "then": _has_one_of(("media_data", "path", "media_metadata")),
}
_LAWS: Final[Mapping[str, tuple[Schema, ...]]] = {
    ChunkType.CONTENT: (_EMPTY_CONTENT,),
    ChunkType.MEDIA: (_DATA_IS_ENCODED, _BINARY_IS_BASE64, _SEGMENT_HAS_A_PLACE, _FINAL_HAS_MEDIA),
    ChunkType.ATTACHMENT: (_DATA_IS_ENCODED, _BINARY_IS_BASE64),
    ChunkType.ATTACHMENT_COMPLETE: (_DATA_IS_ENCODED, _BINARY_IS_BASE64),
}
"""What `shapes` checks across fields."""
