"""``--option`` and ``--tools``."""

import argparse
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.cli.extra_options import key_value, tools_of_file
from massgen_stream.errors import ConfigurationError


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("temperature=0.2", ("temperature", 0.2)),
        ("top-p=1", ("top_p", 1)),
        ("stop=[1, 2]", ("stop", [1, 2])),
        ("logprobs=true", ("logprobs", True)),
        ("user=null", ("user", None)),
        ("user=plain text", ("user", "plain text")),
        ('user="12"', ("user", "12")),
        ("user=a=b", ("user", "a=b")),
        ("user=", ("user", "")),
        ("user=\udcff", ("user", "\udcff")),
    ],
)
def test_values_are_json_or_text(text: str, pair: tuple[str, Any]) -> None:
    assert key_value(text) == pair


@pytest.mark.parametrize("text", ["temperature", "=1", "a b=1", ""])
def test_what_is_no_pair(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="expected KEY=VALUE"):
        key_value(text)


def test_tools_are_read(tmp_path: Path) -> None:
    file = tmp_path / "tools.json"
    file.write_text('[{"name": "f", "parameters": {"type": "object"}}]')
    assert tools_of_file(str(file)) == [{"name": "f", "parameters": {"type": "object"}}]
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b", ", b",\r\n"))  # as editors on Windows save it
    assert tools_of_file(str(file)) == [{"name": "f", "parameters": {"type": "object"}}]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"[", "not JSON"),
        (b"[" * 20_000, "not JSON"),
        (b"\xff", "not JSON"),
        (b"{}", "JSON list"),
        (b"[1]", "JSON list"),
        (None, "cannot read"),
    ],
)
def test_what_are_no_tools(tmp_path: Path, data: bytes | None, problem: str) -> None:
    file = tmp_path / "tools.json"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(ConfigurationError, match=problem):
        tools_of_file(str(file))
