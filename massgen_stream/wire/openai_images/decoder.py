"""Images bytes to chunks: the event stream, and the document that is sent without ``stream``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import MsgspecError

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..endpoint import EndpointDecoder
from ..event_stream import Chunks
from ..sse import DEFAULT_MAX_EVENT_BYTES
from .events import COMPLETED, CONTENT, ENVELOPE, FORM, KINDS, PARTIAL, PROTOCOL, REASONING, TEXT, Event, decode_event
from .lenient import Lenient
from .pictures import picture_chunk

Data = dict[str, Any]


class ImagesDecoder(EndpointDecoder):
    """Decodes one response of the Images API; keeps the laws of `massgen_stream.wire.base.Decoder`.

    A partial image is a preview, a completed one is whole: bytes, or an address where the server sends one. The wire
    has no ids: previews belong to the picture that is completed next. What an event says besides its picture (time,
    quality, background) is its `complete_response`; a revised prompt is the picture's `text_content`. Text that
    OpenRouter streams is content, or reasoning where its phase says so; another phase (``draft``) is in
    ``provider_data["openai.images"]["phase"]``.

    The documented end is a completed image, as long as no preview follows it, or the end of a document. More images may
    follow, so `done` comes at ``[DONE]`` or at the end of the input.

    Args:
        id_prefix: Put before ids, which are all made up.
        max_event_bytes: Limit on one event, and on a document.
    """

    KNOWN = frozenset(KINDS)
    WHOLE = COMPLETED

    def __init__(self, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        super().__init__(id_prefix, max_event_bytes)
        self._images = 0  # completed
        self._preview: str | None = None  # id of the picture that only previews have come of

    def _fast(self, payload: bytes, out: Chunks, *, whole: bool) -> bool:
        try:
            event = decode_event(payload)
        except (MsgspecError, UnicodeDecodeError):
            return False
        kind = COMPLETED if whole and event.data is not None else KINDS.get(event.type or "")
        if kind is None or event.error is not None:
            return False
        self._use(event, kind, (), out)
        return True

    def _take(self, doc: Data, kind: str, out: Chunks) -> None:
        lenient = Lenient()
        event = lenient.event(doc)
        self._use(event, KINDS[kind], lenient.dropped, out)

    def _is_document(self, doc: Data) -> bool:
        return "data" in doc

    def _is_open(self) -> bool:
        return self._preview is not None

    def _use(self, event: Event, kind: str, dropped: Sequence[str], out: Chunks) -> None:
        found: Chunks = []
        if kind is TEXT:
            self._add_text(event, found)
        elif kind is PARTIAL:
            self._add_preview(event, found)
        else:
            self._add_pictures(event, found)
        self._begin(out)
        self._tell_dropped(dropped, out)
        self._take_usage(event.usage, out)
        out += found

    def _add_text(self, event: Event, out: Chunks) -> None:
        if not event.text:
            return
        if event.phase == REASONING:
            out.append(TextStreamChunk(type=ChunkType.REASONING, reasoning_delta=event.text))
            return
        phase = event.phase or CONTENT
        own = None if phase == CONTENT else {PROTOCOL: {"phase": phase}}
        out.append(TextStreamChunk(type=ChunkType.CONTENT, content=event.text, provider_data=own))

    def _add_preview(self, event: Event, out: Chunks) -> None:
        media_id = self._preview or self._minting.of("image", self._images)
        partial = {"is_partial": True, "partial_kind": "preview", "chunk_index": event.partial_image_index}
        chunk = picture_chunk(media_id, event, event, **partial)
        if chunk is not None:
            self._preview = media_id
            out.append(chunk)

    def _add_pictures(self, event: Event, out: Chunks) -> None:
        number = self._images
        for said in (event, *(event.data or ())):
            chunk = picture_chunk(self._minting.of("image", number), said, event)
            if chunk is not None:
                number += 1
                out.append(chunk)
        self._images, self._preview, self._complete = number, None, True
        response = {name: value for name in ENVELOPE if (value := getattr(event, name)) is not None}
        if response.keys() - FORM:
            out.append(TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=response))
