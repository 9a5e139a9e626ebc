"""Imagen bytes to chunks: one document."""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import replace

from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..endpoint import EndpointDecoder
from ..event_stream import Chunks
from ..json_value import finite
from ..openai_images.pictures import described_picture
from ..sse import DEFAULT_MAX_EVENT_BYTES
from .predictions import FILTERED, picture_of, predictions_of, without_pictures

Data = dict[str, Any]
WORDS: Final = ("mimeType", "prompt")
_KEPT_APART: Final = frozenset(("error",))


class ImagenDecoder(EndpointDecoder):
    """Decodes the answer of an Imagen model to ``predict``; keeps the laws of `massgen_stream.wire.base.Decoder`.

    A prediction is a picture: bytes, or an address in Cloud Storage; the prompt that Google made of the user's is its
    `text_content`. The whole answer without the bytes is the `complete_response`, with safety attributes. Why pictures
    were left out is in ``finish_details["raiFilteredReason"]``; where none is left the finish reason is
    ``content_filter``. An empty object is what Google answers where it left all of them out and was not asked why.

    Args:
        id_prefix: Put before ids, which are all made up.
        max_event_bytes: Limit on the document.
    """

    def __init__(self, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        super().__init__(id_prefix, max_event_bytes)
        self._filtered: list[str] = []
        self._seen = False

    def _fast(self, _payload: bytes, _out: Chunks, *, whole: bool) -> bool:  # noqa: ARG002 - no typed form pays here
        return False

    def _is_document(self, doc: Data) -> bool:
        return "predictions" in doc or not doc

    def _take(self, doc: Data, _kind: str, out: Chunks) -> None:
        found: Chunks = []
        dropped: list[str] = []
        for prediction in predictions_of(doc):
            self._add(prediction, dropped, found)
        reasons = (prediction.get(FILTERED) for prediction in predictions_of(doc))
        self._filtered = [reason for reason in reasons if isinstance(reason, str) and reason]
        self._seen = bool(found)
        self._begin(out)
        self._tell_dropped(dropped, out)
        response = {name: finite(value) for name, value in doc.items() if name not in _KEPT_APART}
        out += [*found, TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=without_pictures(response))]
        self._complete = True

    def _add(self, prediction: Data, dropped: list[str], out: Chunks) -> None:
        data = picture_of(prediction)
        if data is None:
            return
        said = {name: prediction.get(name) for name in WORDS}
        dropped += [name for name, value in said.items() if value is not None and not isinstance(value, str)]
        mime_type, prompt = (value if isinstance(value, str) else None for value in said.values())
        chunk = MultimodalStreamChunk(
            type=ChunkType.MEDIA,
            media_id=self._minting.another("image"),
            media_type=MediaType.IMAGE,
            media_encoding=MediaEncoding.BINARY if isinstance(data, bytes) else MediaEncoding.URL,
            media_data=data,
            media_metadata=described_picture(data, mime_type, {}),
            text_content=prompt or None,
        )
        out.append(chunk)

    def _finish(self, out: Chunks, reason: str | None = None) -> None:
        if reason is None and not self._errors and self._filtered and not self._seen:
            reason = "content_filter"
        super()._finish(out, reason)
        done = out[-1]
        if self._filtered and isinstance(done, TextStreamChunk):
            out[-1] = replace(done, finish_details={FILTERED: self._filtered})
