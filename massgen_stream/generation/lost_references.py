"""What is told where a vendor does not know any more what a medium is continued from.

A vendor forgets: a response after 30 days, a video after one. The store here knows of some of that; the rest only the
vendor tells, each in its own words, which do not say what to do.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from ..errors import ConfigurationError
from ..stream_chunk.text import TextStreamChunk
from .order import Order

_LOST: Final = (
    "what continue_from names has expired at the vendor, or was deleted there: it cannot be continued any more; give"
    " the medium as an input instead"
)
_NAMES: Final = ("id", "interaction_id", "url", "file_id")
"""Under which what was kept has the vendor's names for a medium."""
_OF_REFERENCES: Final = ("not_found", "invalid_request", "permission")
_ANSWERED: Final = frozenset(("status", "code"))
"""What only an answer of the vendor has."""
_OF_MODELS: Final = ("model_not_found", "deployment_not_found")


async def lost_reference(order: Order, told: TextStreamChunk) -> TextStreamChunk | None:
    """Return the `error` for a request that was refused because of what it continues; None: it was not.

    Args:
        order: What was asked for.
        told: How the vendor refused it, before it had begun anything.
    """
    info, message = told.error_info or {}, told.error or ""
    if order.config.continue_from is None or info.get("kind") not in _OF_REFERENCES or not info.keys() & _ANSWERED:
        return None
    named = any(name in message for name in await _references(order))
    about_model = info.get("code") in _OF_MODELS or order.model in message
    if not named and (info["kind"] != "not_found" or about_model):
        return None
    is_final = {"kind": "not_found", "retryable": False}
    return replace(told, error=f"{message.rstrip('.')}; {_LOST}", error_info={**info, **is_final})


async def _references(order: Order) -> list[str]:
    """Return the names by which the vendor knew it."""
    try:
        kept = await order.continued()
    except ConfigurationError:  # nothing is kept here of it: its id is the vendor's own
        return [order.config.continue_from or ""]
    return [kept[name] for name in _NAMES if isinstance(kept.get(name), str)]
