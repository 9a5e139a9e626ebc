"""Options of one name everywhere, in Claude's words: https://platform.claude.com/docs/en/api/messages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from msgspec.structs import replace

from ..errors import ConfigurationError, excerpt
from .claude_models import needs_budget, refuses_sampling
from .parameters import Body, Options, Parameters
from .stop_texts import stop_texts

_SAMPLING: Final = ("temperature", "top_p", "top_k")
_REFUSED: Final = "Claude's models since Opus 4.7 refuse it; extra_body sends it all the same"
_PARAMETERS: Final = Parameters(
    renamed={"max_completion_tokens": "max_tokens", "max_output_tokens": "max_tokens"},
    dropped={
        "seed": "Claude cannot repeat an answer",
        "frequency_penalty": "Claude has no penalties",
        "presence_penalty": "Claude has no penalties",
        "logprobs": "Claude tells no probabilities",
        "top_logprobs": "Claude tells no probabilities",
    },
    refused={
        "n": "Claude gives one answer; ask as often as you want answers",
        "system": "instructions are messages here; put {'role': 'system', …} in front of the others",
        "stream_options": "a stream of Claude has none; usage always comes",
    },
    special=frozenset((
        "betas", "metadata", "output_config", "parallel_tool_calls", "reasoning_effort", "response_format", "stop",
        "stop_sequences", "thinking", "tool_choice", "user",
    )),
)  # fmt: skip

_EFFORTS: Final = MappingProxyType({"minimal": "low", **dict.fromkeys(("low", "medium", "high", "xhigh", "max"))})
"""Words of `reasoning_effort`, and Claude's where it has another."""

_BUDGETS: Final = MappingProxyType(
    {"minimal": 1024, "low": 2048, "medium": 8192, "high": 16_384, "xhigh": 24_576, "max": 31_999}
)
"""Tokens for models that want a number; Claude asks for 1024 at least, and fewer than `max_tokens`."""

_BETAS: Final = MappingProxyType(
    {
        "mcp_servers": "mcp-client-2025-11-20",
        "fallbacks": "server-side-fallback-2026-07-01",
        "compaction": "compact-2026-09-04",
        "context_management": "context-management-2025-06-27",
        "thread": "message-threads-2026-08-12",
    }
)
"""Fields that need a beta, which is asked for where none of its family is."""

BETA_HEADER: Final = "anthropic-beta"


def parameters_of(model: str) -> Parameters:
    """Return what a model makes of the names of options; the SDK itself knows the names of sampling no more."""
    if not refuses_sampling(model):
        return _PARAMETERS
    return replace(_PARAMETERS, dropped={**_PARAMETERS.dropped, **dict.fromkeys(_SAMPLING, _REFUSED)})


def own_fields(options: Options, model: str, max_tokens: int, losses: list[str]) -> Body:
    """Return the fields of the body that the special options ask for, and append what is lost.

    Args:
        options: As the caller gave them.
        model: Model id; generations differ.
        max_tokens: Bound of the answer, thinking included.
        losses: Takes what Claude has no word for, one line each.

    Raises:
        ConfigurationError: An option cannot be used.
    """
    stops = stop_texts(options)
    body: Body = {"stop_sequences": stops} if stops else {}
    body |= _metadata(options, losses)
    config = {**_object(options, "output_config"), **_format(options, losses)}
    body |= _thinking(options, model, max_tokens, config, losses)
    return body | ({"output_config": config} if config else {})


def beta_header(options: Options, body: Mapping[str, Any], headers: Mapping[str, Any]) -> dict[str, Any]:
    """Return *headers* with the betas that *options* name and *body* needs.

    Raises:
        ConfigurationError: `betas` is neither a name nor a list of names.
    """
    named = options.get("betas")
    named = [named] if isinstance(named, str) else [] if named is None else named
    if not isinstance(named, list | tuple) or not all(isinstance(name, str) for name in named):
        raise ConfigurationError("betas must be a list of names, such as ['fast-mode-2026-02-01']")
    kept = {name: value for name, value in headers.items() if name.lower() != BETA_HEADER}
    given = [value for name, value in headers.items() if name.lower() == BETA_HEADER]
    wanted = [*(name.strip() for value in given for name in str(value).split(",")), *named]
    for field, beta in _BETAS.items():
        family = beta[:-10]  # all but its date
        if field in body and not any(name.startswith(family) for name in wanted):
            wanted.append(beta)
    return {**kept, BETA_HEADER: ",".join(dict.fromkeys(wanted))} if wanted else dict(headers)


def _metadata(options: Options, losses: list[str]) -> Body:
    given, user = _object(options, "metadata"), options.get("user")
    losses += [
        f"option metadata.{excerpt(name)} dropped: Claude takes user_id only" for name in given if name != "user_id"
    ]
    found = user if user is not None else given.get("user_id")
    return {} if found is None else {"metadata": {"user_id": str(found)}}


def _format(options: Options, losses: list[str]) -> Body:
    wanted = _object(options, "response_format")
    kind = wanted.get("type", "text")
    if kind == "json_object":
        losses.append("option response_format dropped: Claude needs a schema; give one, or ask for JSON in words")
    if kind not in ("text", "json_object", "json_schema"):
        known = "text, json_object or json_schema"
        raise ConfigurationError(f"response_format.type must be {known}, not {excerpt(kind)!r}")
    if kind != "json_schema":
        return {}
    inner = wanted.get("json_schema", wanted)
    schema = inner.get("schema") if isinstance(inner, Mapping) else None
    if not isinstance(schema, Mapping):
        raise ConfigurationError("response_format of type json_schema needs json_schema.schema, an object")
    return {"format": {"type": "json_schema", "schema": dict(schema)}}


def _thinking(options: Options, model: str, max_tokens: int, config: Body, losses: list[str]) -> Body:
    """The field `thinking`; the effort goes into *config*."""
    own, effort = options.get("thinking"), options.get("reasoning_effort")
    if effort is None or effort == "none":
        off = None if effort is None else {"type": "disabled"}
        found = own if own is not None else off
        return {} if found is None else {"thinking": found}
    if not isinstance(effort, str) or effort not in _EFFORTS:
        raise ConfigurationError(f"reasoning_effort must be none, {', '.join(_EFFORTS)}, not {excerpt(effort)!r}")
    if not needs_budget(model):
        config.setdefault("effort", _EFFORTS[effort] or effort)
        return {"thinking": own if own is not None else {"type": "adaptive", "display": "summarized"}}
    if own is not None:
        return {"thinking": own}
    budget = min(_BUDGETS[effort], max_tokens - 1)
    if budget < _BUDGETS["minimal"]:
        losses.append(f"option reasoning_effort dropped: {model} needs 1024 tokens to think, and max_tokens are fewer")
        return {}
    return {"thinking": {"type": "enabled", "budget_tokens": budget}}


def _object(options: Options, name: str) -> Mapping[str, Any]:
    value = options.get(name)
    if not isinstance(value, Mapping | None):
        raise ConfigurationError(f"{name} must be an object, not {type(value).__name__}")
    return value or {}
