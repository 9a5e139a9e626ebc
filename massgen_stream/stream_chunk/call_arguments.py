"""When the arguments of a call are complete, and when they cannot be used."""

from __future__ import annotations

import json
from typing import Any

Data = dict[str, Any]


def settled_call(call: Data, *, whole: bool) -> Data:
    """Return *call* with its arguments settled, or with the reason why they cannot be used under ``invalid``.

    Empty arguments, and the word null, are ``{}`` where the vendor finished the call. Reasons: ``cut_off``,
    ``malformed_json``, ``no_name``.

    Args:
        call: ``{"id", "name", "arguments", "kind"}``.
        whole: Whether the vendor finished the call.
    """
    if call["kind"] == "function" and whole and call["arguments"] in ("", "null"):
        call = {**call, "arguments": "{}"}
    reason = _fault(call, whole=whole)
    return {**call, "invalid": {"reason": reason}} if reason else call


def _fault(call: Data, *, whole: bool) -> str | None:
    arguments = call["arguments"]
    if not whole and (call["kind"] == "custom" or not _is_closed(arguments)):
        return "cut_off"
    if call["kind"] == "function" and not is_json(arguments):
        return "malformed_json"
    return None if call["name"] else "no_name"


def is_json(text: str) -> bool:
    """Return whether *text* is a JSON value."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_closed(arguments: str) -> bool:
    """Whether nothing can follow: a JSON value that says itself where it ends, as a number does not."""
    return arguments.rstrip()[-1:] in ("}", "]", '"') and is_json(arguments)
