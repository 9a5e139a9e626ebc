"""Text, media and sources as parts and metadata of a candidate."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from ...stream_chunk.kinds import MediaEncoding
from ...stream_chunk.media_item import DEFAULT_MIME_TYPE
from ...stream_chunk.multimodal import MultimodalStreamChunk
from .calls import PROTOCOL

Data = dict[str, Any]
_PLACES: Final = ("start", "end")
_MOST_SOURCES: Final = 1000
"""More sources than any answer has; a larger index is not worth its empty list."""


def own_data(data: Mapping[str, Any] | None) -> Data:
    """Return what *data*, the `provider_data` of a chunk, holds of this protocol."""
    own = (data or {}).get(PROTOCOL)
    return own if isinstance(own, dict) else {}


def text_part(text: str, data: Mapping[str, Any] | None) -> Data:
    """Return the part for a piece of text, with what belongs to it."""
    said: Data = {"text": text} if text else {}
    entries = own_data(data).get("parts")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            said = {name: value for name, value in entry.items() if name not in _PLACES} | said
    return said


class MediaEncoder:
    """Media; only the first segment of one says what it is."""

    def __init__(self) -> None:
        self._types: dict[str | None, str] = {}

    def part(self, chunk: MultimodalStreamChunk) -> tuple[int, Data] | None:
        """Return the part for a medium, with the index of its candidate; None where there is no place for it."""
        if chunk.media_metadata is not None:
            self._types[chunk.media_id] = chunk.media_metadata.mime_type
        mime_type = self._types.get(chunk.media_id, DEFAULT_MIME_TYPE)
        extras = dict(own_data(chunk.provider_data))
        index = extras.pop("candidate", 0)
        if chunk.media_encoding is MediaEncoding.URL and chunk.media_data:
            return index, {"fileData": {"fileUri": chunk.media_data, "mimeType": mime_type}, **extras}
        data = _base64(chunk)
        return None if data is None else (index, {"inlineData": {"mimeType": mime_type, "data": data}, **extras})


def _base64(chunk: MultimodalStreamChunk) -> str | None:
    if chunk.partial_kind == "preview":
        return None
    if chunk.media_encoding is MediaEncoding.BASE64 and isinstance(chunk.media_data, str):
        return chunk.media_data
    if chunk.media_encoding is MediaEncoding.BINARY and chunk.media_data is not None:
        return b64encode(chunk.media_data).decode()
    return None


class SourceEncoder:
    """Citations as grounding, each at its own index, or as recited sources."""

    def __init__(self) -> None:
        self._next: dict[int, int] = {}

    def metadata(self, index: int, citation: Mapping[str, Any]) -> Data:
        """Return the fields of candidate *index* that say *citation*."""
        raw = citation.get("raw")
        if isinstance(raw, dict) and "citationSource" in raw:
            return {"citationMetadata": {"citationSources": [raw["citationSource"]]}}
        place = raw.get("index") if isinstance(raw, dict) else None
        if isinstance(raw, dict) and isinstance(place, int) and 0 <= place <= _MOST_SOURCES:
            source, supports = raw.get("groundingChunk"), raw.get("groundingSupports")
        else:
            place, supports = self._next.get(index, 0), None
            names = {"uri": citation.get("url"), "title": citation.get("title")}
            source = {"web": {name: value for name, value in names.items() if value is not None}}
        self._next[index] = max(self._next.get(index, 0), place + 1)
        said: Data = {"groundingChunks": [*([{}] * place), source]}
        return {"groundingMetadata": said | ({"groundingSupports": supports} if supports else {})}
