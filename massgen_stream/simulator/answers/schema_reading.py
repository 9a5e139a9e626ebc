"""Reads a JSON Schema that anybody may have sent: every look at a keyword gives the expected type or a default.

References and combinations are resolved to one plain schema per place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

Schema = Mapping[str, Any]
_MOST_STEPS: Final = 16
"""References and combinations followed at one place; a schema that refers to itself only is no use to anybody."""

_LONGEST: Final = 10_000
"""Bound of the strings and arrays that a schema can demand."""

_NESTED: Final = frozenset({"object", "array"})
_TYPE_OF_KEYWORD: Final = {
    "properties": "object",
    "required": "object",
    "additionalProperties": "object",
    "items": "array",
    "prefixItems": "array",
    "minItems": "array",
    "minimum": "number",
    "maximum": "number",
    "multipleOf": "number",
}


def mapping(value: object) -> Schema:
    """Return *value* if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: object) -> Sequence[Any]:
    """Return *value* if it is a list, else an empty one."""
    return value if isinstance(value, list | tuple) else ()


def number(schema: Schema, keyword: str) -> float | None:
    """Return the number under *keyword*, if there is one."""
    value = schema.get(keyword)
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return value if usable else None


def count(schema: Schema, keyword: str) -> int | None:
    """Return the number under *keyword* as a count of at most `_LONGEST`, if there is one."""
    value = number(schema, keyword)
    return None if value is None else min(max(0, int(value)), _LONGEST)


def type_of(schema: Schema) -> str:
    """Return the type that values of a resolved schema have; where several will do, the first that is not null."""
    named = schema.get("type")
    if isinstance(named, str):
        return named
    wanted = [name for name in items(named) if isinstance(name, str)]
    if wanted:
        return next((name for name in wanted if name != "null"), "null")
    return next((kind for keyword, kind in _TYPE_OF_KEYWORD.items() if keyword in schema), "string")


def resolved(schema: object, root: Schema, *, plain: bool) -> Schema:
    """Return *schema* without ``$ref``, ``allOf``, ``anyOf`` and ``oneOf`` at its top.

    Args:
        schema: A schema at any place of *root*.
        root: The whole schema, which references are relative to.
        plain: Prefer alternatives that hold nothing further, so that recursion ends.
    """
    found = mapping(schema)
    for _ in range(_MOST_STEPS):
        if "$ref" in found:
            found = _merged(_target(root, found["$ref"]), _without(found, "$ref"))
        elif parts := items(found.get("allOf")):
            found = _without(found, "allOf")
            for part in parts:
                found = _merged(found, mapping(part))
        elif choices := items(found.get("anyOf")) or items(found.get("oneOf")):
            found = _merged(_without(found, "anyOf", "oneOf"), _choice(choices, root, plain=plain))
        else:
            break
    return found


def _choice(choices: Sequence[Any], root: Schema, *, plain: bool) -> Schema:
    options = [mapping(choice) for choice in choices]
    if not plain:
        return options[0]
    targets = [_target(root, option["$ref"]) if "$ref" in option else option for option in options]
    return next((target for target in targets if type_of(target) not in _NESTED), options[0])


def _target(root: Schema, reference: object) -> Schema:
    target: Any = root
    for step in str(reference).removeprefix("#").split("/")[1:]:  # a JSON pointer, RFC 6901
        target = mapping(target).get(step.replace("~1", "/").replace("~0", "~"))
    return mapping(target)


def _without(schema: Schema, *keywords: str) -> Schema:
    return {keyword: value for keyword, value in schema.items() if keyword not in keywords}


def _merged(first: Schema, second: Schema) -> Schema:
    """Both schemas as one; objects need the properties of both."""
    merged = {**first, **second}
    if "properties" in first and "properties" in second:
        merged["properties"] = {**mapping(first["properties"]), **mapping(second["properties"])}
    if "required" in first and "required" in second:
        merged["required"] = [*items(first["required"]), *items(second["required"])]
    return merged
