"""Citations: places in the text that rest on a source, and the list of all sources of a response."""

from __future__ import annotations

from typing import Any

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from .proto_json import plain

Data = dict[str, Any]
_KINDS = ("web_citation", "x_citation", "collections_citation")


def inline_citation(message: Any, item_id: str | None, choice_index: int | None) -> TextStreamChunk:
    """Return the chunk for an ``InlineCitation``; its places are characters of the text, the end exclusive."""
    raw = plain(message)
    source: Data = next((raw[kind] for kind in _KINDS if kind in raw), {})
    named = {"url": "url", "file_id": "file_id", "chunk_content": "cited_text"}
    citation: Data = {ours: source[name] for name, ours in named.items() if source.get(name)}
    start, end = raw.get("start_index", 0), raw.get("end_index", 0)
    if 0 <= start < end:
        citation |= {"start": start, "end": end}
    return TextStreamChunk(
        type=ChunkType.CITATION, citation=citation | {"raw": raw}, item_id=item_id, choice_index=choice_index
    )


def listed_citation(url: str) -> TextStreamChunk:
    """Return the chunk for an address in the list of sources."""
    return TextStreamChunk(type=ChunkType.CITATION, citation={"url": url, "raw": url})
