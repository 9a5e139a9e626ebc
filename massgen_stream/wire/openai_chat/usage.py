"""Usage reports of chat servers, in our names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.token_usage import with_sums

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
_DETAILS: Final = ("prompt_tokens_details", "completion_tokens_details", "cost_details")
_COSTS: Final = ("cost", "cost_in_usd_ticks")


def usage_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report of a chat server in our names, with what else it says under ``details`` and ``raw``."""
    usage: dict[str, Any] = {}
    for name, places in _PLACES.items():
        numbers = (value for path in places if (value := _at(raw, path)) is not None)
        number = next(numbers, None)
        if number is not None:
            usage[name] = number
    details = {name: raw[name] for name in (*_DETAILS, *_COSTS) if raw.get(name) is not None}
    if details:
        usage["details"] = details
    return with_sums(usage) | {"raw": raw}


def raw_of(usage: Mapping[str, Any]) -> Any:
    """Return the report to write on the wire: the vendor's own, else one in OpenAI's names."""
    raw = usage.get("raw")
    if raw is not None:
        return raw
    raw = {path[0][0]: usage[name] for name, path in _PLACES.items() if len(path[0]) == 1 and name in usage}
    for name, places in _PLACES.items():
        if len(places[0]) > 1 and name in usage:
            raw.setdefault(places[0][0], {})[places[0][1]] = usage[name]
    return raw


def _at(raw: Mapping[str, Any], path: tuple[str, ...]) -> int | None:
    value: Any = raw
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
