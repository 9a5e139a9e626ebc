"""Chunks to Images bytes: what a server sends for them."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Final

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.jsonform import literal_form
from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ...stream_chunk.text import TextStreamChunk
from ..endpoint_encoder import EndpointEncoder
from .events import COMPLETED, CONTENT, ENVELOPE, FORM, PARTIAL, PROTOCOL, REASONING, TEXT
from .lenient import METADATA
from .pictures import described_picture, form_of

Data = dict[str, Any]
_T = ChunkType


class ImagesEncoder(EndpointEncoder):
    """Encodes one stream of the Images API; keeps the laws of `massgen_stream.wire.base.Encoder`.

    A picture waits for the `complete_response` and the usage that its event also says. Never said again, and losses,
    are an event over the decoder's limit and a foreign document over 64 KiB; a document has no previews and no text.

    Args:
        whole: Write one document, as a server does that was not asked for a stream; all of it comes with `done`.

    Attributes:
        losses: What could not be said, one line each.
        created: Unix time that a document names where the chunks say none; none by default.
    """

    UNSAID = "an Images stream has no place for it"
    BARE = {"type": PARTIAL}  # noqa: RUF012 - never changed
    PLACES = {  # noqa: RUF012 - never changed
        _T.START: ("provider", "model", "response_id", "request_id"),
        _T.CONTENT: ("item_id", "phase"),
        _T.REASONING: ("item_id", "content_index"),
        _T.ERROR: ("tool_call_id", "media_id"),
        _T.DONE: ("finish_details", "raw_finish_reason", "media_results"),
        _T.MEDIA: ("total_chunks", "byte_offset", "path", "continuation_id", "provider", "model"),
    }
    OWN = (PROTOCOL, frozenset(("phase",)))
    FIELDS = METADATA
    DOCUMENT = frozenset(("data",))

    def __init__(self, *, whole: bool = False) -> None:
        super().__init__(whole=whole)
        self._picture: MultimodalStreamChunk | None = None  # waits
        self._response: Data | None = None  # waits
        self._completed = False
        self.created: int | None = None

    def _say(self, chunk: BaseStreamChunk) -> list[Data] | None:
        if isinstance(chunk, MultimodalStreamChunk):
            return self._media(chunk)
        if not isinstance(chunk, TextStreamChunk):
            return None
        if chunk.type is _T.COMPLETE_RESPONSE:
            return self._envelope(chunk)
        if chunk.type is _T.CONTENT:
            phase = ((chunk.provider_data or {}).get(PROTOCOL) or {}).get("phase", CONTENT)
            return self._text(chunk.content or "", phase)
        return self._text(chunk.reasoning_delta or "", REASONING) if chunk.type is _T.REASONING else None

    def _text(self, text: str, phase: str) -> list[Data]:
        return [*self._waiting(), {"type": TEXT, "phase": phase, "text": text}] if text else []

    def _media(self, chunk: MultimodalStreamChunk) -> list[Data] | None:
        if chunk.type is not _T.MEDIA or chunk.media_type is not MediaType.IMAGE or _source(chunk) is None:
            return None
        if not chunk.is_partial:
            waiting = self._waiting()
            self._picture = chunk
            return waiting
        if chunk.partial_kind != "preview":
            return None
        index = {} if chunk.chunk_index is None else {"partial_image_index": chunk.chunk_index}
        return [*self._waiting(), {"type": PARTIAL, **_said(chunk), **index, **form_of(chunk.media_metadata)}]

    def _envelope(self, chunk: TextStreamChunk) -> list[Data]:
        response = chunk.response or {}
        self.losses += (f"complete_response.{name}: {self.UNSAID}" for name in response if name not in ENVELOPE)
        known: Data = literal_form({name: value for name, value in response.items() if name in ENVELOPE})
        fits = self._response is None and (self._picture is None or _beside(self._picture, known) is not None)
        before = [] if fits else self._waiting()
        self._response = known
        return before

    def _waiting(self) -> list[Data]:
        picture, response = self._picture, self._response
        self._picture = self._response = None
        if picture is None and response is None:
            return []
        self._completed = True
        said = {} if picture is None else _said(picture)
        if picture is not None:
            said |= form_of(picture.media_metadata) if response is None else _beside(picture, response) or {}
        return [{"type": COMPLETED, **said, **(response or {})}]

    def _end(self, chunk: TextStreamChunk, usage: Data | None) -> list[Data]:
        last = self._waiting()
        if last:
            return [{**last[0], "usage": usage}] if usage else last
        if chunk.finish_reason == "other" and not self._completed:
            self._terminates = True
            return self._report(usage) if usage else self._bare()
        if self._completed:
            return self._report(usage) if usage else []
        return [{"type": COMPLETED, **({"usage": usage} if usage else {})}]

    def _fold(self, event: Data, document: Data) -> None:
        kind = event.pop("type")
        item = {name: event.pop(name) for name in _ITEM if event.get(name)}
        if kind == TEXT or (kind == PARTIAL and item.keys() & _PICTURE):
            self._unfolded(kind)
            return
        if item and not event.keys() - FORM and "output_format" in event:  # of this picture, not of all
            form = {"output_format": event.pop("output_format")}
            item.setdefault("media_type", described_picture(b"", None, form).mime_type)
        pictures = document.setdefault("data", [])
        if item.keys() & _PICTURE:
            pictures.append(item)
        if self.created is not None:
            document.setdefault("created", self.created)
        document.update(event)

    def _report(self, usage: Data) -> list[Data]:
        return [{**self.BARE, "usage": usage}]


_PICTURE: Final = frozenset(("b64_json", "url"))
_ITEM: Final = (*_PICTURE, "revised_prompt", "media_type")
"""What a document says of each picture."""

_BYTES: Final = frozenset((MediaEncoding.BINARY, MediaEncoding.BASE64))


def _source(chunk: MultimodalStreamChunk) -> Data | None:
    """Return the field that carries the picture; None if there is nothing that can be sent."""
    data = chunk.media_data
    if isinstance(data, bytes) and data:
        return {"b64_json": b64encode(data).decode()}
    if not isinstance(data, str) or not data or chunk.media_encoding not in (*_BYTES, MediaEncoding.URL):
        return None
    return {"b64_json" if chunk.media_encoding in _BYTES else "url": data}


def _said(chunk: MultimodalStreamChunk) -> Data:
    caption = {"revised_prompt": chunk.text_content} if chunk.text_content else {}
    return {**(_source(chunk) or {}), **caption}


def _beside(chunk: MultimodalStreamChunk, response: Data) -> Data | None:
    """Return what *response* does not say of the picture's form; None if it says another size."""
    metadata, data = chunk.media_metadata, chunk.media_data
    if metadata is None or not isinstance(data, bytes | str):
        return {}
    form = {name: value for name, value in response.items() if isinstance(value, str)}
    known = described_picture(data[:64], None, form)
    if (known.width, known.height) != (metadata.width, metadata.height):
        return None
    return {} if known.mime_type == metadata.mime_type else {"media_type": metadata.mime_type}
