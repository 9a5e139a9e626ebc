"""How a request fits a generator: what it cannot do, and what it would leave out."""

from __future__ import annotations

from typing import Final, NamedTuple

from .choices import Policy
from .config import MATERIAL, GenerationConfig
from .offer import Offer

_ALWAYS_KNOWN: Final = frozenset(("n",))
_SAME: Final = {"input_image_paths": "input_images"}
"""Options that are another one in other words."""


class Fit(NamedTuple):
    """How a request fits.

    Attributes:
        config: The request without what the generator does not know.
        faults: Why the generator cannot do it; empty: it can.
        losses: What is left out, one line each.
    """

    config: GenerationConfig
    faults: list[str]
    losses: list[str]


def fit(config: GenerationConfig, offer: Offer, policy: Policy) -> Fit:
    """Return how *config* fits what a generator offers."""
    unknown = [name for name in config.given() if not _knows(offer, name, config)]
    needed = unknown if policy is Policy.STRICT else [name for name in unknown if name in MATERIAL]
    left_out = [name for name in unknown if name not in needed]
    faults = [f"it does not know {name}" for name in needed]
    losses = [f"{name} is left out, since it has no such option" for name in left_out]
    return Fit(config.without(*left_out), [*faults, *offer.faults(config)], losses)


def _knows(offer: Offer, name: str, config: GenerationConfig) -> bool:
    if name == "continue_from":
        return offer.continuation is not None
    return name in _ALWAYS_KNOWN or offer.knows(_SAME.get(name, name), config)
