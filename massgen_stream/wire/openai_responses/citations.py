"""Citations: the annotations of a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk

Data = dict[str, Any]
_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "url": ("url",),
    "title": ("title", "filename"),
    "file_id": ("file_id",),
    "cited_text": ("cited_text", "quote"),
}
_PLACES: Final = {"start": "start_index", "end": "end_index"}


def citation_chunk(annotation: Data, item_id: str, offset: int) -> TextStreamChunk:
    """Return the citation of an annotation.

    Args:
        annotation: As the vendor sent it; its indexes count from the beginning of its part.
        item_id: The item of the text.
        offset: Code points of the item before the part.
    """
    citation: Data = {}
    for ours, names in _TEXTS.items():
        found = next((annotation[name] for name in names if isinstance(annotation.get(name), str)), None)
        if found is not None:
            citation[ours] = found
    for ours, name in _PLACES.items():
        place = annotation.get(name)
        if isinstance(place, int) and not isinstance(place, bool) and place >= 0:
            citation[ours] = place + offset
    return TextStreamChunk(type=ChunkType.CITATION, citation=citation | {"raw": annotation}, item_id=item_id)


def is_within(annotation: Data, length: int) -> bool:
    """Return whether an annotation can belong to a text of *length* code points; some do not say where they belong."""
    start = annotation.get(_PLACES["start"])
    return not isinstance(start, int) or start <= length


def annotation_of(citation: Mapping[str, Any]) -> Data:
    """Return the annotation for the wire: the vendor's own, else one in OpenAI's form."""
    raw = citation.get("raw")
    if isinstance(raw, dict):
        return raw
    if citation.get("url") is None and citation.get("file_id") is not None:
        return {
            "type": "file_citation",
            "file_id": citation["file_id"],
            "filename": citation.get("title", ""),
            "index": 0,
        }
    made = {name: citation[name] for name in ("url", "title") if name in citation}
    return {
        "type": "url_citation",
        **made,
        **{name: citation[ours] for ours, name in _PLACES.items() if ours in citation},
    }
