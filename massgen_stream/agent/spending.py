"""What turns have cost together, in tokens and in money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..backend.cost import Cost
from ..stream_chunk.text import TextStreamChunk
from ..stream_chunk.token_usage import add_usage
from ..stream_chunk.vocabulary import USAGE_NUMBERS


class Spending:
    """Sums the usage of turns.

    Attributes:
        usage: The sum; of one report alone that report itself; None while nothing is known.
        source: ``estimated`` if any of it is, else ``reported``; ``none`` while nothing is known.
    """

    def __init__(self) -> None:
        self.usage: dict[str, Any] | None = None
        self.source = "none"

    def add(self, end: TextStreamChunk) -> None:
        """Take the end of a turn."""
        if not end.usage:
            return
        self.usage = add_usage(self.usage, end.usage) if self.usage else end.usage
        if self.source != "estimated":
            self.source = "estimated" if end.usage_source == "estimated" else "reported"

    def left_of(self, total: dict[str, Any] | None) -> dict[str, Any] | None:
        """Return what of *total* is not in the sum yet."""
        if not total or not self.usage:
            return total
        figures = {name: total[name] - (self.usage.get(name) or 0) for name in USAGE_NUMBERS if name in total}
        return {name: number for name, number in figures.items() if number > 0} or None


def summed(costs: Sequence[Cost | None]) -> Cost | None:
    """Return the sum of costs; None where one is not known, or there are none."""
    known = [cost for cost in costs if cost is not None]
    if len(known) < len(costs) or not known:
        return None
    if len(known) == 1:
        return known[0]
    sources = {cost.source for cost in known}
    return Cost(
        usd=sum(cost.usd for cost in known),
        source="reported" if sources == {"reported"} else "prices",
        estimated=any(cost.estimated for cost in known),
    )
