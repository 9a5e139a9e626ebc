"""Citations: grounding (https://ai.google.dev/gemini-api/docs/google-search) and recited sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..text_places import TextPlaces

Data = dict[str, Any]
LISTED: Final = ("groundingChunks", "groundingSupports")
"""What citations are made of; the rest of the grounding is part of the final response."""

_ADDRESSES: Final = ("uri", "sourceUri", "imageUri")


class Sources:
    """The sources of one candidate, each told once; a source that is said to support more is told again."""

    def __init__(self, choice_index: int | None, places: TextPlaces) -> None:
        self._choice_index, self._places = choice_index, places
        self._told: dict[int, Data] = {}

    def grounding(self, metadata: Data) -> Iterator[TextStreamChunk]:
        """Return a citation for each source that is new."""
        for index, source in enumerate(_items(metadata.get("groundingChunks"))):
            if not isinstance(source, dict) or not source:
                continue
            supports = [one for one in _items(metadata.get("groundingSupports")) if _is_about(one, index)]
            raw: Data = {"index": index, "groundingChunk": source}
            raw |= {"groundingSupports": supports} if supports else {}
            if self._told.get(index) != raw:
                self._told[index] = raw
                yield self._chunk(_grounded(source) | self._span(supports), raw)

    def recited(self, metadata: Data) -> Iterator[TextStreamChunk]:
        """Return the citations of ``citationMetadata``; Enterprise calls its list otherwise."""
        listed = metadata.get("citationSources") or metadata.get("citations")
        for source in _items(listed):
            if isinstance(source, dict) and source:
                named = {"url": source.get("uri"), "title": source.get("title")}
                span = self._places_of(source.get("startIndex", 0), source.get("endIndex"))
                yield self._chunk(_texts(named) | span, {"citationSource": source})

    def _span(self, supports: list[Any]) -> Data:
        """Where the text is that rests on a source, if that is one place of an answer in one part."""
        segment = supports[0].get("segment") if len(supports) == 1 else None
        if not isinstance(segment, dict) or segment.get("partIndex"):
            return {}
        return self._places_of(segment.get("startIndex", 0), segment.get("endIndex"))

    def _places_of(self, start: Any, end: Any) -> Data:
        if type(start) is not int or type(end) is not int or not 0 <= start <= end:
            return {}
        first, last = self._places.code_points(start), self._places.code_points(end)
        return {} if first is None or last is None or last < first else {"start": first, "end": last}

    def _chunk(self, citation: Data, raw: Data) -> TextStreamChunk:
        return TextStreamChunk(
            type=ChunkType.CITATION, citation=citation | {"raw": raw}, choice_index=self._choice_index
        )


def _grounded(source: Data) -> Data:
    """Return address, title and text of a source from the web, a map, an image or a file."""
    said = next((one for one in source.values() if isinstance(one, dict)), {})
    url = next((said[name] for name in _ADDRESSES if isinstance(said.get(name), str)), None)
    return _texts({"url": url, "title": said.get("title"), "cited_text": said.get("text")})


def _is_about(support: Any, index: int) -> bool:
    return isinstance(support, dict) and index in _items(support.get("groundingChunkIndices"))


def _texts(named: Data) -> Data:
    return {name: value for name, value in named.items() if isinstance(value, str)}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
