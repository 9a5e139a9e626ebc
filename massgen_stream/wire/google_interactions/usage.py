"""Usage reports of the Interactions API, in our names (https://ai.google.dev/api/interactions-api#Resource:Interaction).

An answer that goes on in another request is billed for each: the reports are added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..google_report import GoogleReport
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
_REPORT: Final = GoogleReport(FIGURES, TOOL_TOKENS)
COUNTS: Final = _REPORT.counts
usage_of: Final = _REPORT.usage_of
unusable_figures: Final = _REPORT.unusable_figures
raw_of: Final = _REPORT.raw_of
_FIRST: Final = "initial_input_tokens"
_LISTS: Final[Mapping[str, tuple[str, str]]] = {
    **{f"{kind}_tokens_by_modality": ("modality", "tokens") for kind in ("cached", "input", "output", "tool_use")},
    "grounding_tool_count": ("type", "count"),
}


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
