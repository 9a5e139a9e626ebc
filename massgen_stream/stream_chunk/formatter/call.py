"""Tool calls: neutral and OpenAI-shaped ones in normal form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ...errors import InvalidMessage
from ..vocabulary import TOOL_CALL_KINDS
from .media import text_of
from .neutral import PART_KEYS, Part, fresh
from .provider_data import OPENAI_CHAT, read_provider_data, settled, with_data

_NO_ARGUMENTS: Final = "{}"


def read_call(call: Any, where: str, protocol: str | None = None) -> Part:
    """Return the ``tool_call`` part for a neutral or OpenAI-shaped call; a missing id becomes ``""``.

    Raises:
        InvalidMessage: No name, or a value of the wrong type.
    """
    if not isinstance(call, Mapping):
        raise InvalidMessage(where, f"must be an object, not {type(call).__name__}")
    for kind in TOOL_CALL_KINDS:
        if isinstance(call.get(kind), Mapping):
            return _openai_call(call, kind, where)
    return _neutral_call(call, where, protocol)


def _openai_call(call: Mapping[str, Any], kind: str, where: str) -> Part:
    rest = dict(fresh(call))
    body = rest.pop(kind)
    call_id, _ = rest.pop("id", None), rest.pop("type", None)
    name, arguments = body.pop("name", None), body.pop("input" if kind == "custom" else "arguments", None)
    neutral = {"id": call_id, "name": name, "arguments": arguments, "kind": kind}
    neutral |= {key: rest.pop(key) for key in ("provider_data", "invalid") if key in rest}
    rest |= {kind: body} if body else {}
    return with_data(_neutral_call(neutral, where, None), OPENAI_CHAT, rest)


def _neutral_call(call: Mapping[str, Any], where: str, protocol: str | None) -> Part:
    kind = call.get("kind") or "function"
    if kind not in TOOL_CALL_KINDS:
        raise InvalidMessage(f"{where}.kind", "must be one of " + ", ".join(TOOL_CALL_KINDS))
    name, call_id, invalid = text_of(call, "name", where), call.get("id"), call.get("invalid")
    if not name and invalid is None:
        raise InvalidMessage(f"{where}.name", "must not be empty")
    part: Part = {"type": "tool_call", "id": "" if call_id is None else text_of(call, "id", where), "name": name}
    part |= {"arguments": arguments_text(call.get("arguments"), kind, where, keep=invalid is not None), "kind": kind}
    if invalid is not None:
        part["invalid"] = fresh(invalid)
    known = part | read_provider_data(call, where)
    return settled(known, {key: call[key] for key in call if key not in PART_KEYS["tool_call"]}, protocol)


def arguments_text(arguments: Any, kind: str, where: str, *, keep: bool = False) -> str:
    """Return arguments as text; nothing at all becomes ``{}`` for a function, unless *keep* is set.

    Raises:
        InvalidMessage: They have no JSON form.
    """
    if isinstance(arguments, str) and (arguments or keep):
        return arguments
    if arguments is None or arguments == "":
        return "" if kind == "custom" else _NO_ARGUMENTS
    return json_text(arguments, f"{where}.arguments")


def json_text(value: Any, where: str) -> str:
    """Return *value* as JSON.

    Raises:
        InvalidMessage: It has no JSON form.
    """
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise InvalidMessage(where, "must be text, or hold only what JSON can hold") from None


def is_json(text: str) -> bool:
    """Return whether *text* is a JSON document."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
