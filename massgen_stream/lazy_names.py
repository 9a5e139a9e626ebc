"""Packages as tables of contents: a name is loaded when it is first used (PEP 562)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_names(
    package: str, places: Mapping[str, str], namespace: dict[str, Any]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return a package's ``__getattr__`` and ``__dir__``.

    Args:
        package: Its name.
        places: The module of each name, relative to it.
        namespace: Its ``globals()``, where a loaded name stays.
    """

    def __getattr__(name: str) -> Any:  # noqa: N807 - the name that it gets there
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = namespace[name] = getattr(import_module(places[name], package), name)
        return value

    def __dir__() -> list[str]:  # noqa: N807
        return sorted({*namespace, *places})

    return __getattr__, __dir__
