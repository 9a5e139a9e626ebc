"""The origin's messages for Claude: what `MessageFormatter.to_claude_format` does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

Wire = dict[str, Any]
_DEFAULTS: Final = {"image": "image/jpeg", "document": "application/pdf"}
"""For parts that name no MIME type."""


def claude_messages(messages: Iterable[Mapping[str, Any]]) -> tuple[list[Wire], Any]:
    """Return messages, each a new dictionary, and the content of the last system message, ``""`` without one."""
    found: list[Wire] = []
    system: Any = ""
    for message in messages:
        role = message.get("role")
        if role == "system":
            system = message.get("content", "")
        elif role == "tool":
            found.append(_result(message.get("tool_call_id"), message.get("content", "")))
        elif message.get("type") == "function_call_output":
            found.append(_result(message.get("call_id"), message.get("output", "")))
        elif role == "assistant" and "tool_calls" in message:
            found.append({"role": "assistant", "content": _with_calls(message)})
        elif role in ("user", "assistant"):
            found.append(_plain(message))
    return found, system


def _result(call_id: Any, content: Any) -> Wire:
    return {"role": "user", "content": [{"type": "tool_result", "tool_use_id": call_id, "content": content}]}


def _with_calls(message: Mapping[str, Any]) -> list[Wire]:
    text = [{"type": "text", "text": message["content"]}] if message.get("content") else []
    return [*text, *(_call(call) for call in message["tool_calls"] or ())]


def _call(call: Mapping[str, Any]) -> Wire:
    """A call in the shape of Chat Completions, of the Responses API or of Claude itself."""
    body = call.get("function", call)
    key = "input" if body is call and "input" in call else "arguments"
    name, call_id = body.get("name", "unknown"), call.get("id") or call.get("call_id") or ""
    return {"type": "tool_use", "id": call_id, "name": name, "input": _input(body.get(key, {}))}


def _input(arguments: Any) -> Any:
    """What arguments say; nothing where they are no JSON."""
    if not isinstance(arguments, str):
        return arguments if isinstance(arguments, dict) else {}
    try:
        return json.loads(arguments) if arguments.strip() else {}
    except (ValueError, RecursionError):
        return {}


def _plain(message: Mapping[str, Any]) -> Wire:
    plain = dict(message)
    if isinstance(plain.get("content"), list):
        plain["content"] = [_part(part) for part in plain["content"]]
    return plain


def _part(part: Any) -> Any:
    """An image or document with its source in a place of its own, as Claude has it; anything else as it is."""
    if not isinstance(part, Mapping) or part.get("type") not in ("image", "document"):
        return part
    if isinstance(part.get("source"), Mapping):
        return part
    if "file_id" in part:
        return {**_without(part, "file_id"), "source": {"type": "file", "file_id": part["file_id"]}}
    if "base64" in part:
        mime_type = part.get("mime_type") or part.get("media_type") or _DEFAULTS[part["type"]]
        source = {"type": "base64", "media_type": mime_type, "data": part["base64"]}
        return {**_without(part, "base64", "mime_type", "media_type"), "source": source}
    if "url" in part:
        return {**_without(part, "url"), "source": {"type": "url", "url": part["url"]}}
    return part


def _without(part: Mapping[str, Any], *names: str) -> Wire:
    return {name: value for name, value in part.items() if name not in names}
