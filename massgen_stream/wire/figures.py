"""Numbers of tokens within a vendor's usage report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .metadata import is_whole_number

Path = tuple[str, ...]
"""Names down to a figure."""


def figure_at(raw: Mapping[str, Any], path: Path) -> Any:
    """Return what *raw* has at *path*; None where it has nothing."""
    value: Any = raw
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def unusable_at(raw: Mapping[str, Any], paths: Iterable[Path]) -> list[str]:
    """Return those of *paths*, joined by dots, where *raw* has something that is no number of tokens."""
    values = ((path, figure_at(raw, path)) for path in paths)
    return [".".join(path) for path, found in values if found is not None and not is_whole_number(found)]


def put_figures(usage: Mapping[str, Any], places: Iterable[tuple[str, Path]], report: dict[str, Any]) -> dict[str, Any]:
    """Return *report*, with the figures of *usage* put where *places* says by their names."""
    for name, path in places:
        if is_whole_number(usage.get(name)):
            owner = report if len(path) == 1 else report.setdefault(path[0], {})
            owner[path[-1]] = usage[name]
    return report
