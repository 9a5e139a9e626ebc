"""JSON Schemas as models read them: one object, without references, titles and words for null."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

Schema = dict[str, Any]
_REFERENCE: Final = "#/$defs/"


def object_schema(
    kind: type[msgspec.Struct], words: Mapping[str, str], *, schema_hook: Callable[[type], Schema] | None = None
) -> Schema:
    """Return the schema of a struct.

    Args:
        kind: The struct.
        words: Descriptions of its fields.
        schema_hook: Of types that `msgspec` does not know; by default of paths.

    Raises:
        TypeError: One of its types has no schema.
    """
    whole = msgspec.json.schema(kind, schema_hook=schema_hook or path_schema)
    named = whole.get("$defs", {})
    schema = _inlined(whole, named, ())
    left = _left(schema, named)
    for name, rule in schema["properties"].items():
        if name in words and "description" not in rule:
            rule["description"] = words[name]
    found = {"type": "object", "properties": schema["properties"], "required": schema.get("required", [])}
    return found | {"additionalProperties": False} | ({"$defs": left} if left else {})


def path_schema(kind: type) -> Schema:
    """Return the schema of a path.

    Raises:
        NotImplementedError: It is another type.
    """
    if kind is Path:
        return {"type": "string"}
    raise NotImplementedError(kind)


def read_path(kind: type, value: Any) -> Any:
    """Return a path made of text, for `msgspec.convert`.

    Raises:
        ValueError: It is no text.
        NotImplementedError: It is another type.
    """
    if kind is not Path:
        raise NotImplementedError(kind)
    if not isinstance(value, str):
        raise ValueError(f"Expected `str`, got `{type(value).__name__}`")  # noqa: TRY004 - what msgspec takes for a fault
    return Path(value)


def _inlined(value: Any, named: Mapping[str, Schema], around: tuple[str, ...]) -> Any:
    """Return *value* with references replaced by what they mean; one that contains itself stays."""
    if isinstance(value, list):
        return [_inlined(one, named, around) for one in value]
    if not isinstance(value, dict):
        return value
    name = str(value.get("$ref", "")).removeprefix(_REFERENCE)
    if name in named and name not in around:
        rest = {key: one for key, one in value.items() if key != "$ref"}
        return {**_inlined(named[name], named, (*around, name)), **_inlined(rest, named, around)}
    found = {key: _inlined(one, named, around) for key, one in value.items() if not _is_title(key, one)}
    words = found.get("enum")
    return {"type": "string", **found} if isinstance(words, list) and _are_texts(words) else found


def _is_title(key: str, value: Any) -> bool:
    return key == "$defs" or (key == "title" and isinstance(value, str))


def _are_texts(words: list[Any]) -> bool:
    return bool(words) and all(isinstance(word, str) for word in words)


def _left(schema: Schema, named: Mapping[str, Schema]) -> Schema:
    """Return the definitions that are still referred to."""
    text = msgspec.json.encode(schema).decode()
    return {name: rule for name, rule in named.items() if f'"{_REFERENCE}{name}"' in text}
