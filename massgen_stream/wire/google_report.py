"""What the usage reports of Google's two APIs have in common.

The input counts cached tokens, but not what tools put into it; the output leaves thoughts out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .metadata import is_whole_number

Data = dict[str, Any]


class GoogleReport:
    """The names of the figures in a report.

    Args:
        figures: Google's name by ours.
        tool_tokens: Google's name of what tools put into the input.
    """

    def __init__(self, figures: Mapping[str, str], tool_tokens: str) -> None:
        self._figures, self._tool_tokens = figures, tool_tokens
        self._known = frozenset(figures.values())
        self.counts = (*figures.values(), tool_tokens)

    def usage_of(self, raw: Mapping[str, Any]) -> Data:
        """Return a report in our names, with what else it says under ``details`` and ``raw``."""
        counts = {name: raw[name] for name in self.counts if is_whole_number(raw.get(name))}
        usage: Data = {ours: counts[name] for ours, name in self._figures.items() if name in counts}
        if "input_tokens" in usage:
            usage["all_input_tokens"] = usage["input_tokens"] + counts.get(self._tool_tokens, 0)
        written = [usage[name] for name in ("output_tokens", "reasoning_tokens") if name in usage]
        if written:
            usage["all_output_tokens"] = sum(written)
        details = {name: value for name, value in raw.items() if name not in self._known and value is not None}
        return usage | ({"details": details} if details else {}) | {"raw": raw}

    def unusable_figures(self, raw: Mapping[str, Any]) -> list[str]:
        """Return the names of figures in *raw* that are no numbers of tokens."""
        return [name for name in self.counts if raw.get(name) is not None and not is_whole_number(raw[name])]

    def raw_of(self, usage: Mapping[str, Any]) -> Any:
        """Return the report for the wire: the vendor's own if it is one of this wire, else one in Google's names."""
        raw = usage.get("raw")
        if isinstance(raw, dict) and self.usage_of(raw) == usage:
            return raw
        return {name: usage[ours] for ours, name in self._figures.items() if is_whole_number(usage.get(ours))}
