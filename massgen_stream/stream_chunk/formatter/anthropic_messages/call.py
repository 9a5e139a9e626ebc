"""Calls of the client's tools, and ids that both a call and its answer must name."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from ....errors import excerpt
from ..loss import Loss
from ..neutral import Part
from ..provider_data import merged
from ..sent_call import sent_name
from .payload import Wire

_ODD: Final = re.compile(r"[^a-zA-Z0-9_-]")
"""What neither ids nor names may have: https://platform.claude.com/docs/en/api/messages."""


class CallIds:
    """Ids as the wire has them: of Claude's own alphabet, and each for one call.

    Other vendors have ids with dots and colons, or begin to count again in every turn.
    """

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._used: set[str] = set()

    def of_call(self, call_id: str) -> str:
        """Return the id of a new call."""
        plain = _ODD.sub("_", call_id) or "call"
        found, number = plain, 1
        while found in self._used:
            number += 1
            found = f"{plain}_{number}"
        self._used.add(found)
        self._known[call_id] = found
        return found

    def of_answer(self, call_id: str) -> str:
        """Return the id of the latest call with that id; the id itself where there was none."""
        return self._known.get(call_id, call_id)


def tool_use(part: Part, own: Wire, ids: CallIds, where: str, losses: list[Loss]) -> Wire:
    """Return the block of a call; `own` has what else the vendor said of it, such as its `caller`."""
    call_id = ids.of_call(part["id"])
    if call_id != part["id"]:
        why = "Claude's ids are of letters, digits, _ and -, and unique in a conversation"
        losses.append(Loss(where, f"id {excerpt(part['id'])} sent as {excerpt(call_id)}", why))
    wire = {"type": "tool_use", "id": call_id, "name": _name(part, where, losses)}
    return merged({**wire, "input": _input(part, where, losses)}, own)


def _name(part: Part, where: str, losses: list[Loss]) -> str:
    given = sent_name(part, where, losses)
    name = _ODD.sub("_", given)
    if name != given:
        why = "Claude's names are of letters, digits, _ and -"
        losses.append(Loss(where, f"name {excerpt(given)!r} sent as {excerpt(name)!r}", why))
    return name


def _input(part: Part, where: str, losses: list[Loss]) -> dict[str, Any]:
    text = part["arguments"]
    if part["kind"] == "custom":
        losses.append(Loss(where, "text wrapped", "the input of Claude's tools is an object; it is under `input`"))
        return {"input": text}
    found = _object(text)
    if found is None:
        losses.append(Loss(where, "arguments wrapped", "they are no JSON object, and Claude refuses anything else"))
        return {"invalid_arguments": text}
    return found


def _object(text: str) -> dict[str, Any] | None:
    """The object that *text* is; empty text means none."""
    if not text.strip():
        return {}
    try:
        found = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(text)
    return value
