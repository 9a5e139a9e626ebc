"""``provider_data``: what one wire protocol wants back unchanged, and what is read as such."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import InvalidMessage
from .loss import Loss
from .neutral import fresh


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


def settled(known: dict[str, Any], rest: Mapping[str, Any], protocol: str | None) -> dict[str, Any]:
    """Return *known* with *rest*, the keys that the neutral form does not know.

    With a *protocol* they belong to it, else they stay where they are: nobody sends them, and nobody loses them.
    """
    if protocol is None:
        return {**known, **fresh(rest)}
    return with_data(known, protocol, fresh(rest))


def own_data(value: Mapping[str, Any], protocol: str, where: str, losses: list[Loss]) -> dict[str, Any]:
    """Return a copy of the data that belongs to *protocol*, and report what belongs to others.

    Raises:
        InvalidMessage: The data of *protocol* is no object.
    """
    data = value.get("provider_data", {})
    for other in data:
        if other != protocol:
            losses.append(Loss(where, f"provider_data of {other} dropped", "it belongs to another wire protocol"))
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
