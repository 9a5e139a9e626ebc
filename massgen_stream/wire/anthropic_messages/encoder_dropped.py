"""Events with a field of an unusable type: a reader of the encoded stream drops it too, and says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .fields import Data
from .usage import FIGURES

ODD_ID: Final = "content_block.id"
"""Told by the start of a call itself: an event of its own would begin a call."""


def _delta(**delta: Any) -> Data:
    return {"type": "content_block_delta", "delta": delta}


def _events() -> Iterator[tuple[str, Data]]:
    """Yield each path with its event; no field has the type bool, so false is unusable everywhere."""
    yield "index", {**_delta(type="text_delta", text=""), "index": False}
    yield "message", {"type": "message_start", "message": False}
    yield from ((f"message.{name}", {"type": "message_start", "message": {name: False}}) for name in _MESSAGE)
    yield "delta", {"type": "message_delta", "delta": False}
    yield "usage", {"type": "message_delta", "usage": False}
    yield from ((f"delta.{name}", {"type": "message_delta", "delta": {name: False}}) for name in _ENDING)
    yield "delta.signature", _delta(type="signature_delta", signature=False)
    yield "delta.citation", _delta(type="citations_delta", citation=False)
    yield "content_block.citations", _block(type="text", citations=False)
    yield "content_block.signature", _block(type="thinking", signature=False)
    for path in FIGURES:
        usage: Any = False
        for name in reversed(path):
            usage = {name: usage}
        yield "usage." + ".".join(path), {"type": "message_delta", "usage": usage}


def _block(**block: Any) -> Data:
    return {"type": "content_block_start", "content_block": block}


_MESSAGE: Final = ("id", "model", "usage")
_ENDING: Final = ("stop_reason", "stop_sequence", "stop_details")
_EVENTS: Final[Mapping[str, Data]] = dict(_events())


def dropped_event(path: str) -> Data | None:
    """Return an event whose field at *path* is dropped; None if there is no such field."""
    return _EVENTS.get(path)
