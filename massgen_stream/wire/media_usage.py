"""Usage reports of media endpoints, in our names.

OpenAI's say ``input_tokens``, compatible hosts ``prompt_tokens``; transcriptions are also billed by ``seconds`` and
images by ``cost``, which are kept under ``details`` with everything else that is no number of tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..stream_chunk.token_usage import with_sums

_PLACES: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "input_tokens": (("input_tokens",), ("prompt_tokens",)),
    "output_tokens": (("output_tokens",), ("completion_tokens",)),
    "total_tokens": (("total_tokens",),),
    "cached_input_tokens": (("input_tokens_details", "cached_tokens"), ("prompt_tokens_details", "cached_tokens")),
    "cache_write_tokens": (
        ("input_tokens_details", "cache_write_tokens"),
        ("prompt_tokens_details", "cache_write_tokens"),
    ),
    "reasoning_tokens": (
        ("output_tokens_details", "reasoning_tokens"),
        ("completion_tokens_details", "reasoning_tokens"),
    ),
}
FIGURES: Final = tuple(".".join(path) for paths in _PLACES.values() for path in paths)
"""Where a report may hold a number of tokens."""

_SOUND: Final = ("prompt_tokens_details", "audio_tokens")
_COUNTS: Final = frozenset(path[0] for paths in _PLACES.values() for path in paths if len(path) == 1)


def usage_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report in our names, with what else it says under ``details`` and ``raw``."""
    usage: dict[str, Any] = {}
    for name, places in _PLACES.items():
        number = next((found for path in places if _is_count(found := _at(raw, path))), None)
        if number is not None:
            usage[name] = number
    details = {name: value for name, value in raw.items() if name not in _COUNTS and value is not None}
    return _with_sound(usage, raw) | ({"details": details} if details else {}) | {"raw": raw}


def unusable_figures(raw: Mapping[str, Any]) -> list[str]:
    """Return the paths within *raw* of figures that are no numbers of tokens."""
    values = ((path, _at(raw, path.split("."))) for path in FIGURES)
    return [path for path, found in values if found is not None and not _is_count(found)]


def raw_of(usage: Mapping[str, Any]) -> Any:
    """Return the report for the wire: the vendor's own if it is one of this wire, else one in OpenAI's names."""
    raw = usage.get("raw")
    if isinstance(raw, dict) and usage_of(raw) == usage:
        return raw
    made: dict[str, Any] = {}
    for name, (path, *_) in _PLACES.items():
        if _is_count(usage.get(name)):
            owner = made if len(path) == 1 else made.setdefault(path[0], {})
            owner[path[-1]] = usage[name]
    return made


def _with_sound(usage: dict[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return *usage* with its sums. Mistral counts the tokens of a recording in the total, and not in the input."""
    given, written, total = (usage.get(name) for name in ("input_tokens", "output_tokens", "total_tokens"))
    heard = _at(raw, _SOUND)
    if given is not None and written is not None and _is_count(heard) and total == given + written + heard:
        return usage | {"all_input_tokens": given + heard, "all_output_tokens": written}
    return with_sums(usage)


def _at(raw: Mapping[str, Any], path: list[str] | tuple[str, ...]) -> Any:
    value: Any = raw
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
