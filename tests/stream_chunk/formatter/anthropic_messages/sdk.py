"""The anthropic SDK's own types of requests."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from anthropic.types import MessageParam, ToolChoiceParam, ToolUnionParam
from anthropic.types.beta import BetaMessageParam
from pydantic import TypeAdapter

from massgen_stream.stream_chunk.formatter.anthropic_messages import MessagesPayload


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def sdk_messages(payload: MessagesPayload, *, beta: bool = False) -> Any:
    """The messages as the SDK's types hold them: keys that it does not know are gone."""
    kind = BetaMessageParam if beta else MessageParam
    return _read(_adapter(list[kind]).validate_python(payload.messages))  # type: ignore[valid-type]


def sdk_tools(payload: list[dict[str, Any]]) -> Any:
    return _read(_adapter(list[ToolUnionParam]).validate_python(payload))


def sdk_tool_choice(payload: Any) -> Any:
    return _read(_adapter(ToolChoiceParam).validate_python(payload))


def _read(value: Any) -> Any:
    """Read what pydantic validates only when it is read: the SDK says `Iterable` where it means a list."""
    if isinstance(value, dict):
        return {name: _read(item) for name, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_read(item) for item in value]
    return value
