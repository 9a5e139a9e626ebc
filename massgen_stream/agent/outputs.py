"""What a function returned, and what a stream told, as the answer of a tool."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from ..errors import MassGenStreamError, UsageError
from ..wire.scrub import scrub
from .tools import ToolOutput

_LONGEST: Final = 2000
"""Characters of an exception that a model is told."""
_SECRET: Final = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$", re.IGNORECASE)
_LEAST_SECRET: Final = 8
"""A shorter value is a placeholder, or a word that other texts hold as well."""


def output_of(returned: Any) -> ToolOutput:
    """Return the answer for what a function returned.

    Raises:
        UsageError: It has no JSON form.
    """
    if isinstance(returned, ToolOutput):
        return returned
    if isinstance(returned, str):
        return ToolOutput(returned)
    try:
        return ToolOutput(msgspec.json.encode(returned, enc_hook=_plain).decode())
    except (TypeError, ValueError, RecursionError):
        raise UsageError(f"the tool returned a {type(returned).__name__}, which has no JSON form") from None


def failure_of(error: BaseException, secrets: Iterable[str]) -> ToolOutput:
    """Return the answer for an exception: what it says, without *secrets*, nor anything that looks like a key."""
    text = scrub(str(error), *secrets)[:_LONGEST]
    if not isinstance(error, MassGenStreamError):
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return ToolOutput(text, is_error=True)


def secrets_of(environ: Mapping[str, str]) -> list[str]:
    """Return what the environment holds under names of secrets, longest first; functions may use any of them."""
    found = {value for name, value in environ.items() if _SECRET.search(name) and len(value) >= _LEAST_SECRET}
    return sorted(found, key=len, reverse=True)


def _plain(value: Any) -> Any:
    """Return what `msgspec` can encode for what it does not know: paths, and whatever has a dump of its own."""
    if hasattr(value, "__fspath__"):
        return str(value)
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    raise TypeError(type(value).__name__)
