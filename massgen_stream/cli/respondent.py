"""Who answers: the provider that is named, or the one that the environment speaks for, and what it needs installed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..backend.factory import libraries_of
from ..backend.requirements import missing_extras
from ..errors import MissingExtra
from ..provider import ProviderSpec, choose_provider, get_provider

SIMULATOR: Final = "simulator"
COMPATIBLE: Final = "chatcompletion"
"""The provider for an address that stands without a name."""

_SCREEN: Final = {"rich": "cli"}
"""What rendering needs, and the extra that brings it."""


def respondent(name: str | None, base_url: str | None, environ: Mapping[str, str]) -> ProviderSpec:
    """Return who answers; an address without a name never gets another provider's key.

    Raises:
        UnknownProvider: Nobody is called *name*.
    """
    if name is not None or base_url is not None:
        return get_provider(COMPATIBLE if name is None else name)
    return choose_provider(environ) or get_provider(SIMULATOR)


def require_extras(provider: ProviderSpec, *, screen: bool) -> None:
    """Check that everything is installed: one message for all, instead of one after the other.

    Args:
        provider: Who answers.
        screen: Whether the answer is rendered.

    Raises:
        MissingExtra: Something is not; names every extra that is missing.
    """
    missing = missing_extras({**(_SCREEN if screen else {}), **libraries_of(provider)})
    if missing:
        raise MissingExtra(f"chat with {provider.name}", ",".join(missing))


def introduction(provider: ProviderSpec, model: str, *, named: bool, address: str | None) -> str:
    """Say who answers.

    Args:
        provider: Who does.
        model: The model that is asked for.
        named: Whether the user chose the provider.
        address: Where it is, without secrets.
    """
    if provider.simulated and named:
        return "the simulator answers; there is no model behind it"
    if provider.simulated:
        return "no key is set, so the embedded simulator answers; `massgen-stream providers` lists the keys"
    place = f" at {address}" if address and address != provider.base_url else ""
    return f"{provider.name}{place} answers with {model}"
