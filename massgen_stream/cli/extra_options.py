"""``--option KEY=VALUE`` and ``--tools FILE``: what the command line has no option of its own for."""

from __future__ import annotations

import argparse
import codecs
from pathlib import Path
from typing import Any, Final

import msgspec

from ..errors import ConfigurationError

_ELSEWHERE: Final = {
    "messages": "PROMPT",
    "tools": "--tools",
    "base_url": "--base-url",
    "api_key": "the provider's environment variable",
    "self": "another name",
}
"""Names that are no options of a stream, and what to use instead."""


def key_value(text: str) -> tuple[str, Any]:
    """Return name and value of ``name=value``; the value is JSON, else the text itself.

    Raises:
        argparse.ArgumentTypeError: There is no ``=``, or the name is no name of an option.
    """
    name, sign, value = text.partition("=")
    name = name.strip().replace("-", "_")
    if not sign or not name.isidentifier():
        raise argparse.ArgumentTypeError("expected KEY=VALUE, such as temperature=0.2")
    if name in _ELSEWHERE:
        raise argparse.ArgumentTypeError(f"{name} is no option; use {_ELSEWHERE[name]}")
    try:
        return name, msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return name, value


def tools_of_file(name: str) -> list[dict[str, Any]]:
    """Return the tools that a JSON file lists.

    Raises:
        ConfigurationError: The file cannot be read, or holds no list of tools.
    """
    try:
        document = msgspec.json.decode(Path(name).read_bytes().removeprefix(codecs.BOM_UTF8))
    except OSError as problem:
        raise ConfigurationError(f"cannot read the tools in {name!r}: {problem.strerror}") from problem
    except (msgspec.DecodeError, UnicodeError, RecursionError) as problem:
        raise ConfigurationError(f"the tools in {name!r} are not JSON: {problem}") from problem
    if not isinstance(document, list) or not all(isinstance(tool, dict) for tool in document):
        raise ConfigurationError(f"the tools in {name!r} must be a JSON list of {{name, description, parameters}}")
    return document
