"""xAI's messages in normal form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ....errors import InvalidMessage
from ..neutral import Message, Part, fresh
from ..normalise import read_messages
from ..provider_data import with_data
from .content import parsed_content
from .enums import CLIENT_TYPES, PROTOCOL, ROLES, TOOL_CALL_TYPES, tool_name, tool_status

Wire = dict[str, Any]
_PLAIN: Final = {
    "ROLE_USER": "user",
    "ROLE_SYSTEM": "system",
    "ROLE_DEVELOPER": "system",
    "ROLE_TOOL": "tool",
    "ROLE_FUNCTION": "tool",
}
_USUAL: Final = frozenset(("ROLE_USER", "ROLE_SYSTEM", "ROLE_TOOL"))
_CLIENT: Final = frozenset((None, *CLIENT_TYPES, *(TOOL_CALL_TYPES[number] for number in CLIENT_TYPES)))


def parsed_messages(payload: Iterable[Mapping[str, Any]]) -> list[Message]:
    """Return the messages of a request in normal form.

    Raises:
        InvalidMessage: The payload is no list of messages of this protocol.
    """
    if isinstance(payload, str | bytes | Mapping) or not isinstance(payload, Iterable):
        raise InvalidMessage("messages", f"must be a list of messages, not {type(payload).__name__}")
    found: list[Message] = []
    for index, wire in enumerate(payload):
        _add(found, wire, f"messages[{index}]")
    return read_messages(found, PROTOCOL)


def _add(found: list[Message], message: Any, where: str) -> None:
    if not isinstance(message, Mapping):
        raise InvalidMessage(where, f"must be an object with a `role`, not {type(message).__name__}")
    wire = dict(fresh(message))
    role = wire.pop("role", None)
    role = ROLES.get(role, role) if isinstance(role, int) else role
    if role == "ROLE_ASSISTANT":
        _add_assistant(found, wire, where)
    elif role in _PLAIN:
        result = _result(found, wire, where) if role == "ROLE_TOOL" else None
        if result is None:
            found.append(_plain(str(role), wire, where))
        elif found and found[-1]["role"] == "assistant":
            found[-1]["content"].append(result)
        else:
            found.append({"role": "assistant", "content": [result]})
    else:
        raise InvalidMessage(f"{where}.role", f"must be one of {', '.join(ROLES.values())}, not {str(role)[:40]!r}")


def _plain(role: str, wire: Wire, where: str) -> Message:
    message: Message = {"role": _PLAIN[role], "content": parsed_content(wire.pop("content", []), f"{where}.content")}
    message |= {"name": name} if (name := wire.pop("name", "")) else {}
    if message["role"] == "tool":
        message["tool_call_id"] = wire.pop("tool_call_id", "")
    return with_data(message, PROTOCOL, wire | ({} if role in _USUAL else {"role": role}))


def _add_assistant(found: list[Message], wire: Wire, where: str) -> None:
    parts = [*_reasoning(wire), *_texts(wire, where)]
    calls = wire.pop("tool_calls", [])
    parts += [_call(call, f"{where}.tool_calls[{index}]") for index, call in enumerate(calls)]
    name = wire.pop("name", "")
    if found and found[-1]["role"] == "assistant" and not name and not wire and _goes_on(found[-1]["content"], parts):
        found[-1]["content"] += parts
        return
    message = {"role": "assistant", "content": parts or [{"type": "text", "text": ""}]}
    found.append(with_data(message | ({"name": name} if name else {}), PROTOCOL, wire))


def _goes_on(before: list[Part], parts: list[Part]) -> bool:
    """Whether *parts* go on after what xAI's tools did; the formatter divides them again at the same place."""
    last = before[-1]["type"] if before else None
    if not parts or any(part["type"] == "tool_call" for part in before):
        return False
    spoken = parts[0]["type"] in ("reasoning", "text") and bool(parts[0]["text"])
    return last == "tool_result" or (last == "server_tool_call" and spoken)


def _reasoning(wire: Wire) -> list[Part]:
    text, encrypted = wire.pop("reasoning_content", "") or "", wire.pop("encrypted_content", "")
    if not text and not encrypted:
        return []
    part: Part = {"type": "reasoning", "text": text}
    return [with_data(part, PROTOCOL, {"encrypted_content": [encrypted]} if encrypted else {})]


def _texts(wire: Wire, where: str) -> list[Part]:
    parts = parsed_content(wire.pop("content", []), f"{where}.content")
    return [part for part in parts if part != {"type": "text", "text": ""}]


def _call(call: Any, where: str) -> Part:
    if not isinstance(call, Mapping):
        raise InvalidMessage(where, f"must be an object, not {type(call).__name__}")
    raw = dict(call)
    if raw.get("type") not in _CLIENT:
        return _server_call(raw)
    call_id, function = raw.pop("id", ""), dict(raw.pop("function", {}))
    raw.pop("type", None)
    known = {"name": function.get("name", ""), "arguments": function.get("arguments", ""), "kind": "function"}
    part: Part = {"type": "tool_call", "id": call_id, **known}
    return with_data(part | ({} if known["name"] else {"invalid": {"reason": "no_name"}}), PROTOCOL, raw)


def _server_call(raw: Wire) -> Part:
    function = raw.get("function", {})
    part: Part = {
        "type": "server_tool_call",
        "tool_call_id": raw.get("id", ""),
        "tool_name": tool_name(raw.get("type"), function.get("name", "")),
        "arguments": function.get("arguments", ""),
    }
    status = tool_status(raw.get("status"))
    return with_data(part | ({"status": status} if status else {}), PROTOCOL, {"tool_call": raw})


def _result(found: list[Message], wire: Wire, where: str) -> Part | None:
    """What a tool of xAI's returned; None for the answer of a client's tool."""
    calls, call_id = wire.get("tool_calls", []), wire.get("tool_call_id", "")
    first = calls[0] if calls and isinstance(calls[0], Mapping) else {}
    if not (calls and first.get("type") not in _CLIENT) and call_id not in _ran(found):
        return None
    texts = parsed_content(wire.get("content", []), f"{where}.content")
    part: Part = {
        "type": "tool_result",
        "tool_call_id": call_id or first.get("id", ""),
        "content": "".join(text.get("text", "") for text in texts),
    }
    own: Wire = {name: wire[name] for name in wire if wire[name] and name not in ("content", "tool_call_id")}
    if first:
        part["tool_name"] = tool_name(first.get("type"), first.get("function", {}).get("name", ""))
        part |= {"is_error": True} if tool_status(first.get("status")) == "failed" else {}
    return with_data(part, PROTOCOL, own)


def _ran(found: list[Message]) -> set[str]:
    """Ids of the calls of xAI's tools in the latest message."""
    parts = found[-1]["content"] if found and found[-1]["role"] == "assistant" else []
    clients = {part["id"] for part in parts if part["type"] == "tool_call"}
    return {part["tool_call_id"] for part in parts if part["type"] == "server_tool_call"} - {"", *clients}
