"""Arithmetic of usage reports.

A report is a plain dictionary: the figures of `vocabulary.USAGE_NUMBERS`, plus ``details`` (other figures of the
vendor) and ``raw`` (its report, untouched). Unknown figures are absent, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .vocabulary import USAGE_NUMBERS

ORIGIN_NAMES: Final = {"prompt_tokens": "input_tokens", "completion_tokens": "output_tokens"}
"""What MassGen's own usage called the first two figures."""


def canonical_usage(usage: Mapping[str, Any]) -> dict[str, Any]:
    """Return *usage* with the origin's names replaced; our names win where both are given."""
    renamed = {ORIGIN_NAMES.get(name, name): value for name, value in usage.items() if value is not None}
    return renamed | {name: value for name, value in usage.items() if name in USAGE_NUMBERS and value is not None}


def origin_usage(usage: Mapping[str, Any]) -> dict[str, Any]:
    """Return *usage* under the origin's names."""
    ours = {ours: origin for origin, ours in ORIGIN_NAMES.items()}
    return {ours.get(name, name): value for name, value in usage.items()}


def with_sums(usage: dict[str, Any]) -> dict[str, Any]:
    """Return *usage* with ``all_input_tokens`` and ``all_output_tokens`` where they follow from the figures.

    For vendors whose input counts cached tokens. Some leave reasoning out of the output but not out of the total
    (xAI): what the total holds beyond the input was written by the model.
    """
    given, written, total = (usage.get(name) for name in ("input_tokens", "output_tokens", "total_tokens"))
    if given is not None:
        usage.setdefault("all_input_tokens", given)
    if given is not None and written is not None and total is not None and total > given + written:
        written = total - given
    if written is not None:
        usage.setdefault("all_output_tokens", written)
    return usage


def add_usage(first: Mapping[str, Any] | None, second: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the sum of two reports, as of two turns; a figure that only one of them has is kept.

    ``details`` and ``raw`` belong to single reports and are left out.
    """
    reports = [report for report in (first, second) if report]
    names = [name for name in USAGE_NUMBERS if any(report.get(name) is not None for report in reports)]
    return {name: sum(report.get(name) or 0 for report in reports) for name in names}
