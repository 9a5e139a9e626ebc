"""Usage reports of Gemini, in our names (https://ai.google.dev/api/generate-content#UsageMetadata).

The prompt counts cached tokens, but not what tools put into it; the candidates leave thoughts out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

FIGURES: Final[Mapping[str, str]] = {
    "input_tokens": "promptTokenCount",
    "output_tokens": "candidatesTokenCount",
    "total_tokens": "totalTokenCount",
    "cached_input_tokens": "cachedContentTokenCount",
    "reasoning_tokens": "thoughtsTokenCount",
}
TOOL_PROMPT: Final = "toolUsePromptTokenCount"
COUNTS: Final = (*FIGURES.values(), TOOL_PROMPT)


def usage_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report in our names, with what else it says under ``details`` and ``raw``."""
    counts = {name: raw[name] for name in COUNTS if _is_count(raw.get(name))}
    usage: dict[str, Any] = {ours: counts[name] for ours, name in FIGURES.items() if name in counts}
    if "input_tokens" in usage:
        usage["all_input_tokens"] = usage["input_tokens"] + counts.get(TOOL_PROMPT, 0)
    written = [usage[name] for name in ("output_tokens", "reasoning_tokens") if name in usage]
    if written:
        usage["all_output_tokens"] = sum(written)
    details = {name: value for name, value in raw.items() if name not in FIGURES.values() and value is not None}
    return usage | ({"details": details} if details else {}) | {"raw": raw}


def added(before: dict[str, Any] | None, report: dict[str, Any]) -> dict[str, Any]:
    """Return the report for responses that belong together: figures are added up, by modality too."""
    if not before:
        return report
    both = {**before, **report}
    for name in before.keys() & report.keys():
        both[name] = _added(before[name], report[name])
    return both


def unusable_figures(raw: Mapping[str, Any]) -> list[str]:
    """Return the names of figures in *raw* that are no numbers of tokens."""
    return [name for name in COUNTS if raw.get(name) is not None and not _is_count(raw[name])]


def raw_of(usage: Mapping[str, Any]) -> Any:
    """Return the report for the wire: the vendor's own if it is one of this wire, else one in Google's names."""
    raw = usage.get("raw")
    if isinstance(raw, dict) and usage_of(raw) == usage:
        return raw
    return {name: usage[ours] for ours, name in FIGURES.items() if _is_count(usage.get(ours))}


def _added(first: Any, second: Any) -> Any:
    if _is_count(first) and _is_count(second):
        return first + second
    if not isinstance(first, list) or not isinstance(second, list):
        return second
    rows = [row for row in [*first, *second] if isinstance(row, dict)]
    kinds = dict.fromkeys(str(row.get("modality")) for row in rows)
    return [_row([row for row in rows if str(row.get("modality")) == kind]) for kind in kinds]


def _row(rows: list[dict[str, Any]]) -> dict[str, Any]:
    counts = [row["tokenCount"] for row in rows if _is_count(row.get("tokenCount"))]
    return {**rows[0], **({"tokenCount": sum(counts)} if counts else {})}


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
