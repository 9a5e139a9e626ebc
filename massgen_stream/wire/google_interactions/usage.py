"""Usage reports of the Interactions API, in our names (https://ai.google.dev/api/interactions-api#Resource:Interaction).

The input counts cached tokens, but not what tools put into it; the output leaves thoughts out. An answer that goes on
in another request is billed for each: the reports are added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..metadata import is_whole_number
from .fields import Data

FIGURES: Final[Mapping[str, str]] = {
    "input_tokens": "total_input_tokens",
    "output_tokens": "total_output_tokens",
    "total_tokens": "total_tokens",
    "cached_input_tokens": "total_cached_tokens",
    "reasoning_tokens": "total_thought_tokens",
}
TOOL_TOKENS: Final = "total_tool_use_tokens"
COUNTS: Final = (*FIGURES.values(), TOOL_TOKENS)
_FIRST: Final = "initial_input_tokens"
_LISTS: Final[Mapping[str, tuple[str, str]]] = {
    **{f"{kind}_tokens_by_modality": ("modality", "tokens") for kind in ("cached", "input", "output", "tool_use")},
    "grounding_tool_count": ("type", "count"),
}


def usage_of(raw: Mapping[str, Any]) -> Data:
    """Return the report in our names, with what else it says under ``details`` and ``raw``."""
    counts = {name: raw[name] for name in COUNTS if is_whole_number(raw.get(name))}
    usage: Data = {ours: counts[name] for ours, name in FIGURES.items() if name in counts}
    if "input_tokens" in usage:
        usage["all_input_tokens"] = usage["input_tokens"] + counts.get(TOOL_TOKENS, 0)
    written = [usage[name] for name in ("output_tokens", "reasoning_tokens") if name in usage]
    if written:
        usage["all_output_tokens"] = sum(written)
    details = {name: value for name, value in raw.items() if name not in FIGURES.values() and value is not None}
    return usage | ({"details": details} if details else {}) | {"raw": raw}


def unusable_figures(raw: Mapping[str, Any]) -> list[str]:
    """Return the names of figures in *raw* that are no numbers of tokens."""
    return [name for name in COUNTS if raw.get(name) is not None and not is_whole_number(raw[name])]


def raw_of(usage: Mapping[str, Any]) -> Any:
    """Return the report for the wire: the vendor's own if it is one of this wire, else one in Google's names."""
    raw = usage.get("raw")
    if isinstance(raw, dict) and usage_of(raw) == usage:
        return raw
    return {name: usage[ours] for ours, name in FIGURES.items() if is_whole_number(usage.get(ours))}


def added(before: Data, after: Data) -> Data:
    """Return what two requests of one answer used together; an empty report says nothing."""
    if not before or not after:
        return after or before
    summed = {name: _sum(name, before.get(name), after.get(name)) for name in {**before, **after} if name != _FIRST}
    first = before.get(_FIRST, before.get("total_input_tokens"))
    return summed | ({} if first is None else {_FIRST: first})


def _sum(name: str, before: Any, after: Any) -> Any:
    if is_whole_number(before) and is_whole_number(after):
        return before + after
    if name in _LISTS and isinstance(before, list) and isinstance(after, list):
        return _sum_lists([*before, *after], *_LISTS[name])
    return before if after is None else after


def _sum_lists(items: list[Any], key: str, number: str) -> list[Any]:
    """Add up the numbers of the items that have the same key; items of another form stay as they are."""
    totals: dict[str, Data] = {}
    others = []
    for item in items:
        name = item.get(key) if isinstance(item, dict) else None
        if not isinstance(name, str) or not is_whole_number(item.get(number)):
            others.append(item)
        elif name in totals:
            totals[name] = {**totals[name], number: totals[name][number] + item[number]}
        else:
            totals[name] = item
    return [*totals.values(), *others]
