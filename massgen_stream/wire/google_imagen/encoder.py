"""Chunks to the document that Google answers."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import literal_form
from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..endpoint_encoder import EndpointEncoder
from ..failure import MALFORMED
from .decoder import WORDS
from .predictions import ADDRESS, BYTES, with_pictures

Data = dict[str, Any]
_T = ChunkType


class ImagenEncoder(EndpointEncoder):
    """Encodes one answer of an Imagen model; keeps the laws of `massgen_stream.wire.base.Encoder`.

    All of it comes with `done`. Never said again, and losses, are a document over the decoder's limit and a foreign one
    over 64 KiB.

    Attributes:
        losses: What could not be said, one line each.
    """

    UNSAID = "a prediction has no place for it"
    ENDS = frozenset(("stop", "other", "content_filter"))
    DOCUMENT = frozenset(("predictions",))
    PLACES = {  # noqa: RUF012 - never changed
        _T.START: ("provider", "model", "response_id", "request_id"),
        _T.ERROR: ("tool_call_id", "media_id"),
        _T.DONE: ("raw_finish_reason", "media_results", "usage"),
        _T.MEDIA: ("total_chunks", "byte_offset", "path", "continuation_id", "provider", "model"),
    }

    def __init__(self) -> None:
        super().__init__(whole=True)
        self._pictures: list[Data] = []
        self._response: Data = {}
        self._cut = False

    def _say(self, chunk: BaseStreamChunk) -> list[Data] | None:
        if isinstance(chunk, TextStreamChunk) and chunk.type is _T.COMPLETE_RESPONSE:
            self._response = literal_form(chunk.response or {})
            return []
        return self._media(chunk) if isinstance(chunk, MultimodalStreamChunk) else None

    def _events_for(self, chunk: BaseStreamChunk) -> list[Data] | None:
        if isinstance(chunk, TextStreamChunk) and chunk.status == "ignored_field" and chunk.detail in WORDS:
            return []  # the response says it
        return super()._events_for(chunk)

    def _media(self, chunk: MultimodalStreamChunk) -> list[Data] | None:
        data, metadata = chunk.media_data, chunk.media_metadata
        if chunk.type is not _T.MEDIA or chunk.is_partial or chunk.media_type is not MediaType.IMAGE or not data:
            return None
        said = {"mimeType": metadata.mime_type} if metadata is not None else {}
        said |= {"prompt": chunk.text_content} if chunk.text_content else {}
        if isinstance(data, bytes):
            self._pictures.append({BYTES: b64encode(data).decode(), **said})
        elif chunk.media_encoding is MediaEncoding.BASE64:
            self._pictures.append({BYTES: data, **said})
        elif chunk.media_encoding is not MediaEncoding.URL:
            return None
        else:
            self._pictures.append({ADDRESS: data, **said})
        return []

    def _waiting(self) -> list[Data]:
        return []

    def _end(self, chunk: TextStreamChunk, usage: Data | None) -> list[Data]:  # noqa: ARG002 - no place for it
        self._terminates = chunk.finish_reason == "other"
        return []

    def _report(self, usage: Data) -> list[Data]:  # noqa: ARG002 - no place for it
        return []

    def _bare(self) -> list[Data]:
        return []  # the document says it

    def _break_off(self, usage: Data | None) -> list[Data]:
        self._cut = True
        return super()._break_off(usage)

    def _whole_tail(self, document: Data) -> bytes:
        info = (self._broken.error_info or {}) if self._broken is not None else {}
        if info.get("code") == MALFORMED and isinstance(info.get("raw"), dict):
            told = {"error": self._errors[0]} if self._errors else {}
            return json.dumps({**info["raw"], **told}).encode()
        answered = self._start is not None or self._pictures or self._response
        if answered or not (self._cut or self._errors or self._terminates):
            document = with_pictures(self._response, self._pictures)
        return super()._whole_tail(document)
