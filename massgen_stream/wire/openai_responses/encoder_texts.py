"""Text on the wire: messages, refusals, reasoning, citations."""

from __future__ import annotations

import re
from typing import Any, Final

from ...stream_chunk.text import TextStreamChunk
from .citations import annotation_of
from .encoder_places import Places, TextPlace
from .events import PROTOCOL, REASONING, REFUSAL, SUMMARY, TEXT, TEXT_EVENTS, TEXT_FINALS

Data = dict[str, Any]
_CONTRADICTION: Final = re.compile(r"(response\.\w+\.done) of (.*) contradicts its deltas; the deltas stand", re.DOTALL)
OTHER_TEXT: Final = "\0"
"""No text and no arguments begin like this, so that it contradicts them."""


def own_data(chunk: Any) -> Data:
    """Return the provider data of this protocol, an empty dictionary if there is none."""
    own = (chunk.provider_data or {}).get(PROTOCOL)
    return own if isinstance(own, dict) else {}


def contradicted(detail: str) -> tuple[str, str]:
    """Return what is said to contradict its deltas: event type and item; empty strings for another *detail*."""
    said = _CONTRADICTION.fullmatch(detail)
    return (said[1], said[2]) if said else ("", "")


class TextEncoder:
    """Says text, and ends what it has begun.

    Args:
        places: The items of the response.
    """

    def __init__(self, places: Places) -> None:
        self._places = places

    def content(self, chunk: TextStreamChunk) -> list[Data]:
        """Return the events for a piece of visible text."""
        index = own_data(chunk).get("content_index", 0)
        events, place = self._message(chunk.item_id, chunk.phase)
        return events + self._delta(place, TEXT, index if isinstance(index, int) else 0, chunk.content or "")

    def refusal(self, chunk: TextStreamChunk) -> list[Data]:
        """Return the events for a piece of a refusal."""
        known = self._places.texts.get(chunk.item_id or "")
        events, place = ([], known) if known else self._message(chunk.item_id, None)
        return events + self._delta(place, REFUSAL, place.refusal_index(), chunk.content or "")

    def reasoning(self, chunk: TextStreamChunk) -> list[Data]:
        """Return the events for a piece of reasoning, or for the item that must go back unchanged."""
        events, place = self._step(chunk.item_id)
        if chunk.reasoning_delta:
            events += self._piece(place, REASONING, chunk.content_index, chunk.reasoning_delta)
        item = own_data(chunk).get("item")
        if isinstance(item, dict):
            events.append({"type": "response.output_item.done", "output_index": place.index, "item": item})
        return events

    def summary(self, chunk: TextStreamChunk) -> list[Data]:
        """Return the events for a piece of a summary."""
        events, place = self._step(chunk.item_id)
        return events + self._piece(place, SUMMARY, chunk.summary_index, chunk.reasoning_summary_delta or "")

    def reasoning_done(self, chunk: TextStreamChunk) -> list[Data]:
        """Return the events for whole reasoning."""
        return self._done(chunk, REASONING, chunk.content_index, chunk.reasoning_text or "")

    def summary_done(self, chunk: TextStreamChunk) -> list[Data]:
        """Return the events for a whole summary."""
        return self._done(chunk, SUMMARY, chunk.summary_index, chunk.reasoning_summary_text or "")

    def citation(self, chunk: TextStreamChunk) -> list[Data]:
        """Return the events for a citation."""
        citation = chunk.citation or {}
        annotation = annotation_of(citation)
        known = self._places.texts.get(chunk.item_id or "")
        events, place = ([], known) if known else self._message(chunk.item_id, None)
        start, own = citation.get("start"), annotation.get("start_index")
        offset = start - own if isinstance(start, int) and isinstance(own, int) else 0
        index, number = place.cite(annotation, offset)
        event = {"content_index": index, "annotation_index": number, "annotation": annotation}
        return [*events, self._event(place, "response.output_text.annotation.added", **event)]

    def contradiction(self, detail: str) -> list[Data] | None:
        """Return an event whose final contradicts its deltas; None if there are no such deltas."""
        name, item_id = contradicted(detail)
        place, kind = self._places.texts.get(item_id), TEXT_FINALS.get(name)
        if place is None or kind is None or kind not in place.indexes:
            return None
        return [self._final(place, kind, place.indexes[kind], OTHER_TEXT)]

    def endings(self, status: str) -> list[Data]:
        """Return the events that end every message, as OpenAI sends them."""
        return [event for place in self._places.texts.values() for event in self._ending(place, status)]

    def nothing(self) -> list[Data]:
        """Return the announcement of a message that says nothing."""
        return self._message(None, None)[0]

    def _ending(self, place: TextPlace, status: str) -> list[Data]:
        parts = place.parts()
        if place.kind != "message" or not parts:
            return []
        events: list[Data] = []
        for kind, index, part in parts:
            events.append(self._final(place, kind, index, part[TEXT_EVENTS[kind].field]))
            events.append(self._event(place, "response.content_part.done", content_index=index, part=part))
        if [index for _, index, _ in parts] == list(range(len(parts))):
            item = place.item([part for _, _, part in parts], status)
            events.append({"type": "response.output_item.done", "output_index": place.index, "item": item})
        return events

    def _message(self, item_id: str | None, phase: str | None) -> tuple[list[Data], TextPlace]:
        place = self._places.texts.get(item_id or "")
        if place is not None and place.phase == phase:
            return [], place
        if place is None:
            place = self._places.text(item_id or "", "message", phase)
        place.phase = phase
        return [self._added(place)], place

    def _step(self, item_id: str | None) -> tuple[list[Data], TextPlace]:
        place = self._places.texts.get(item_id or "")
        if place is not None:
            return [], place
        place = self._places.text(item_id or "", "reasoning", None)
        return [self._added(place)], place

    def _added(self, place: TextPlace) -> Data:
        item = place.item([], "in_progress")
        return {"type": "response.output_item.added", "output_index": place.index, "item": item}

    def _delta(self, place: TextPlace, kind: str, index: int, text: str) -> list[Data]:
        if not text:
            return []
        part: Data = {"type": TEXT_EVENTS[kind].part, TEXT_EVENTS[kind].field: ""}
        part |= {"annotations": []} if kind == TEXT else {}
        begun = [self._event(place, "response.content_part.added", content_index=index, part=part)]
        events = begun if place.part(kind, index) else []
        place.say(kind, index, text)
        said = {"content_index": index, "delta": text} | ({"logprobs": []} if kind == TEXT else {})
        return [*events, self._event(place, TEXT_EVENTS[kind].delta, **said)]

    def _piece(self, place: TextPlace, kind: str, index: int | None, text: str) -> list[Data]:
        place.indexes[kind] = index
        where = {} if index is None else {TEXT_EVENTS[kind].indexed_by: index}
        return [self._event(place, TEXT_EVENTS[kind].delta, **where, delta=text)] if text else []

    def _done(self, chunk: TextStreamChunk, kind: str, index: int | None, text: str) -> list[Data]:
        events, place = self._step(chunk.item_id)
        return [*events, self._final(place, kind, index, text)]

    def _final(self, place: TextPlace, kind: str, index: int | None, text: str) -> Data:
        said = TEXT_EVENTS[kind]
        where = {} if index is None else {said.indexed_by: index}
        odds: Data = {"logprobs": []} if kind == TEXT else {}
        return self._event(place, said.done, **where, **{said.field: text}, **odds)

    def _event(self, place: TextPlace, event_type: str, **fields: Any) -> Data:
        return {"type": event_type, "item_id": place.id, "output_index": place.index, **fields}
