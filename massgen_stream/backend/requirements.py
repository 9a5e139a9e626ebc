"""Whether the libraries that a backend needs are installed; looking imports nothing."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

from ..errors import MissingExtra


def require(libraries: Mapping[str, str], provider: str) -> None:
    """Check that libraries are installed.

    Args:
        libraries: By import name, the extra that brings each.
        provider: The provider that needs them, for the error.

    Raises:
        MissingExtra: One is not installed; names the extras of all that are missing.
    """
    missing = dict.fromkeys(extra for library, extra in libraries.items() if find_spec(library) is None)
    if missing:
        raise MissingExtra(f"provider {provider!r}", ",".join(missing))
