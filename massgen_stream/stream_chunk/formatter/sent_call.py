"""Ids, names and arguments of calls as servers take them back, whatever the model wrote."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Final

from .call import is_json
from .loss import Loss
from .neutral import Part

_NO_NAME: Final = "unknown"
"""The origin's word."""
_HEX_DIGITS: Final = 35


def sent_id(call_id: str, longest: int) -> str:
    """Return the id of a call, one of more than *longest* characters replaced; the same for the call and its answer."""
    if len(call_id) <= longest:
        return call_id
    return f"call_{sha256(call_id.encode('utf-8', 'surrogatepass')).hexdigest()[:_HEX_DIGITS]}"


def sent_name(part: Part, where: str, losses: list[Loss]) -> str:
    """Return the name of a call; one without a name gets one, and that is told."""
    if part["name"]:
        return str(part["name"])
    why = "the model gave none, and servers refuse a call without one"
    losses.append(Loss(where, f"name {_NO_NAME!r} made up", why))
    return _NO_NAME


def sent_arguments(arguments: str, where: str, losses: list[Loss], *, raw: bool = False) -> str:
    """Return arguments that are JSON: what is not is wrapped, unless it shall be sent *raw*; both are told."""
    if not arguments:
        return "{}"
    if is_json(arguments):
        return arguments
    if raw:
        losses.append(Loss(where, "arguments are not JSON", "sent as the model wrote them, since raw_arguments is set"))
        return arguments
    losses.append(Loss(where, "arguments wrapped", "they are not JSON, and servers that parse them refuse the request"))
    return json.dumps({"invalid_arguments": arguments}, ensure_ascii=False)
