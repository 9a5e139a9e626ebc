"""Usage reports of xAI in our names (xai/api/v1/usage.proto); reasoning is not part of the output, but of the total."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.token_usage import with_sums

Data = dict[str, Any]
FIGURES: Final[Mapping[str, str]] = {
    "input_tokens": "prompt_tokens",
    "output_tokens": "completion_tokens",
    "total_tokens": "total_tokens",
    "cached_input_tokens": "cached_prompt_text_tokens",
    "reasoning_tokens": "reasoning_tokens",
}

_LARGEST: Final = 2**31 - 1
"""Figures have 32 bits."""


def usage_of(raw: Mapping[str, Any]) -> Data:
    """Return a report in our names; what else it says is under ``details``, cost in ticks of 1e-10 USD included.

    Figures have no presence on this wire: one that is not there is zero, as long as there is a report at all.
    """
    usage: Data = {ours: raw.get(name, 0) for ours, name in FIGURES.items()}
    details = {name: value for name, value in raw.items() if name not in FIGURES.values()}
    return with_sums(usage) | ({"details": details} if details else {}) | {"raw": dict(raw)}


def raw_of(usage: Mapping[str, Any]) -> Data:
    """Return the report for the wire: the vendor's own if it is one of this wire, else one in xAI's names."""
    raw = usage.get("raw")
    if isinstance(raw, dict) and usage_of(raw) == usage:
        return raw
    made = {name: usage.get(ours) for ours, name in FIGURES.items()}
    return {name: number for name, number in made.items() if isinstance(number, int) and 0 < number <= _LARGEST}
