"""Text and reasoning: pieces that Google sent apart, because something belongs to them, go back apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ..loss import Loss
from ..neutral import fresh
from .payload import Wire

PLACES: Final = "parts"
"""Key of a text's data: ``[{"start", "end", …}]`` in code points, with the fields of the part that stood there."""
_BOUNDS: Final = ("start", "end")


def text_parts(text: str, own: Wire, where: str, losses: list[Loss], *, thought: bool = False) -> list[Wire]:
    """Return the parts for a text; none where it is empty and nothing belongs to it.

    Args:
        text: The text.
        own: Its data; what is no place goes to the first part.
        where: Its place in the normal form.
        losses: Takes what is lost.
        thought: Whether it is reasoning.
    """
    marked = {"thought": True} if thought else {}
    places, rest = own.get(PLACES), {name: value for name, value in own.items() if name != PLACES}
    if not _fit(places, text):
        if places:
            losses.append(Loss(where, "signatures dropped", "the text has changed, and they stand for the old one"))
        places = []
    parts = [{**part, **marked} for part in _pieces(text, places or [])]
    if rest:
        parts = parts or [{"text": text, **marked}]
        parts[0] = {**rest, **parts[0]}
    return parts


def place_of(text: str, fields: Wire) -> Wire:
    """Return the data of a text that is one part with *fields*; nothing where there are none."""
    if not fields:
        return {}
    empty = {"text": ""} if not text else {}  # an empty text is not the same as none
    return {PLACES: [{"start": 0, "end": len(text), **fresh(fields), **empty}]}


def opaque_text(part: Wire) -> Wire:
    """Return the data of an empty text that stands for a part which the neutral form cannot hold."""
    return {PLACES: [{"start": 0, "end": 0, **fresh(part)}]}


def _fit(places: Any, text: str) -> bool:
    if not isinstance(places, list):
        return places is None
    last = 0
    for place in places:
        if not isinstance(place, dict):
            return False
        start, end = (place.get(bound) for bound in _BOUNDS)
        if type(start) is not int or type(end) is not int or not last <= start <= end <= len(text):
            return False
        last = end
    return True


def _pieces(text: str, places: list[Wire]) -> Iterator[Wire]:
    last = 0
    for place in places:
        fields = {name: value for name, value in place.items() if name not in _BOUNDS}
        start, end = place["start"], place["end"]
        if start > last:
            yield {"text": text[last:start]}
        yield {**fields, "text": text[start:end]} if end > start else fields
        last = end
    if len(text) > last:
        yield {"text": text[last:]}
