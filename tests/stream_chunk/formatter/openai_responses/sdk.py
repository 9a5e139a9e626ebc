"""The openai SDK's own types of requests."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from openai.types.responses import ResponseInputItemParam, ToolParam
from openai.types.responses.response_create_params import ToolChoice
from pydantic import TypeAdapter


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def sdk_items(payload: list[dict[str, Any]]) -> Any:
    """The items as the SDK's types hold them: keys that it does not know are gone."""
    return _read(_adapter(list[ResponseInputItemParam]).validate_python(payload))


def sdk_tools(payload: list[dict[str, Any]]) -> Any:
    return _read(_adapter(list[ToolParam]).validate_python(payload))


def sdk_tool_choice(payload: Any) -> Any:
    return _read(_adapter(ToolChoice).validate_python(payload))


def _read(value: Any) -> Any:
    """Read what pydantic validates only when it is read: the SDK says `Iterable` where it means a list."""
    if isinstance(value, dict):
        return {name: _read(item) for name, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_read(item) for item in value]
    return value
