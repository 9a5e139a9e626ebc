"""Finds generators: every class of every module in `vendors`. Nothing lists them anywhere else.

`BACKEND_API_KEYS`, `DEFAULT_MODELS` and `BACKEND_PRIORITY` are the origin's tables, made of what the classes declare.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ..errors import UnknownProvider
from ..stream_chunk.kinds import MediaType
from .choices import MADE
from .generator import Generator

if TYPE_CHECKING:
    BACKEND_API_KEYS: Mapping[str, tuple[str, ...]]
    DEFAULT_MODELS: Mapping[str, Mapping[MediaType, str]]
    BACKEND_PRIORITY: Mapping[MediaType, tuple[str, ...]]

_PACKAGE: Final = f"{__name__.rpartition('.')[0]}.vendors"


@cache
def generators() -> tuple[type[Generator], ...]:
    """Return every generator, by name; those of one name in the order in which they are tried."""
    return tuple(sorted(_found(), key=lambda one: (one.name, _first_place(one), one.__name__)))


def generators_of(name: str) -> tuple[type[Generator], ...]:
    """Return the generators that are called *name*.

    Raises:
        UnknownProvider: There is none; lists those that exist.
    """
    named = tuple(one for one in generators() if name == one.name or name in one.aliases)
    if not named:
        raise UnknownProvider(name, sorted({one.name for one in generators()}))
    return named


def has_api_key(backend_name: str, environ: Mapping[str, str] | None = None) -> bool:
    """Return whether the environment holds what opens a generator; False for names that do not exist.

    Args:
        backend_name: Its name, or another name of it.
        environ: The environment; by default the process's.
    """
    environ = os.environ if environ is None else environ
    named = (one for one in generators() if backend_name == one.name or backend_name in one.aliases)
    return any(one.is_ready(environ) for one in named)


@cache
def api_keys() -> Mapping[str, tuple[str, ...]]:
    """Return the variables that may hold the key of each generator; empty for those that need none."""
    found: dict[str, tuple[str, ...]] = {}
    for one in generators():
        found[one.name] = tuple(dict.fromkeys((*found.get(one.name, ()), *one.key_variables())))
    return MappingProxyType(found)


@cache
def default_models() -> Mapping[str, Mapping[MediaType, str]]:
    """Return the default model of each generator, by kind of medium."""
    found: dict[str, dict[MediaType, str]] = {}
    for one in generators():
        for kind, offer in one.offers.items():
            found.setdefault(one.name, {}).setdefault(kind, offer.default_model)
    return MappingProxyType({name: MappingProxyType(models) for name, models in found.items()})


@cache
def priorities() -> Mapping[MediaType, tuple[str, ...]]:
    """Return the names of the generators that are chosen by themselves, first one first, by kind of medium."""
    return MappingProxyType({kind: _in_order(kind) for kind in MADE})


def _in_order(kind: MediaType) -> tuple[str, ...]:
    places = [(offer.priority, one.name) for one in generators() if (offer := one.offers.get(kind)) is not None]
    chosen = sorted((priority, name) for priority, name in places if priority is not None)
    return tuple(dict.fromkeys(name for _, name in chosen))


def _first_place(generator: type[Generator]) -> float:
    places = [offer.priority for offer in generator.offers.values() if offer.priority is not None]
    return min(places, default=float("inf"))


def _found() -> Iterator[type[Generator]]:
    for info in walk_packages(import_module(_PACKAGE).__path__, f"{_PACKAGE}."):
        module = import_module(info.name)
        for value in vars(module).values():
            here = inspect.isclass(value) and value.__module__ == module.__name__
            if here and issubclass(value, Generator) and not inspect.isabstract(value):
                yield value


_TABLES: Final = {"BACKEND_API_KEYS": api_keys, "BACKEND_PRIORITY": priorities, "DEFAULT_MODELS": default_models}


def __getattr__(name: str) -> object:
    if name not in _TABLES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _TABLES[name]()
