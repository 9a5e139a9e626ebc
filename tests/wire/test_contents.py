"""The table of contents of `massgen_stream.wire` says the truth."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

from massgen_stream import wire


def test_each_name_is_where_the_table_says() -> None:
    for name, place in wire._PLACES.items():
        module = import_module(place, wire.__name__)
        assert getattr(wire, name) is getattr(module, name)
        assert name in dir(wire)


def test_type_checkers_read_the_same_table() -> None:
    tree = ast.parse(Path(wire.__file__).read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    assert {alias.asname: f".{node.module}" for node in imports for alias in node.names} == wire._PLACES


def test_it_is_the_whole_public_surface() -> None:
    assert sorted(wire.__all__) == sorted(wire._PLACES)
    promised = {
        "decoder",
        "encoder",
        "PROTOCOLS",
        "Decoder",
        "Encoder",
        "SSEDecoder",
        "ServerSentEvent",
        "encode_event",
    }
    assert promised <= set(wire.__all__)


def test_any_other_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        wire.nonsense  # noqa: B018
