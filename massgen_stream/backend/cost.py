"""What a stream costs: the vendor's own figure where it sends one, else list prices (package ``genai-prices``)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final, TypeGuard

import msgspec

from ..errors import MissingExtra
from .requirements import missing_extras

_LIBRARY: Final = "genai_prices"
_TICKS_PER_USD: Final = 10_000_000_000  # https://docs.x.ai: usage.cost_in_usd_ticks
_FIGURES: Final = {
    # genai-prices counts cached tokens among the input, as our sums do
    "input_tokens": ("all_input_tokens", "input_tokens"),
    "cache_read_tokens": ("cached_input_tokens",),
    "cache_write_tokens": ("cache_write_tokens",),
    "output_tokens": ("all_output_tokens", "output_tokens"),
}


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What something costs.

    Attributes:
        usd: US dollars.
        source: ``reported`` by the vendor, or computed from list ``prices``.
        input_usd: The part for input, where prices were computed.
        output_usd: The part for output, where prices were computed.
        estimated: Whether the usage behind it is an estimate.
    """

    usd: float
    source: str
    input_usd: float | None = None
    output_usd: float | None = None
    estimated: bool = False


class Priced(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be priced.

    Attributes:
        usage: A usage report, in our names.
        model: The model that answered.
        base_url: Where it answered, which tells whose prices count; None: nobody's are known.
        estimated: Whether the usage is an estimate.
    """

    usage: Mapping[str, Any]
    model: str | None
    base_url: str | None
    estimated: bool = False


def usage_cost(usage: Mapping[str, Any], model: str | None, base_url: str | None) -> Cost | None:
    """Return what *usage* costs; None where the vendor does not say and no price is known.

    The first call that needs prices imports them, which blocks for a tenth of a second: on an event loop use
    `ChunkStream.cost`. Prices are those of the installed version of ``genai-prices``; nothing is fetched.

    Args:
        usage: A usage report, in our names.
        model: Model id, as the vendor names it.
        base_url: Where it answered.

    Raises:
        MissingExtra: Prices are needed, and the extra ``cost`` is not installed.
    """
    reported = reported_cost(usage)
    if reported is not None:
        return Cost(usd=reported, source="reported")
    if model is None or base_url is None:
        return None
    figures = {theirs: number for theirs, ours in _FIGURES.items() if (number := _first(usage, ours)) is not None}
    return _priced(figures, model, base_url) if figures else None


def reported_cost(usage: Mapping[str, Any]) -> float | None:
    """Return the US dollars that the vendor itself reports: OpenRouter's and Perplexity's ``cost``, xAI's ticks."""
    details = usage.get("details")
    if not isinstance(details, Mapping):
        return None
    cost, ticks = details.get("cost"), details.get("cost_in_usd_ticks")
    if isinstance(cost, Mapping):
        cost = cost.get("total_cost")
    if _is_number(cost):
        return float(cost)
    return ticks / _TICKS_PER_USD if _is_number(ticks) else None


async def cost_of(priced: Priced) -> Cost | None:
    """Return what *priced* costs, as `usage_cost` does, without blocking the loop."""
    usage, model, base_url = priced.usage, priced.model, priced.base_url
    if reported_cost(usage) is not None:
        found = usage_cost(usage, model, base_url)
    else:
        found = await asyncio.to_thread(usage_cost, usage, model, base_url)
    return msgspec.structs.replace(found, estimated=priced.estimated) if found is not None else None


def _priced(figures: Mapping[str, int], model: str, base_url: str) -> Cost | None:
    if missing_extras({_LIBRARY: "cost"}):
        raise MissingExtra("cost", "cost")
    prices = import_module(_LIBRARY)
    try:
        found = prices.calc_price(prices.Usage(**figures), model, provider_api_url=base_url)
    except (LookupError, ValueError):  # no such vendor or model; or figures that contradict each other
        return None
    return Cost(
        usd=float(found.total_price),
        source="prices",
        input_usd=float(found.input_price),
        output_usd=float(found.output_price),
    )


def _first(usage: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    return next((usage[name] for name in names if usage.get(name) is not None), None)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
