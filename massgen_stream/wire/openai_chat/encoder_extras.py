"""What some servers send beside text and calls: sources, tools of their own, media."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from ...stream_chunk.kinds import MediaEncoding, MediaType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from .sources import LISTED

Data = dict[str, Any]
_NAMES = {"url": "url", "title": "title", "start": "start_index", "end": "end_index", "cited_text": "content"}


class SourceEncoder:
    """Citations: Perplexity's lists grow with every source, annotations stand alone."""

    def __init__(self) -> None:
        self._citations: list[Any] = []
        self._results: list[Any] = []

    def lists(self, citation: Mapping[str, Any]) -> Data | None:
        """Return the lists with *citation* at their end; None if it does not come from lists."""
        raw = citation.get("raw")
        if not isinstance(raw, dict) or raw.keys() != LISTED:
            return None
        self._citations.append(raw["citation"])
        self._results.append(raw["search_result"])
        return {"citations": list(self._citations), "search_results": list(self._results)}

    def annotation(self, citation: Mapping[str, Any]) -> Any:
        """Return the annotation: the vendor's own, else one in OpenAI's form."""
        raw = citation.get("raw")
        if raw is not None:
            return raw
        made = {_NAMES[name]: value for name, value in citation.items() if name in _NAMES}
        return {"type": "url_citation", "url_citation": made}


class ToolEncoder:
    """Tools that the vendor runs: call and result may be one and the same item."""

    def __init__(self) -> None:
        self._said: dict[tuple[int, str], Any] = {}

    def is_new(self, chunk: TextStreamChunk, item: Data) -> bool:
        """Return whether *item* must be said for *chunk*: not if it was said for the same tool before."""
        key = (chunk.choice_index or 0, chunk.tool_call_id or "")
        known, self._said[key] = self._said.get(key), item
        return known != item


def media_delta(chunk: MultimodalStreamChunk) -> Data | None:
    """Return the delta for a medium; empty for the final of what came in segments, None where there is no place."""
    if chunk.media_type is MediaType.AUDIO and chunk.is_partial and chunk.partial_kind != "preview":
        return _audio(chunk)
    if chunk.media_type is MediaType.AUDIO and chunk.media_data is None:
        return {}  # the decoder makes it of the segments
    url = _image_url(chunk)
    return None if url is None else {"images": [{"type": "image_url", "image_url": {"url": url}}]}


def _audio(chunk: MultimodalStreamChunk) -> Data | None:
    if chunk.media_encoding not in (None, MediaEncoding.BINARY, MediaEncoding.BASE64):
        return None
    audio = {"id": chunk.media_id, "data": _base64(chunk), "transcript": chunk.text_content}
    return {"audio": {name: value for name, value in audio.items() if value is not None}}


def _base64(chunk: MultimodalStreamChunk) -> str | None:
    if chunk.media_data is None or isinstance(chunk.media_data, str):
        return chunk.media_data
    return b64encode(chunk.media_data).decode()


def _image_url(chunk: MultimodalStreamChunk) -> str | None:
    if chunk.media_type is not MediaType.IMAGE or chunk.is_partial or chunk.media_data is None:
        return None
    if chunk.media_encoding is MediaEncoding.URL:
        return str(chunk.media_data)
    if chunk.media_encoding not in (MediaEncoding.BINARY, MediaEncoding.BASE64):
        return None
    mime_type = chunk.media_metadata.mime_type if chunk.media_metadata else "image/jpeg"
    return f"data:{mime_type};base64,{_base64(chunk)}"
