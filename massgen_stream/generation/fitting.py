"""How a request fits a generator: what it cannot do, and what it would leave out."""

from __future__ import annotations

from typing import Final, NamedTuple

from .choices import Policy
from .config import MATERIAL, OPTIONS, GenerationConfig
from .offer import Offer

_ALWAYS_KNOWN: Final = frozenset(("n",))
_SAME: Final = {"input_image_paths": "input_images"}
"""Options that are another one in other words."""


class Fit(NamedTuple):
    """How a request fits.

    Attributes:
        config: The request without what the generator does not know, or has no use for.
        faults: Why the generator cannot do it; empty: it can.
        losses: What is left out, one line each.
    """

    config: GenerationConfig
    faults: list[str]
    losses: list[str]


def fit(config: GenerationConfig, offer: Offer, policy: Policy) -> Fit:
    """Return how *config* fits what a generator offers; under `Policy.STRICT` nothing is left out."""
    unknown = {name: _who(offer, name, config) for name in config.given() if not _knows(offer, name, config)}
    useless = {name: why for name, why in offer.left_out(config).items() if config.has(name) and name not in unknown}
    heard = config.without(*OPTIONS.intersection(useless))
    needed = [name for name in unknown if policy is Policy.STRICT or name in MATERIAL]
    faults = [f"{unknown[name]} does not know {name}" for name in needed]
    lost = {name: f"{who} has no such option" for name, who in unknown.items() if name not in needed}
    if policy is Policy.STRICT:
        refused = [f"{name} would be left out, since {why}" for name, why in useless.items()]
        return Fit(heard, [*faults, *refused, *offer.faults(heard)], [])
    losses = [f"{name} is left out, since {why}" for name, why in (lost | useless).items()]
    return Fit(heard.without(*lost), [*faults, *offer.faults(heard)], losses)


def _who(offer: Offer, option: str, config: GenerationConfig) -> str:
    """Return who does not know an option: one model of the generator, or all of it."""
    some_do = _SAME.get(option, option) in offer.options
    return config.model or offer.default_model if some_do else "it"


def _knows(offer: Offer, name: str, config: GenerationConfig) -> bool:
    if name == "continue_from":
        return offer.continuation is not None
    return name in _ALWAYS_KNOWN or offer.knows(_SAME.get(name, name), config)
