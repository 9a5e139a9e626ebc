"""Usage reports of Claude, in our names (https://platform.claude.com/docs/en/api/messages).

``input_tokens`` leaves out what was read from and written to the cache. With server-side compaction and the advisor
tool the figures on top leave out whole runs of a model: ``iterations`` lists them all
(https://platform.claude.com/docs/en/build-with-claude/compaction).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..metadata import is_whole_number
from .fields import Data

_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "input_tokens": ("input_tokens",),
    "output_tokens": ("output_tokens",),
    "cached_input_tokens": ("cache_read_input_tokens",),
    "cache_write_tokens": ("cache_creation_input_tokens",),
    "reasoning_tokens": ("output_tokens_details", "thinking_tokens"),
}
FIGURES: Final = tuple(_PLACES.values())
"""Where a report may hold a number of tokens."""

_DETAILS: Final = ("cache_creation", "output_tokens_details", "server_tool_use", "iterations", "fallback_credit")
_READ: Final = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


def usage_of(raw: Mapping[str, Any]) -> Data:
    """Return the report in our names, with what else it says under ``details`` and ``raw``."""
    numbers = {name: _at(raw, path) for name, path in _PLACES.items()}
    usage: Data = {name: number for name, number in numbers.items() if is_whole_number(number)}
    runs = raw.get("iterations")
    told = runs if isinstance(runs, list) and runs and all(map(_is_run, runs)) else [raw]
    if "input_tokens" in usage:
        usage["all_input_tokens"] = sum(_count(run.get(name)) for run in told for name in _READ)
    if "output_tokens" in usage:
        usage["all_output_tokens"] = sum(_count(run.get("output_tokens")) for run in told)
    details = {name: raw[name] for name in _DETAILS if raw.get(name) is not None}
    return usage | ({"details": details} if details else {}) | {"raw": raw}


def unusable_figures(raw: Mapping[str, Any]) -> list[str]:
    """Return the paths of the figures of a report that are no numbers of tokens."""
    values = ((path, _at(raw, path)) for path in FIGURES)
    bad = (path for path, found in values if found is not None and not is_whole_number(found))
    return ["usage." + ".".join(path) for path in bad]


def raw_of(usage: Mapping[str, Any]) -> Data:
    """Return the report for the wire: the vendor's own if it is one of this wire, else one in Claude's names."""
    raw = usage.get("raw")
    if isinstance(raw, dict) and usage_of(raw) == usage:
        return raw
    made: Data = {}
    for name, (*owners, last) in _PLACES.items():
        if is_whole_number(usage.get(name)):
            owner = made
            for step in owners:
                owner = owner.setdefault(step, {})
            owner[last] = usage[name]
    return made


def _is_run(run: object) -> bool:
    return isinstance(run, dict) and all(is_whole_number(run.get(name)) for name in ("input_tokens", "output_tokens"))


def _count(value: Any) -> int:
    return value if is_whole_number(value) else 0


def _at(raw: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = raw
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
