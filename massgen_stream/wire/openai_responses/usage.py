"""Usage reports of the Responses API, in our names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.token_usage import with_sums

PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "input_tokens": ("input_tokens",),
    "output_tokens": ("output_tokens",),
    "total_tokens": ("total_tokens",),
    "cached_input_tokens": ("input_tokens_details", "cached_tokens"),
    "cache_write_tokens": ("input_tokens_details", "cache_write_tokens"),
    "reasoning_tokens": ("output_tokens_details", "reasoning_tokens"),
}
"""Where a report may hold a number of tokens."""

_KNOWN: Final = frozenset(path[0] for path in PLACES.values() if len(path) == 1)


def usage_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report in our names, with what else it says under ``details`` and ``raw``."""
    usage = {name: number for name, path in PLACES.items() if _is_count(number := _at(raw, path))}
    details = {name: value for name, value in raw.items() if name not in _KNOWN and value is not None}
    return with_sums(usage) | ({"details": details} if details else {}) | {"raw": raw}


def unusable_figures(raw: Mapping[str, Any]) -> list[str]:
    """Return the paths within *raw* of figures that are no numbers of tokens."""
    values = ((path, _at(raw, path)) for path in PLACES.values())
    return [".".join(path) for path, found in values if found is not None and not _is_count(found)]


def raw_of(usage: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report for the wire: the vendor's own if it is one of this wire, else one in OpenAI's names."""
    raw = usage.get("raw")
    if isinstance(raw, dict) and usage_of(raw) == usage:
        return raw
    made: dict[str, Any] = {"input_tokens_details": {}, "output_tokens_details": {}}
    for name, path in PLACES.items():
        if _is_count(usage.get(name)):
            owner = made if len(path) == 1 else made[path[0]]
            owner[path[-1]] = usage[name]
    return made


def _at(raw: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = raw
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
