"""Usage reports of chat servers, in our names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.token_usage import with_sums
from ..figures import figure_at, put_figures, unusable_at
from ..metadata import is_whole_number

_PLACES: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "input_tokens": (("prompt_tokens",), ("input_tokens",)),
    "output_tokens": (("completion_tokens",), ("output_tokens",)),
    "total_tokens": (("total_tokens",),),
    "cached_input_tokens": (
        ("prompt_tokens_details", "cached_tokens"),
        ("input_tokens_details", "cached_tokens"),
        ("prompt_cache_hit_tokens",),  # DeepSeek
        ("cache_read_input_tokens",),  # Databricks, LiteLLM
        ("cached_tokens",),  # Hugging Face, Moonshot
    ),
    "cache_write_tokens": (
        ("prompt_tokens_details", "cache_write_tokens"),
        ("cache_creation_input_tokens",),
    ),
    "reasoning_tokens": (
        ("completion_tokens_details", "reasoning_tokens"),
        ("output_tokens_details", "reasoning_tokens"),
        ("reasoning_tokens",),  # Copilot, Perplexity
    ),
}
FIGURES: Final = tuple(path for paths in _PLACES.values() for path in paths)
"""Where a report may hold a number of tokens."""

_DETAILS: Final = ("prompt_tokens_details", "completion_tokens_details", "cost_details")
_COSTS: Final = ("cost", "cost_in_usd_ticks")


def usage_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report of a chat server in our names, with what else it says under ``details`` and ``raw``."""
    usage: dict[str, Any] = {}
    for name, places in _PLACES.items():
        number = next((found for path in places if is_whole_number(found := figure_at(raw, path))), None)
        if number is not None:
            usage[name] = number
    details = {name: raw[name] for name in (*_DETAILS, *_COSTS) if raw.get(name) is not None}
    if details:
        usage["details"] = details
    return with_sums(usage) | {"raw": raw}


def unusable_figures(raw: Mapping[str, Any]) -> list[str]:
    """Return the paths within *raw* of figures that are no numbers of tokens."""
    return unusable_at(raw, FIGURES)


def raw_of(usage: Mapping[str, Any]) -> Any:
    """Return the report for the wire: the vendor's own if it is one of this wire, else one in OpenAI's names."""
    raw = usage.get("raw")
    if isinstance(raw, dict) and usage_of(raw) == usage:
        return raw
    return put_figures(usage, ((name, paths[0]) for name, paths in _PLACES.items()), {})
