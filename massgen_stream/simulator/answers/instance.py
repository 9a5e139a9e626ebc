"""Makes a small value that fits a JSON Schema, for tool arguments and structured answers.

It honours ``const``, ``enum``, ``default``, ``type``, ``properties``, ``required``, ``items``, ``prefixItems``,
``$ref`` within the schema, ``allOf``, ``anyOf``, ``oneOf``, the bounds of strings, numbers and arrays, and the common
formats. ``pattern``, ``not`` and conditions are beyond it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from .schema_reading import Schema, count, items, mapping, number, resolved, type_of

_FULL_DEPTH: Final = 3
"""Below it arrays are as short, and alternatives as plain, as the schema allows, so that recursive schemas end."""
_DEEPEST: Final = 24

_FORMATS: Final = {
    "date": "2026-01-31",
    "time": "12:00:00Z",
    "date-time": "2026-01-31T12:00:00Z",
    "duration": "PT1H",
    "email": "somebody@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def instance(schema: object, *, text: str = "") -> Any:
    """Return a value that fits *schema*.

    Args:
        schema: A JSON Schema, as a client sent it.
        text: What strings become that no rule decides; empty for the name of their property.
    """
    return _Maker(mapping(schema), text).value(schema, "text", 0)


class _Maker:
    """Walks one schema; *depth* counts objects and arrays around a place."""

    def __init__(self, root: Schema, text: str) -> None:
        self._root, self._text = root, text

    def value(self, schema: object, name: str, depth: int) -> Any:
        found = resolved(schema, self._root, plain=depth >= _FULL_DEPTH)
        for keyword in ("const", "default"):
            if keyword in found:
                return found[keyword]
        if choices := items(found.get("enum")):
            return choices[0]
        make = _MAKERS.get(type_of(found))
        return make(self, found, name, depth) if make and depth < _DEEPEST else None

    def object(self, schema: Schema, _name: str, depth: int) -> dict[str, Any]:
        """What is required and what has a default; the outermost object, where nothing is required, has it all."""
        properties = mapping(schema.get("properties"))
        required = [name for name in items(schema.get("required")) if isinstance(name, str)]
        if not required and not depth:
            required = list(properties)
        preset = [name for name, rule in properties.items() if "default" in mapping(rule)]
        return {n: self.value(properties.get(n), n, depth + 1) for n in dict.fromkeys([*required, *preset])}

    def array(self, schema: Schema, name: str, depth: int) -> list[Any]:
        fixed = items(schema.get("prefixItems"))
        usual = len(fixed) or int(depth < _FULL_DEPTH and schema.get("items") is not False)
        length = max(usual, count(schema, "minItems") or 0)
        most = count(schema, "maxItems")
        length = length if most is None else min(length, most)
        rules = [*fixed, *[schema.get("items")] * (length - len(fixed))][:length]
        return [self.value(rule, name, depth + 1) for rule in rules]

    def string(self, schema: Schema, name: str, _depth: int) -> str:
        text = _FORMATS.get(str(schema.get("format"))) or self._text or name
        text = text.ljust(count(schema, "minLength") or 0, "x")
        return text[: count(schema, "maxLength")]

    def integer(self, schema: Schema, _name: str, _depth: int) -> int:
        return int(_number(schema, 1))

    def number(self, schema: Schema, _name: str, _depth: int) -> float:
        return _number(schema, 0.5)

    def boolean(self, _schema: Schema, _name: str, _depth: int) -> bool:
        return True

    def null(self, _schema: Schema, _name: str, _depth: int) -> None:
        return None


def _number(schema: Schema, step: float) -> float:
    """The multiple of the step nearest above the lower bound, at least 1 where there is none; or below the upper."""
    step = abs(number(schema, "multipleOf") or step)
    low, above = number(schema, "minimum"), number(schema, "exclusiveMinimum")
    high, below = number(schema, "maximum"), number(schema, "exclusiveMaximum")
    least = 1 if low is None and above is None else max(v for v in (low, above) if v is not None)
    value = math.ceil(least / step) * step
    value += step if value == above else 0
    most = min((v for v in (high, below) if v is not None), default=value)
    if value > most or value == below:
        value = math.floor(most / step) * step
        value -= step if value == below else 0
    return value


_MAKERS: Final[Mapping[str, Callable[[_Maker, Schema, str, int], Any]]] = {
    "object": _Maker.object,
    "array": _Maker.array,
    "string": _Maker.string,
    "integer": _Maker.integer,
    "number": _Maker.number,
    "boolean": _Maker.boolean,
    "null": _Maker.null,
}
