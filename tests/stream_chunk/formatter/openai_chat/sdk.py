"""The openai SDK's own types of requests."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from openai.types.chat import (
    ChatCompletionMessageParam,
    ChatCompletionToolChoiceOptionParam,
    ChatCompletionToolUnionParam,
)
from pydantic import TypeAdapter


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def sdk_messages(payload: list[dict[str, Any]]) -> Any:
    """The messages as the SDK's types hold them: keys that it does not know are gone."""
    return _read(_adapter(list[ChatCompletionMessageParam]).validate_python(payload))


def sdk_tools(payload: list[dict[str, Any]]) -> Any:
    return _read(_adapter(list[ChatCompletionToolUnionParam]).validate_python(payload))


def sdk_tool_choice(payload: Any) -> Any:
    return _read(_adapter(ChatCompletionToolChoiceOptionParam).validate_python(payload))


EXTENSIONS = frozenset(
    ("cache_control", "extra_content", "images", "reasoning", "reasoning_content", "reasoning_details", "thinking")
)
"""Keys that compatible servers added."""
_PARTS = {
    "user": ("text", "image_url", "input_audio", "file"),
    "assistant": ("text", "refusal"),
}


def without_extensions(payload: list[dict[str, Any]], also: frozenset[str]) -> list[dict[str, Any]]:
    """What is left of messages without keys and parts that OpenAI itself does not know."""
    return [_plain(message, EXTENSIONS | also) for message in payload]


def _plain(message: dict[str, Any], unknown: frozenset[str]) -> dict[str, Any]:
    plain = {key: value for key, value in message.items() if key not in unknown}
    if isinstance(plain.get("content"), list):
        known = _PARTS.get(message["role"], ("text",))
        parts = [one for one in plain["content"] if one["type"] in known]
        plain["content"] = [{key: value for key, value in one.items() if key not in unknown} for one in parts]
    if "tool_calls" in plain:
        calls = plain["tool_calls"]
        plain["tool_calls"] = [{key: value for key, value in one.items() if key not in unknown} for one in calls]
    return plain


def _read(value: Any) -> Any:
    """Read what pydantic validates only when it is read: the SDK says `Iterable` where it means a list."""
    if isinstance(value, dict):
        return {name: _read(item) for name, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_read(item) for item in value]
    return value
