"""Usage reports of the Responses API, in our names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.token_usage import with_sums
from ..figures import figure_at, put_figures, unusable_at
from ..metadata import is_whole_number

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
    usage = {name: number for name, path in PLACES.items() if is_whole_number(number := figure_at(raw, path))}
    details = {name: value for name, value in raw.items() if name not in _KNOWN and value is not None}
    return with_sums(usage) | ({"details": details} if details else {}) | {"raw": raw}


def unusable_figures(raw: Mapping[str, Any]) -> list[str]:
    """Return the paths within *raw* of figures that are no numbers of tokens."""
    return unusable_at(raw, PLACES.values())


def raw_of(usage: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report for the wire: the vendor's own if it is one of this wire, else one in OpenAI's names."""
    raw = usage.get("raw")
    if isinstance(raw, dict) and usage_of(raw) == usage:
        return raw
    return put_figures(usage, PLACES.items(), {"input_tokens_details": {}, "output_tokens_details": {}})
