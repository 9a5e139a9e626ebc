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
    missing = missing_extras(libraries)
    if missing:
        raise MissingExtra(f"provider {provider!r}", ",".join(missing))


def missing_extras(libraries: Mapping[str, str]) -> list[str]:
    """Return the extras of those *libraries* (import name, and the extra that brings it) that are not installed."""
    return list(dict.fromkeys(extra for library, extra in libraries.items() if not _installed(library)))


def _installed(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ModuleNotFoundError:  # the package around it is missing
        return False
