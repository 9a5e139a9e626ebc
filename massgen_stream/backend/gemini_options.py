"""Neutral options that become several fields of Gemini's configuration, or fields that depend on the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..errors import ConfigurationError
from .stop_texts import stop_texts

Config = dict[str, Any]
SPECIAL: Final = frozenset((
    "automatic_continuation", "include_thoughts", "logprobs", "modalities", "reasoning_effort", "response_format",
    "stop", "stop_sequences", "thinking_budget", "thinking_config", "tool_choice", "top_logprobs",
))  # fmt: skip
"""Options that are read here, or by the request itself."""

_LEVELS: Final = {"minimal": "MINIMAL", "low": "LOW", "medium": "MEDIUM", "high": "HIGH", "xhigh": "XHIGH"}
_MOST: Final = "max"
_BUDGETS: Final = {"none": 0, "minimal": 1024, "low": 1024, "medium": 8192}
_LARGEST_BUDGET: Final = 24_576
"""Gemini 2.5 thinks by budget: https://ai.google.dev/gemini-api/docs/openai#thinking"""
_BY_BUDGET: Final = ("gemini-2.",)
_EFFORTS: Final = ("none", *_LEVELS, _MOST)


def generation_config(options: Mapping[str, Any], model: str) -> tuple[Config, list[str]]:
    """Return the fields of ``generationConfig`` for the options of `SPECIAL`, and the losses, one line each.

    Raises:
        ConfigurationError: A value cannot be used.
    """
    losses: list[str] = []
    found: Config = {
        "stopSequences": stop_texts(options),
        "responseModalities": _modalities(options.get("modalities")),
        "thinkingConfig": _thinking(options, model.rpartition("/")[2], losses),
        **_logprobs(options),
        **_response_format(options.get("response_format")),
    }
    return {name: value for name, value in found.items() if value not in (None, {})}, losses


def _modalities(given: Any) -> list[str] | None:
    if given is None:
        return None
    if not isinstance(given, list | tuple) or not all(isinstance(word, str) for word in given):
        raise ConfigurationError('modalities must be a list such as ["text", "image"]')
    return [word.upper() for word in given]


def _thinking(options: Mapping[str, Any], model: str, losses: list[str]) -> Config:
    whole = options.get("thinking_config")
    if not isinstance(whole, Mapping | None):
        raise ConfigurationError(f"thinking_config must be an object, not {type(whole).__name__}")
    config: Config = dict(whole or {})
    if options.get("include_thoughts") is not None:
        config["includeThoughts"] = bool(options["include_thoughts"])
    if options.get("thinking_budget") is not None:
        config["thinkingBudget"] = options["thinking_budget"]
    effort = options.get("reasoning_effort")
    if effort is not None:
        config |= _effort(effort, model, losses)
    return config


def _effort(effort: Any, model: str, losses: list[str]) -> Config:
    if effort not in _EFFORTS:
        raise ConfigurationError(f"reasoning_effort must be one of {', '.join(_EFFORTS)}, not {str(effort)[:40]!r}")
    if model.startswith(_BY_BUDGET):
        return {"thinkingBudget": _BUDGETS.get(effort, _LARGEST_BUDGET)}
    if effort == "none":
        losses.append("option reasoning_effort: minimal sent in place of none: the model always thinks")
        return {"thinkingLevel": "MINIMAL"}
    if effort == _MOST:
        losses.append("option reasoning_effort: xhigh sent in place of max: Gemini has no higher level")
    return {"thinkingLevel": _LEVELS.get(effort, "XHIGH")}


def _logprobs(options: Mapping[str, Any]) -> Config:
    """OpenAI's pair of a switch and a number, or Google's number."""
    given, top = options.get("logprobs"), options.get("top_logprobs")
    if given is None or given is False:
        return {}
    number = top if given is True else given
    return {"responseLogprobs": True, **({} if number is None else {"logprobs": number})}


def _response_format(given: Any) -> Config:
    if given is None:
        return {}
    kind = given.get("type") if isinstance(given, Mapping) else None
    if kind == "text":
        return {}
    if kind == "json_object":
        return {"responseMimeType": "application/json"}
    named = given.get("json_schema") if isinstance(given, Mapping) else None
    schema = named.get("schema") if isinstance(named, Mapping) else None
    if kind != "json_schema" or not isinstance(schema, Mapping):
        wanted = '{"type": "json_object"} or {"type": "json_schema", "json_schema": {"name": …, "schema": …}}'
        raise ConfigurationError(f"response_format must be {wanted}")
    return {"responseMimeType": "application/json", "responseJsonSchema": dict(schema)}
