"""Neutral options that become fields of an interaction's configuration, in its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..errors import ConfigurationError
from ..stream_chunk.formatter import InteractionsFormatter
from .stop_texts import stop_texts

Config = dict[str, Any]
SPECIAL: Final = frozenset((
    "automatic_continuation", "include_thoughts", "reasoning_effort", "response_format", "stop", "stop_sequences",
    "tool_choice",
))  # fmt: skip
"""Options that are read here, or by the request itself."""

_LEVELS: Final = ("minimal", "low", "medium", "high", "xhigh")
_NEAREST: Final = {
    "none": ("minimal", "the model always thinks"),
    "max": ("xhigh", "Gemini has no higher level"),
}
_OWN_FORMATS: Final = frozenset(("audio", "image", "video"))


def generation_config(options: Mapping[str, Any], formatter: InteractionsFormatter) -> tuple[Config, list[str]]:
    """Return the fields of ``generation_config`` for the options of `SPECIAL`, and the losses, one line each.

    Raises:
        UsageError: A value cannot be used.
    """
    losses: list[str] = []
    choice, thoughts = options.get("tool_choice"), options.get("include_thoughts")
    found: Config = {
        "stop_sequences": stop_texts(options),
        "thinking_level": _level(options.get("reasoning_effort"), losses),
        "thinking_summaries": None if thoughts is None else "auto" if thoughts else "none",
        "tool_choice": None if choice is None else formatter.format_tool_choice(choice),
    }
    return {name: value for name, value in found.items() if value is not None}, losses


def response_format(given: Any) -> Config:
    """Return the field for an OpenAI-shaped format, or for one of the API's own.

    Raises:
        ConfigurationError: It is neither.
    """
    if given is None or (isinstance(given, Mapping) and dict(given) == {"type": "text"}):
        return {}
    if isinstance(given, list | tuple):
        return {"response_format": [_format(one) for one in given]}
    return {"response_format": _format(given)}


def _format(given: Any) -> Config:
    kind = given.get("type") if isinstance(given, Mapping) else None
    if kind in _OWN_FORMATS or kind == "text":
        return dict(given)
    json: Config = {"type": "text", "mime_type": "application/json"}
    if kind == "json_object":
        return json
    named = given.get("json_schema") if isinstance(given, Mapping) else None
    schema = named.get("schema") if isinstance(named, Mapping) else None
    if kind != "json_schema" or not isinstance(schema, Mapping):
        wanted = '{"type": "json_object"}, {"type": "json_schema", "json_schema": {"name": …, "schema": …}}'
        raise ConfigurationError(f"response_format must be {wanted} or one of Google's, such as {{'type': 'image'}}")
    return {**json, "schema": dict(schema)}


def _level(effort: Any, losses: list[str]) -> str | None:
    if effort is None or effort in _LEVELS:
        return effort  # type: ignore[no-any-return]
    if effort not in _NEAREST:
        offered = ", ".join(("none", *_LEVELS, "max"))
        raise ConfigurationError(f"reasoning_effort must be one of {offered}, not {str(effort)[:40]!r}")
    level, why = _NEAREST[effort]
    losses.append(f"option reasoning_effort: {level} sent in place of {effort}: {why}")
    return level
