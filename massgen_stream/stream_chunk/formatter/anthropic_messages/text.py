"""Blocks of text, and blocks that the neutral form keeps whole beside an empty text."""

from __future__ import annotations

from ..loss import Loss
from ..neutral import Part
from ..provider_data import merged
from .payload import Wire


def text_blocks(part: Part, own: Wire, where: str, losses: list[Loss]) -> list[Wire]:
    """Return the blocks of a part of text: the block that it keeps, if any, then its text, unless it is blank.

    Claude refuses text that is empty or white space, also where it wrote it itself.
    """
    block, deltas = own.pop("block", None), own.pop("deltas", None)
    if deltas:
        losses.append(Loss(where, "deltas dropped", "nobody knows how they change the block that they came for"))
    found = [block] if isinstance(block, dict) else []
    if part["text"].strip():
        return [*found, merged({"type": "text", "text": part["text"]}, own)]
    if part["text"] or own:
        losses.append(Loss(where, "blank text dropped", "Claude refuses a block of text that says nothing"))
    return found
