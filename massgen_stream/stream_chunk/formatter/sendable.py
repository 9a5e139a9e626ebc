"""Text that a request can carry: requests are UTF-8, and models do send half characters."""

from __future__ import annotations

import math
from typing import Any

from ...errors import InvalidMessage
from .loss import Loss


def sendable(wire: dict[str, Any], where: str, losses: list[Loss]) -> dict[str, Any]:
    """Return a message whose text has a UTF-8 form: pairs of surrogates become their character, lone ones U+FFFD.

    Raises:
        InvalidMessage: Something in it, which can only be provider data, has no JSON form.
    """
    replaced: list[str] = []
    try:
        clean: dict[str, Any] = _clean(wire, replaced)
    except (TypeError, RecursionError) as problem:
        raise InvalidMessage(f"{where}.provider_data", f"must hold only what JSON can hold: {problem}") from None
    if replaced:
        losses.append(Loss(where, "half characters replaced by U+FFFD", "lone surrogates have no UTF-8 form"))
    return clean


def _clean(value: Any, replaced: list[str]) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else _clean_text(value, replaced)
    if isinstance(value, dict):
        return {_clean(name, replaced): _clean(item, replaced) for name, item in value.items()}
    if isinstance(value, list):
        return [_clean(item, replaced) for item in value]
    if value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _clean_text(text: str, replaced: list[str]) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        clean = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if clean.count("\ufffd") > text.count("\ufffd"):
            replaced.append(clean)
        return clean
    return text
