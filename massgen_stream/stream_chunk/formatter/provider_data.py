"""``provider_data``: what one wire protocol wants back unchanged, and what is read as such."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...errors import InvalidMessage
from .loss import Loss
from .neutral import fresh

OPENAI_CHAT: Final = "openai.chat"
"""The protocol whose shapes are accepted as input."""
OPENAI_RESPONSES: Final = "openai.responses"


def read_provider_data(owner: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return ``{"provider_data": …}`` of a message, part or call, or nothing where it has none.

    Raises:
        InvalidMessage: It is no object with protocols as keys.
    """
    data = owner.get("provider_data")
    if data is None or data == {}:
        return {}
    if not isinstance(data, Mapping) or not all(isinstance(name, str) for name in data):
        raise InvalidMessage(f"{where}.provider_data", "must be an object with wire protocols as keys")
    return {"provider_data": fresh(data)}


def with_data(value: dict[str, Any], protocol: str, more: Mapping[str, Any]) -> dict[str, Any]:
    """Return *value* with *more* added to its data of *protocol*."""
    if not more:
        return value
    data = value.get("provider_data", {})
    return {**value, "provider_data": {**data, protocol: {**data.get(protocol, {}), **more}}}


CACHE_KEYS: Final = frozenset(("cache_control", "prompt_cache_breakpoint"))
"""Marks on OpenAI-shaped messages and parts of text, which look like neutral ones.

https://openrouter.ai/docs/features/prompt-caching; https://platform.openai.com/docs/guides/prompt-caching
"""


def settled(known: dict[str, Any], rest: Mapping[str, Any], protocol: str | None) -> dict[str, Any]:
    """Return *known* with *rest*, the keys that the neutral form does not know.

    With a *protocol* they belong to it. Else they stay where they are: nobody sends them, and nobody loses them; but
    `CACHE_KEYS` are of ``openai.chat``.
    """
    if protocol is not None:
        return with_data(known, protocol, fresh(rest))
    marks = {key: fresh(value) for key, value in rest.items() if key in CACHE_KEYS}
    others = {key: fresh(value) for key, value in rest.items() if key not in CACHE_KEYS}
    return with_data({**known, **others}, OPENAI_CHAT, marks)


def own_data(value: Mapping[str, Any], protocol: str, where: str, losses: list[Loss]) -> dict[str, Any]:
    """Return a copy of the data that belongs to *protocol*, and report what belongs to others.

    Raises:
        InvalidMessage: The data of *protocol* is no object.
    """
    data = value.get("provider_data", {})
    why = "it belongs to another wire protocol"
    losses.extend(Loss(where, f"provider_data of {other} dropped", why) for other in data if other != protocol)
    own = data.get(protocol, {})
    if not isinstance(own, Mapping):
        raise InvalidMessage(f"{where}.provider_data[{protocol!r}]", "must be an object")
    return dict(fresh(own))


def merged(wire: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return *wire* with the keys of *own* that it lacks, also inside objects; what was formatted stands."""
    result = dict(wire)
    for name, value in own.items():
        known = result.get(name)
        if name not in result:
            result[name] = value
        elif isinstance(known, dict) and isinstance(value, Mapping):
            result[name] = merged(known, value)
    return result
