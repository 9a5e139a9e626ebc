"""Items that hold text: messages and reasoning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ...stream_chunk.vocabulary import PHASES
from ..text_mark import TextMark
from .citations import citation_chunk, is_within
from .events import PARTS, PROTOCOL, REASONING, REFUSAL, SUMMARY, TEXT, TEXT_EVENTS
from .faults import Origin

Data = dict[str, Any]
Chunks = list[BaseStreamChunk]
_T = ChunkType


def contradiction(event_type: str, item_id: str) -> TextStreamChunk:
    """Return the status for a final that says something else than its deltas."""
    detail = f"{event_type} of {item_id} contradicts its deltas; the deltas stand"
    return TextStreamChunk(type=_T.BACKEND_STATUS, status="contradiction", detail=detail)


class TextItem:
    """A message, or a step of reasoning: what of its text has been said.

    Args:
        item_id: Its id, unique in the response.

    Attributes:
        id: Its id.
        phase: Of a message: preamble or answer.
        refused: Whether it has text of a refusal.
    """

    __slots__ = ("_cited", "_parts", "id", "phase", "refused")

    def __init__(self, item_id: str) -> None:
        self.id = item_id
        self.phase: str | None = None
        self.refused = False
        self._parts: dict[tuple[str, int | None], TextMark] = {}
        self._cited: dict[int, int] = {}

    def begin(self, item: Data) -> None:
        """Take what the announcement of the item says."""
        self.phase = item["phase"] if item.get("phase") in PHASES else self.phase

    def say(self, kind: str, index: int | None, text: str) -> TextStreamChunk:
        """Return the chunk for a piece of text."""
        mark = self._parts.get((kind, index))
        if mark is None:
            mark = self._parts[kind, index] = TextMark()
        mark.add(text)
        if kind is TEXT:
            data = {PROTOCOL: {"content_index": index}} if index else None
            return TextStreamChunk(type=_T.CONTENT, content=text, item_id=self.id, phase=self.phase, provider_data=data)
        self.refused = self.refused or kind == REFUSAL
        return _DELTAS[kind](self.id, index, text)

    def settle(self, kind: str, index: int | None, text: str | None, out: Chunks) -> None:
        """Take the whole text of a part: add what it adds, or tell that it contradicts its deltas."""
        mark = self._parts.get((kind, index))
        if not text or (mark is not None and mark.settled):
            return
        rest = text if mark is None else mark.rest_of(text)
        if rest is None:
            out.append(contradiction(TEXT_EVENTS[kind].done, self.id))
        else:
            if rest:
                out.append(self.say(kind, index, rest))
            if kind in _FINALS:
                out.append(_FINALS[kind](self.id, index, text))
        self._parts[kind, index].settled = True

    def cite(self, index: int | None, annotation: Data, out: Chunks) -> None:
        """Take an annotation of a part."""
        place = index or 0
        self._cited[place] = self._cited.get(place, 0) + 1
        earlier = [mark for (kind, part), mark in self._parts.items() if kind == TEXT and (part or 0) < place]
        out.append(citation_chunk(annotation, self.id, sum(mark.length() for mark in earlier)))

    def settle_part(self, part: Data, index: int | None, origin: Origin, out: Chunks) -> None:
        """Take a whole part: its text, and the annotations that have not come yet."""
        kind = PARTS.get(str(part.get("type")))
        if kind is None:
            return
        self.settle(kind, index, origin.text(part, TEXT_EVENTS[kind].field), out)
        annotations = part.get("annotations")
        if kind == TEXT and isinstance(annotations, list):
            mark = self._parts.get((kind, index))
            length = 0 if mark is None else mark.length()
            for annotation in annotations[self._cited.get(index or 0, 0) :]:
                if isinstance(annotation, dict) and is_within(annotation, length):
                    self.cite(index, annotation, out)

    def finish(self, item: Data, origin: Origin, out: Chunks) -> None:
        """Take the whole item; reasoning must go back unchanged in the next request."""
        for name in ("content", "summary"):
            for index, part in enumerate(origin.documents(item, name)):
                kind = PARTS.get(str(part.get("type")), TEXT)
                if self._is_due(kind, index):
                    where = origin.within(f"{name}[]", type=part.get("type"))
                    self.settle_part(part, self._place(kind, index), where, out)
        if item.get("type") == "reasoning":
            data = {PROTOCOL: {"item": item}}
            out.append(TextStreamChunk(type=_T.REASONING, reasoning_delta="", item_id=self.id, provider_data=data))

    def _place(self, kind: str, index: int) -> int | None:
        """The index of a part in its item, or None where the deltas had none."""
        return None if index == 0 and (kind, None) in self._parts else index

    def _is_due(self, kind: str, index: int) -> bool:
        """Whether a part of a whole item is one that we know, or a new one; servers number parts differently."""
        known = [part or 0 for named, part in self._parts if named == kind]
        return index in known or not known or index > max(known)


def _refusal(item_id: str, _: int | None, text: str) -> TextStreamChunk:
    return TextStreamChunk(type=_T.REFUSAL, content=text, item_id=item_id)


def _reasoning(item_id: str, index: int | None, text: str) -> TextStreamChunk:
    return TextStreamChunk(type=_T.REASONING, reasoning_delta=text, item_id=item_id, content_index=index)


def _summary(item_id: str, index: int | None, text: str) -> TextStreamChunk:
    return TextStreamChunk(
        type=_T.REASONING_SUMMARY, reasoning_summary_delta=text, item_id=item_id, summary_index=index
    )


def _reasoning_done(item_id: str, index: int | None, text: str) -> TextStreamChunk:
    return TextStreamChunk(type=_T.REASONING_DONE, reasoning_text=text, item_id=item_id, content_index=index)


def _summary_done(item_id: str, index: int | None, text: str) -> TextStreamChunk:
    return TextStreamChunk(
        type=_T.REASONING_SUMMARY_DONE, reasoning_summary_text=text, item_id=item_id, summary_index=index
    )


_Build = Callable[[str, int | None, str], TextStreamChunk]
_DELTAS: Final[Mapping[str, _Build]] = {REFUSAL: _refusal, REASONING: _reasoning, SUMMARY: _summary}
_FINALS: Final[Mapping[str, _Build]] = {REASONING: _reasoning_done, SUMMARY: _summary_done}
