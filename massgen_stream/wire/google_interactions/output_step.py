"""What the model shows: text with its annotations, and media."""

from __future__ import annotations

from typing import Any, Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..indexed_parts import Part
from ..metadata import Metadata
from ..text_mark import TextMark
from ..text_places import TextPlaces
from .fields import Data, Place
from .media import Medium, Track, is_track, medium_of, whole_medium
from .step import Chunks, Mint, own_data

CITATIONS: Final = frozenset(("url_citation", "file_citation", "place_citation"))
"""Annotations that name a source; others tell of speech, and are kept for whoever knows them."""


class OutputStep(Part):
    """Text and media of one step; text that follows a medium is another item.

    Text that says nothing uses no id up, so that the ids follow from the chunks alone.

    Args:
        mint: Makes ids.
        mark: Remembers all text of the answer.
    """

    def __init__(self, mint: Mint, mark: TextMark) -> None:
        self._mint, self._mark = mint, mark
        self._item_id: str | None = None
        self._places = TextPlaces()
        self._track: Track | None = None

    def say(self, text: str, out: Chunks) -> None:
        """Add a piece of text."""
        if text:
            out.append(TextStreamChunk(type=ChunkType.CONTENT, content=text, item_id=self._item_id or self._text()))
            self._places.add(text)
            self._mark.add(text)

    def annotate(self, annotations: list[Data], out: Chunks) -> None:
        """Add annotations: as they are for the next request, and as citations for readers."""
        if not annotations:
            return
        item_id, data = self._item_id or self._text(), own_data(annotations=annotations)
        out.append(TextStreamChunk(type=ChunkType.CONTENT, content="", item_id=item_id, provider_data=data))
        for annotation in annotations:
            if annotation.get("type") in CITATIONS:
                told = {**_told(annotation), **self._span(annotation), "raw": annotation}
                out.append(TextStreamChunk(type=ChunkType.CITATION, citation=told, item_id=item_id))

    def show(self, medium: Medium, out: Chunks) -> None:
        """Add a medium, or the next segment of the sound or video that is open."""
        if not medium.data and not medium.uri:
            return
        if medium.data and is_track(medium.kind):
            self._continue(medium, out)
            return
        self._begin_medium(out)
        out.append(whole_medium(self._mint(medium.kind), medium))

    def content(self, content: Data, place: Place, read: Metadata, out: Chunks) -> None:
        """Add a content that came whole, in the start of the step.

        Raises:
            UnusableField: Text or media in it cannot be used.
        """
        if place.kind == "text":
            self.say(place.text(content, "text"), out)
            self.annotate(read.documents(content, "annotations", place.path), out)
            return
        medium = medium_of(content, place, read)
        if medium is not None:
            self.show(medium, out)

    def stop(self, out: Chunks) -> None:
        """Add the final chunk of sound or video that is open."""
        if self._track is not None:
            out.append(self._track.final())
            self._track = None

    def _continue(self, medium: Medium, out: Chunks) -> None:
        if self._track is None or not self._track.takes(medium):
            self._begin_medium(out)
            self._track = Track(self._mint(medium.kind), medium)
        out.append(self._track.segment(medium))

    def _begin_medium(self, out: Chunks) -> None:
        self.stop(out)
        self._item_id = None

    def _text(self) -> str:
        self._item_id, self._places = self._mint("text"), TextPlaces()
        return self._item_id

    def _span(self, annotation: Data) -> Data:
        """Where the text is that rests on a source; the vendor counts bytes."""
        start, end = annotation.get("start_index", 0), annotation.get("end_index")
        if type(start) is not int or type(end) is not int or not 0 <= start <= end:
            return {}
        first, last = self._places.code_points(start), self._places.code_points(end)
        return {} if first is None or last is None or last < first else {"start": first, "end": last}


def _told(annotation: Data) -> Data:
    """What a citation says in our names."""
    found: dict[str, Any] = {
        "url": annotation.get("url", annotation.get("document_uri")),
        "title": annotation.get("title", annotation.get("name", annotation.get("file_name"))),
        "cited_text": annotation.get("source"),
    }
    return {name: value for name, value in found.items() if isinstance(value, str) and value}
