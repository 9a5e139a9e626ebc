"""Citations: OpenAI's annotations, and Perplexity's lists that every event repeats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from .events import Event

Data = dict[str, Any]
LISTED: Final = frozenset(("citation", "search_result"))
"""Keys of `raw` where a citation comes from the lists."""

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "url": ("url",),
    "title": ("title", "filename"),
    "file_id": ("file_id",),
    "start": ("start_index",),
    "end": ("end_index",),
    "cited_text": ("content", "cited_text"),
}


def of_annotation(annotation: Any, choice_index: int | None) -> TextStreamChunk | None:
    """Return the citation of an ``annotations`` entry, None when it is no object."""
    if not isinstance(annotation, dict):
        return None
    kind = annotation.get("type")
    inner = annotation.get(kind) if isinstance(kind, str) else None
    said = inner if isinstance(inner, dict) else annotation
    citation: Data = {}
    for ours, names in _FIELDS.items():
        found = next((said[name] for name in names if _usable(said.get(name), ours)), None)
        if found is not None:
            citation[ours] = found
    return _chunk(citation, annotation, choice_index)


def _usable(value: Any, field: str) -> bool:
    return isinstance(value, int if field in ("start", "end") else str) and not isinstance(value, bool)


def _chunk(citation: Data, raw: Data, choice_index: int | None) -> TextStreamChunk:
    return TextStreamChunk(type=ChunkType.CITATION, citation=citation | {"raw": raw}, choice_index=choice_index)


class SourceList:
    """Perplexity's ``citations`` (URLs) and ``search_results``: the same growing lists in every event."""

    def __init__(self) -> None:
        self._seen = 0

    def feed(self, event: Event) -> Iterator[TextStreamChunk]:
        """Return a citation for each source that is new."""
        citations, results = event.citations or [], event.search_results or []
        for place in range(self._seen, max(len(citations), len(results))):
            citation = citations[place] if place < len(citations) else None
            result = results[place] if place < len(results) else None
            self._seen = place + 1
            yield _chunk(_found(citation, result), {"citation": citation, "search_result": result}, None)


def _found(citation: Any, result: Any) -> Data:
    url = citation if isinstance(citation, str) else None
    said = next((one for one in (result, citation) if isinstance(one, dict)), {})
    found = {"url": url or said.get("url"), "title": said.get("title"), "cited_text": said.get("snippet")}
    return {name: value for name, value in found.items() if isinstance(value, str)}
