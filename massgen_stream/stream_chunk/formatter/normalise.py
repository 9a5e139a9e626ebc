"""Messages in normal form, from everything that is accepted as a message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ...errors import InvalidMessage
from .assistant import OPTIONAL_FIELDS, read_assistant
from .call import json_text
from .media import text_of
from .neutral import MESSAGE_KEYS, ROLES, Message
from .pairing import pair
from .parts import read_content
from .provider_data import OPENAI_CHAT, OPENAI_RESPONSES, read_provider_data, settled, with_data

_ALIASES: Final = {"developer": "system", "function": "tool"}
"""OpenAI's newer name for instructions, and its older one for answers of tools."""


def normalise_messages(messages: Iterable[Mapping[str, Any]]) -> list[Message]:
    """Return messages in normal form; the input is neither changed nor shared.

    In normal form `content` is a list of parts; an assistant's calls, reasoning and refusal are parts of it. Media
    parts have one source, and those that hold their bytes a `mime_type`. Accepted are neutral messages, OpenAI-shaped
    ones (``tool_calls``, ``image_url``, ``input_audio``, ``file``, the roles ``developer`` and ``function``) and
    ``{"type": "function_call_output", "call_id", "output"}``. Calls and answers without ids are paired in order. Keys
    that the neutral form does not know stay where they are, and no formatter sends them.

    Raises:
        InvalidMessage: Something has no place in a conversation; `where` is its path, as ``messages[2].content[0]``.
    """
    return read_messages(messages, None)


def read_messages(messages: Iterable[Mapping[str, Any]], protocol: str | None) -> list[Message]:
    """Return messages in normal form; *protocol* owns the keys that the neutral form does not know.

    Raises:
        InvalidMessage: As `normalise_messages`.
    """
    if isinstance(messages, str | bytes | Mapping) or not isinstance(messages, Iterable):
        raise InvalidMessage("messages", f"must be a list of messages, not {type(messages).__name__}")
    found = [_read_message(message, f"messages[{index}]", protocol) for index, message in enumerate(messages)]
    pair(found, "messages")
    return found


def normalise_message(message: Mapping[str, Any]) -> Message:
    """Return one message in normal form.

    Raises:
        InvalidMessage: As `normalise_messages`.
    """
    return _read_message(message, "message", None)


def _read_message(message: Any, where: str, protocol: str | None) -> Message:
    try:
        return _read(message, where, protocol)
    except RecursionError:
        raise InvalidMessage(where, "is nested too deeply, or contains itself") from None


def _read(message: Any, where: str, protocol: str | None) -> Message:
    if not isinstance(message, Mapping):
        raise InvalidMessage(where, f"must be an object with `role` and `content`, not {type(message).__name__}")
    if message.get("type") == "function_call_output":
        message = _answer_item(message, where)
    rest = {key: value for key, value in message.items() if value is not None or key not in OPTIONAL_FIELDS}
    given, role = _role(rest, where)
    content = _content(rest, given, role, where, protocol)
    known: Message = {"role": role, **_answer_keys(rest, role, where), "content": content}
    if "name" in rest:
        known["name"] = text_of(rest, "name", where)
    known |= read_provider_data(rest, where)
    if given == "developer":
        known = with_data(known, OPENAI_CHAT, {"role": given})
    return settled(known, {key: value for key, value in rest.items() if key not in MESSAGE_KEYS[role]}, protocol)


def _role(rest: dict[str, Any], where: str) -> tuple[str, str]:
    given = rest.get("role")
    role = _ALIASES.get(given, given) if isinstance(given, str) else ""
    if role not in ROLES:
        raise InvalidMessage(f"{where}.role", f"must be one of {', '.join(ROLES)}, not {str(given)[:40]!r}")
    return str(given), str(role)


def _content(rest: dict[str, Any], given: str, role: str, where: str, protocol: str | None) -> list[dict[str, Any]]:
    if role == "assistant":
        return read_assistant(rest, where, protocol)
    content = rest.get("content")
    if content is None and given == "function":  # https://platform.openai.com/docs/api-reference/chat/create
        return []
    return read_content(content, role, f"{where}.content", protocol)


def _answer_keys(rest: dict[str, Any], role: str, where: str) -> dict[str, Any]:
    if role != "tool":
        return {}
    keys: dict[str, Any] = {"tool_call_id": ""}
    for key in ("tool_call_id", "tool_name"):
        if rest.get(key) is not None:
            keys[key] = text_of(rest, key, where)
    is_error = rest.get("is_error")
    if not isinstance(is_error, bool | None):
        raise InvalidMessage(f"{where}.is_error", f"must be bool, not {type(is_error).__name__}")
    return keys | {"is_error": True} if is_error else keys


def _answer_item(item: Mapping[str, Any], where: str) -> Message:
    """An answer in the shape of the Responses API."""
    output = item.get("output")
    content = "" if output is None else output
    if not isinstance(content, str | list | tuple):
        content = json_text(output, f"{where}.output")
    answer: Message = {"role": "tool", "tool_call_id": item.get("call_id"), "content": content}
    known = ("type", "call_id", "output", "role", "is_error", "tool_name", "provider_data")
    answer |= {key: item[key] for key in ("is_error", "tool_name", "provider_data") if key in item}
    return with_data(answer, OPENAI_RESPONSES, {key: item[key] for key in item if key not in known})
