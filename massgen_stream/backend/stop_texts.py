"""The texts at which an answer stops, under either of their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import ConfigurationError


def stop_texts(options: Mapping[str, Any]) -> list[str] | None:
    """Return what ``stop`` or ``stop_sequences`` says, a text or a list of texts; None where neither does.

    Raises:
        ConfigurationError: Both are given, or it is something else.
    """
    stop, sequences = options.get("stop"), options.get("stop_sequences")
    if stop is not None and sequences is not None:
        raise ConfigurationError("option stop is the same as stop_sequences, which is given too; leave one out")
    given = sequences if stop is None else stop
    if given is None or isinstance(given, str):
        return None if given is None else [given]
    if not isinstance(given, list | tuple) or not all(isinstance(text, str) for text in given):
        raise ConfigurationError("stop must be a text or a list of texts")
    return list(given)
