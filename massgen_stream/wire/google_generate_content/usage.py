"""Usage reports of Gemini, in our names (https://ai.google.dev/api/generate-content#UsageMetadata)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..google_report import GoogleReport
from ..metadata import is_whole_number

FIGURES: Final[Mapping[str, str]] = {
    "input_tokens": "promptTokenCount",
    "output_tokens": "candidatesTokenCount",
    "total_tokens": "totalTokenCount",
    "cached_input_tokens": "cachedContentTokenCount",
    "reasoning_tokens": "thoughtsTokenCount",
}
TOOL_PROMPT: Final = "toolUsePromptTokenCount"
_REPORT: Final = GoogleReport(FIGURES, TOOL_PROMPT)
COUNTS: Final = _REPORT.counts
usage_of: Final = _REPORT.usage_of
unusable_figures: Final = _REPORT.unusable_figures
raw_of: Final = _REPORT.raw_of


def added(before: dict[str, Any] | None, report: dict[str, Any]) -> dict[str, Any]:
    """Return the report for responses that belong together: figures are added up, by modality too."""
    if not before:
        return report
    both = {**before, **report}
    for name in before.keys() & report.keys():
        both[name] = _added(before[name], report[name])
    return both


def _added(first: Any, second: Any) -> Any:
    if is_whole_number(first) and is_whole_number(second):
        return first + second
    if not isinstance(first, list) or not isinstance(second, list):
        return second
    rows = [row for row in [*first, *second] if isinstance(row, dict)]
    kinds = dict.fromkeys(str(row.get("modality")) for row in rows)
    return [_row([row for row in rows if str(row.get("modality")) == kind]) for kind in kinds]


def _row(rows: list[dict[str, Any]]) -> dict[str, Any]:
    counts = [row["tokenCount"] for row in rows if is_whole_number(row.get("tokenCount"))]
    return {**rows[0], **({"tokenCount": sum(counts)} if counts else {})}
