"""Finds providers: every module of this package with a `SPEC`, and the plug-ins of other packages.

Nothing lists them anywhere else: whoever needs the names asks here.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Final

from ..errors import UnknownProvider
from .spec import ProviderSpec

GROUP: Final = "massgen_stream.providers"
"""The entry point group of plug-ins; each entry is a `ProviderSpec`."""

_PACKAGE: Final = __name__.rpartition(".")[0]


@cache
def providers() -> Mapping[str, ProviderSpec]:
    """Return every provider by name, in the order of the automatic choice, then by name.

    A plug-in that cannot be loaded, or whose name is taken, is left out with a `RuntimeWarning`.
    """
    found = {spec.name: spec for spec in _built_in()}
    for label, spec in _plugged_in():
        if found.setdefault(spec.name, spec) is not spec:
            _warn(label, f"the name {spec.name!r} is taken")
    return MappingProxyType({spec.name: spec for spec in sorted(found.values(), key=_place)})


def get_provider(name: str) -> ProviderSpec:
    """Return the provider called *name*.

    Raises:
        UnknownProvider: There is none; lists those that exist.
    """
    spec = providers().get(name)
    if spec is None:
        raise UnknownProvider(name, list(providers()))
    return spec


def choose_provider(environ: Mapping[str, str]) -> ProviderSpec | None:
    """Return the first provider, by priority, whose key *environ* holds; None when it holds none."""
    return next((s for s in providers().values() if s.priority is not None and s.api_key(environ)), None)


def _place(spec: ProviderSpec) -> tuple[float, str]:
    return (float("inf") if spec.priority is None else spec.priority, spec.name)


def _built_in() -> Iterator[ProviderSpec]:
    for module in iter_modules(import_module(_PACKAGE).__path__):
        spec = getattr(import_module(f"{_PACKAGE}.{module.name}"), "SPEC", None)
        if isinstance(spec, ProviderSpec):
            yield spec


def _plugged_in() -> Iterator[tuple[str, ProviderSpec]]:
    for entry in sorted(entry_points(group=GROUP)):
        label = f"{entry.name} = {entry.value}"
        try:
            spec = entry.load()
        except Exception as error:  # noqa: BLE001 - foreign code may raise anything; it must not take our hosts along
            _warn(label, f"{type(error).__name__}: {error}")
            continue
        if isinstance(spec, ProviderSpec):
            yield label, spec
        else:
            _warn(label, f"it is a {type(spec).__name__}, not a ProviderSpec")


def _warn(label: str, problem: str) -> None:
    warnings.warn(f"provider plug-in {label!r} is left out: {problem}", RuntimeWarning, stacklevel=2)
