"""A medium that is named on the command line."""

from __future__ import annotations

import sys
from typing import Any

from ..errors import ConfigurationError


def medium_named(name: str, purpose: str) -> Any:
    """Return what `massgen_stream.media.MediaSource.of` takes for a name; ``-`` is standard input.

    Args:
        name: File, URL or ``-``.
        purpose: What would be done with it, for the error.

    Raises:
        ConfigurationError: It is standard input, and nothing is piped there.
    """
    if name != "-":
        return name
    if sys.stdin is None or sys.stdin.isatty():
        raise ConfigurationError(f"nothing to {purpose}: name a FILE, or pipe one to standard input")
    return sys.stdin.buffer
