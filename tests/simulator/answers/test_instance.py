import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.simulator.answers.instance import instance

jsonschema = pytest.importorskip("jsonschema")

NODE = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}},
    "required": ["name", "next"],
}
TREE = {
    "$ref": "#/$defs/a~1b",
    "$defs": {
        "a/b": {
            "type": "object",
            "properties": {
                "left": {"type": "array", "items": {"$ref": "#/$defs/a~1b"}},
                "right": {"type": "array", "items": {"$ref": "#/$defs/a~1b"}},
            },
            "required": ["left", "right"],
        }
    },
}
SCHEMAS: list[Any] = [
    {},
    True,
    {"type": "string"},
    {"type": ["null", "integer"]},
    {"const": [1, {"a": None}]},
    {"enum": ["°C", "°F"]},
    {"type": "integer", "default": 7},
    {"type": "string", "minLength": 30},
    {"type": "string", "maxLength": 2},
    {"type": "integer", "minimum": 3, "maximum": 4},
    {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5},
    {"type": "integer", "maximum": -4},
    {"type": "integer", "multipleOf": 7, "minimum": 15},
    {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
    {"type": "array", "items": {"type": "boolean"}, "minItems": 3},
    {"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}], "items": False},
    {"type": "array", "items": {"type": "string"}, "maxItems": 0},
    {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "number"}}},
    {"type": "object", "properties": {"a": {"type": "string"}, "b": {"default": 1}}, "required": ["a"]},
    {"allOf": [{"type": "object", "required": ["a"]}, {"properties": {"a": {"type": "null"}}, "required": ["b"]}]},
    {"oneOf": [{"type": "integer", "minimum": 5}, {"type": "string"}]},
    {"properties": {"when": {"type": "string", "format": "date-time"}}, "required": ["when"]},
    NODE,
    TREE,
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: json.dumps(schema)[:60])
def test_a_made_value_fits_its_schema(schema: Any) -> None:
    made = instance(schema)
    jsonschema.validate(made, schema, format_checker=jsonschema.FormatChecker())


def test_strings_say_the_text_and_else_the_name_of_their_property() -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    assert instance(schema, text="Paris") == {"city": "Paris"}
    assert instance(schema) == {"city": "city"}


def test_only_what_is_required_or_preset_is_made_and_all_of_it_where_nothing_is() -> None:
    properties = {"a": {"type": "boolean"}, "b": {"type": "boolean"}, "c": {"default": 3}}
    assert instance({"properties": properties, "required": ["b"]}) == {"b": True, "c": 3}
    assert instance({"properties": properties}) == {"a": True, "b": True, "c": 3}


def test_a_schema_that_cannot_be_met_still_ends() -> None:
    endless = {"type": "object", "properties": {"self": {"$ref": "#"}}, "required": ["self"]}
    assert json.dumps(instance(endless))
    assert instance({"$ref": "#"}) == "text"
    assert len(instance({"type": "string", "minLength": 10**12})) == 10_000


def _odd_schemas() -> st.SearchStrategy[Any]:
    words = (
        "type properties required items prefixItems anyOf allOf $ref enum const default minLength maxLength minimum"
        " maximum multipleOf minItems maxItems format"
    )
    keywords = st.sampled_from(words.split())
    leaves = st.one_of(
        st.none(), st.booleans(), st.integers(-9, 9), st.floats(), st.sampled_from(["#", "object", "array", "x"])
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keywords, inner, max_size=4)),
        max_leaves=12,
    )


@given(_odd_schemas())
def test_no_schema_that_somebody_may_send_raises(schema: Any) -> None:
    instance(schema, text="x")
