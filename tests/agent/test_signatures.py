from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.agent.signatures import Signature
from massgen_stream.errors import ConfigurationError, UsageError


class Unit(StrEnum):
    C = "c"
    F = "f"


@dataclasses.dataclass
class Point:
    x: float
    y: float = 0.0


class Tree(msgspec.Struct):
    value: int
    left: Tree | None = None


class Odd:
    pass


def everything(
    city: str,
    count: int = 3,
    *,
    unit: Unit = Unit.C,
    mode: Literal["a", "b"] = "a",
    point: Point | None = None,
    tags: list[str] = [],  # noqa: B006
    when: dt.date | None = None,
    file: Path = Path("x"),
    free: Any = None,
    share: Annotated[float, msgspec.Meta(ge=0, le=1, description="of one")] = 0.5,
) -> None:
    """Take everything.

    Args:
        city: Where.
        unit: Of what.
    """


def test_the_schema_of_a_signature() -> None:
    schema = Signature(everything).schema
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["required"] == ["city"]
    assert schema["additionalProperties"] is False
    rules = schema["properties"]
    assert rules["city"] == {"type": "string", "description": "Where."}
    assert rules["count"] == {"type": "integer", "default": 3}
    assert rules["unit"] == {"type": "string", "enum": ["c", "f"], "default": "c", "description": "Of what."}
    assert rules["point"]["anyOf"][0]["properties"]["y"] == {"type": "number", "default": 0.0}
    assert rules["tags"] == {"type": "array", "items": {"type": "string"}, "default": []}
    assert rules["file"] == {"type": "string"}
    assert rules["share"] == {"type": "number", "minimum": 0, "maximum": 1, "description": "of one", "default": 0.5}
    assert rules["free"] == {}
    assert "$" not in json.dumps(schema)
    assert Signature(everything).description == "Take everything."


def test_what_contains_itself_keeps_its_reference() -> None:
    def grow(tree: Tree) -> None:
        """Grow."""

    schema = Signature(grow).schema
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"tree": {"value": 1, "left": {"value": 2, "left": None}}}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"tree": {"value": 1, "left": {"value": "2"}}}, schema)


def test_arguments_become_what_the_function_takes() -> None:
    given_ = {"city": "Oslo", "unit": "f", "point": {"x": 1}, "when": "2026-01-31", "file": "a/b"}
    assert Signature(everything).convert(given_) == {
        "city": "Oslo",
        "unit": Unit.F,
        "point": Point(1.0),
        "when": dt.date(2026, 1, 31),
        "file": Path("a/b"),
    }


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({}, "Object missing required field `city`"),
        ({"city": 1}, "Expected `str`, got `int` - at `$.city`"),
        ({"city": "x", "count": "3"}, "Expected `int`, got `str` - at `$.count`"),
        ({"city": "x", "point": {"y": 1}}, "Object missing required field `x` - at `$.point`"),
        ({"city": "x", "colour": 1}, "Object contains unknown field `colour`"),
        ({"city": "x", "mode": "c"}, "Invalid enum value 'c' - at `$.mode`"),
        ({"city": "x", "file": 4}, "wrong arguments for everything: Expected `str`, got `int` - at `$.file`"),
        ({"city": "x", "share": 2}, "Expected `float` <= 1.0 - at `$.share`"),
    ],
)
def test_what_does_not_fit_is_named(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        Signature(everything).convert(arguments)
    assert problem in str(caught.value)


class Doubler:
    """Can be called."""

    def __call__(self, number: int) -> int:
        return number

    def method(self, number: int) -> int:
        """Be a method."""
        return number

    @classmethod
    def made(cls, number: int) -> int:
        """Be a method of the class."""
        return number


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (Doubler(), "Can be called."),
        (Doubler().method, "Be a method."),
        (Doubler.made, "Be a method of the class."),
        (functools.partial(Doubler().method), "Be a method."),
        (lambda number: number, ""),
    ],
)
def test_whatever_can_be_called(function: Any, words: str) -> None:
    signature = Signature(function)
    assert signature.description == words
    assert signature.schema["required"] == ["number"]
    assert signature.convert({"number": 1}) == {"number": 1}


def test_what_partial_has_filled_can_be_left_out() -> None:
    signature = Signature(functools.partial(everything, city="Oslo"))
    assert signature.schema["required"] == []
    assert signature.schema["properties"]["city"]["default"] == "Oslo"


def positional(number: int, /) -> None: ...
def several(*numbers: int) -> None: ...
def named(**numbers: int) -> None: ...
def odd(one: Odd) -> None: ...
def lost(one: Nowhere) -> None: ...  # type: ignore[name-defined]  # noqa: F821


@pytest.mark.parametrize(
    ("function", "problem"),
    [
        (positional, "a model gives arguments by name, so number cannot be filled"),
        (several, "so numbers cannot be filled"),
        (named, "so numbers cannot be filled"),
        (odd, "write a Tool with parameters of its own"),
        (lost, "an annotation cannot be read: name 'Nowhere' is not defined"),
        (int, "int"),
    ],
)
def test_what_has_no_schema_is_refused(function: Any, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        Signature(function)


@given(st.dictionaries(st.sampled_from(["a", "b"]), st.one_of(st.integers(), st.text(), st.none()), min_size=0))
def test_the_schema_and_the_check_agree(arguments: dict[str, Any]) -> None:
    def take(a: int, b: str | None = None) -> None:
        """Take."""

    signature = Signature(take)
    valid = jsonschema.Draft202012Validator(signature.schema).is_valid(arguments)
    try:
        signature.convert(arguments)
    except UsageError:
        assert not valid
    else:
        assert valid
