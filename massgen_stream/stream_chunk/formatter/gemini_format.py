"""The origin's messages for Gemini: what `MessageFormatter.to_gemini_format` does."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any, Final

Wire = dict[str, Any]
_ROLES: Final = {"assistant": "model", "system": "user", "tool": "function"}
_DEFAULT_IMAGE: Final = "image/jpeg"


def gemini_messages(messages: Iterable[Mapping[str, Any]]) -> list[Wire]:
    """Return contents, each a new dictionary; a message of which nothing is left is left out."""
    found = ({"role": _role(message), "parts": [*_content(message), *_calls(message)]} for message in messages)
    return [content for content in found if content["parts"]]


def _role(message: Mapping[str, Any]) -> Any:
    role = message.get("role", "")
    return _ROLES.get(role, role) if isinstance(role, str) else role


def _content(message: Mapping[str, Any]) -> list[Wire]:
    content = message.get("content")
    if not content:
        return []
    if isinstance(content, str) and message.get("role") == "tool":
        response = {"name": message.get("name", "unknown"), "response": {"content": content}}
        return [{"functionResponse": response}]
    if not isinstance(content, list | tuple):
        return [{"text": str(content)}]
    return [part for block in content if isinstance(block, Mapping) for part in _part(block)]


def _part(block: Mapping[str, Any]) -> list[Wire]:
    if block.get("type") == "text":
        return [{"text": block.get("text", "")}]
    body = block.get("base64")
    if body is None and isinstance(block.get("data"), bytes | bytearray):
        body = b64encode(block["data"]).decode("ascii")
    if block.get("type") != "image" or body is None:
        return []
    return [{"inline_data": {"mime_type": block.get("mime_type", _DEFAULT_IMAGE), "data": body}}]


def _calls(message: Mapping[str, Any]) -> list[Wire]:
    calls = message.get("tool_calls") or ()
    return [{"functionCall": _call(call.get("function", {}))} for call in calls if isinstance(call, Mapping)]


def _call(function: Mapping[str, Any]) -> Wire:
    arguments = function.get("arguments", {})
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments or "{}")
        except (ValueError, RecursionError):
            arguments = {}
    return {"name": function.get("name", ""), "args": arguments}
