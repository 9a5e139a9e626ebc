"""What of a message or part a wire protocol has no place for: reported here, once for all formatters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import excerpt
from .loss import Loss
from .neutral import PART_KEYS, Part
from .provider_data import own_data


def report_unknown(
    value: Mapping[str, Any], known: frozenset[str], protocol: str, where: str, losses: list[Loss]
) -> None:
    """Report the keys of a message or part that nobody sends."""
    names = [name for name in value if name not in known]
    if names:
        why = f"the neutral form does not know them; provider_data[{protocol!r}] is sent as it is"
        losses.append(Loss(where, f"{excerpt(', '.join(names))} dropped", why))


def own_part_data(part: Part, protocol: str, where: str, losses: list[Loss], *, phase: bool = False) -> dict[str, Any]:
    """Return a copy of a part's data for *protocol*, and report what of the part is not sent.

    Args:
        part: In normal form.
        protocol: The wire protocol that is written.
        where: Place of the part.
        losses: Takes what is lost.
        phase: Whether the protocol can say the phase of a text.

    Raises:
        InvalidMessage: The data is no object.
    """
    report_unknown(part, PART_KEYS[part["type"]], protocol, where, losses)
    if "phase" in part and not phase:
        losses.append(Loss(where, "phase dropped", f"{protocol} has no field for it"))
    return own_data(part, protocol, where, losses)
