"""Options on their way into a request of xAI: neutral names and words become the fields of its protobuf message."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ..errors import ConfigurationError
from .parameters import Body, Parameters
from .stop_texts import stop_texts

PARAMETERS: Final = Parameters(
    renamed={"max_output_tokens": "max_tokens", "max_completion_tokens": "max_tokens"},
    dropped={
        "metadata": "xAI's API has no field for it",
        "stream_options": "usage is always told, and there is nothing else to choose",
        "top_k": "xAI's models do not take it",
        "verbosity": "xAI's models do not take it",
    },
    refused={
        "functions": "pass tools",
        "function_call": "pass tool_choice",
        "http_library": "xAI is spoken to over gRPC; leave it out",
        "background": "xAI's API has nothing like it; leave it out",
    },
    special=frozenset(("tool_choice",)),
)

FIELDS: Final = frozenset(
    (
        "user",
        "n",
        "max_tokens",
        "seed",
        "stop",
        "temperature",
        "top_p",
        "logprobs",
        "top_logprobs",
        "response_format",
        "frequency_penalty",
        "presence_penalty",
        "reasoning_effort",
        "search_parameters",
        "parallel_tool_calls",
        "previous_response_id",
        "store_messages",
        "use_encrypted_content",
        "max_turns",
        "include",
        "agent_count",
        "service_tier",
        "safety_identifier",
        "guidelines",
    )
)
"""Fields of ``GetCompletionsRequest`` that are options."""

_EFFORTS: Final = MappingProxyType(
    {
        "none": "EFFORT_NONE",
        "minimal": "EFFORT_LOW",
        "low": "EFFORT_LOW",
        "medium": "EFFORT_MEDIUM",
        "high": "EFFORT_HIGH",
        "xhigh": "EFFORT_XHIGH",
        "max": "EFFORT_XHIGH",
    }
)
_NEAREST: Final = MappingProxyType({"minimal": "low", "max": "xhigh"})
_FORMATS: Final = MappingProxyType({"text": "FORMAT_TYPE_TEXT", "json_object": "FORMAT_TYPE_JSON_OBJECT"})


def grok_fields(options: Mapping[str, Any], parameters: Parameters = PARAMETERS) -> tuple[Body, list[str]]:
    """Return the fields of ``GetCompletionsRequest`` that *options* ask for, and the losses, one line each.

    Args:
        options: All but native tools.
        parameters: Names of the host.

    Raises:
        ConfigurationError: An option is refused or unknown, or a word is not one of xAI's.
    """
    fields, losses = parameters.body(options)
    if options.get("extra_query"):
        raise ConfigurationError("option extra_query: gRPC has no query; pass extra_headers, which become metadata")
    own = {*(options.get("extra_body") or {})}
    unknown = sorted(fields.keys() - FIELDS - own)
    if unknown:
        raise ConfigurationError(f"option {unknown[0]}: xAI's request has no such field; extra_body passes newer ones")
    effort = options.get("reasoning_effort")
    if isinstance(effort, str) and effort in _NEAREST:
        losses.append(f"option reasoning_effort {effort!r} sent as {_NEAREST[effort]!r}: xAI has no such word")
    return {name: _said(name, value) if name not in own else value for name, value in fields.items()}, losses


def _said(name: str, value: Any) -> Any:
    say = _FIELDS.get(name)
    return value if say is None else say(value)


def _effort(value: Any) -> str:
    return _word("reasoning_effort", value, _EFFORTS)


def _stop(value: Any) -> list[str]:
    return stop_texts({"stop": value}) or []


def _format(value: Any) -> Body:
    """OpenAI's form (https://platform.openai.com/docs/guides/structured-outputs), or xAI's own."""
    if isinstance(value, str):
        return {"format_type": _word("response_format", value, _FORMATS)}
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"response_format must be an object or a word, not {type(value).__name__}")
    if "format_type" in value:
        return dict(value)
    kind = value.get("type", "text")
    if kind != "json_schema":
        return {"format_type": _word("response_format", kind, _FORMATS)}
    inner = value.get("json_schema")
    schema = (inner if isinstance(inner, Mapping) else value).get("schema")
    if not isinstance(schema, Mapping):
        raise ConfigurationError("response_format: json_schema needs a schema, as {'json_schema': {'schema': {...}}}")
    return {"format_type": "FORMAT_TYPE_JSON_SCHEMA", "schema": json.dumps(schema, ensure_ascii=False)}


def _include(value: Any) -> list[Any]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list | tuple):
        raise ConfigurationError(f"include must be a list of words, not {type(value).__name__}")
    return [_prefixed("INCLUDE_OPTION_", one) for one in words]


def _tier(value: Any) -> Any:
    return _prefixed("SERVICE_TIER_", value)


def _agents(value: Any) -> Any:
    return f"AGENT_COUNT_{value}" if isinstance(value, int) else value


def _search(value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"search_parameters must be an object, not {type(value).__name__}")
    mode = value.get("mode")
    known = isinstance(mode, str) and mode.islower()
    return {**value, "mode": f"{str(mode).upper()}_SEARCH_MODE"} if known else dict(value)


def _guidelines(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise ConfigurationError(f"guidelines must be a list of objects, not {type(value).__name__}")
    return [_guideline(one) for one in value]


def _guideline(value: Any) -> Any:
    """Turn xAI's REST form into that of its protobuf message."""
    if not isinstance(value, Mapping) or value.get("type") != "policy":
        return value
    words = {
        name: _prefixed(f"GUIDELINE_{name.upper()}_", value[name]) for name in ("category", "behavior") if name in value
    }
    return {"policy": words}


def _prefixed(prefix: str, value: Any) -> Any:
    """Turn xAI's short word into the name of the enum's value; names and numbers stay."""
    return prefix + value.upper() if isinstance(value, str) and not value.startswith(prefix) else value


def _word(option: str, value: Any, known: Mapping[str, str]) -> str:
    found = known.get(value) if isinstance(value, str) else None
    if found is None and value in known.values():
        return str(value)
    if found is None:
        raise ConfigurationError(f"{option} must be one of {', '.join(known)}, not {value!r}")
    return found


_FIELDS: Final[Mapping[str, Callable[[Any], Any]]] = MappingProxyType(
    {
        "reasoning_effort": _effort,
        "stop": _stop,
        "response_format": _format,
        "include": _include,
        "service_tier": _tier,
        "agent_count": _agents,
        "search_parameters": _search,
        "guidelines": _guidelines,
    }
)
