"""What the decoder must remember of one response: its items, its media, its errors, its end. No text."""

from __future__ import annotations

from typing import Any

from ...stream_chunk.base import BaseStreamChunk
from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..failure import vendor_error
from ..metadata import DroppedFields
from ..minting import Minting
from .finish import finish_reason_of
from .items import Items
from .media_tracks import MediaTracks
from .metadata import document_at, word_at
from .usage import usage_of

Data = dict[str, Any]
Chunks = list[BaseStreamChunk]


class ResponseState:
    """One response while it is decoded.

    Args:
        id_prefix: Put before ids that are made up.
        dropped: The fields of unusable types that have been told.

    Attributes:
        dropped: See above.
        items: Its output items.
        media: Its media that come in segments.
        started: Whether `start` has been told.
        ended: Whether `done` has been told.
    """

    def __init__(self, id_prefix: str, dropped: DroppedFields) -> None:
        self.dropped = dropped
        self._minting = Minting(id_prefix)
        self.items = Items(self._minting)
        self.media = MediaTracks(self._minting.another)
        self.started = self.ended = False
        self._errors: list[TextStreamChunk] = []
        self._response: Data | None = None
        self._status: str | None = None

    @property
    def failed(self) -> bool:
        """Whether an error has been told."""
        return bool(self._errors)

    @property
    def response_id(self) -> str:
        """Id of the response; empty while it is not known."""
        return self._minting.response_id

    def start(self, response: Data) -> TextStreamChunk:
        """Return the first chunk, with what *response* says."""
        self.started = True
        self._minting.response_id = word_at(response, "id") or ""
        return TextStreamChunk(
            type=ChunkType.START, model=word_at(response, "model"), response_id=word_at(response, "id")
        )

    def fail(self, doc: Data, out: Chunks) -> None:
        """Take an error event; the flat form is the documented one, servers also nest it."""
        error = doc.get("error")
        if not isinstance(error, dict):
            error = {name: value for name, value in doc.items() if name != "sequence_number"}
            if error.get("type") == "error":
                del error["type"]
        self._add_error(vendor_error(error), out)

    def terminate(self, word: str, response: Data, out: Chunks) -> None:
        """Take the vendor's final object and end; *word* is that of the event's type."""
        self._status = word_at(response, "status") or word
        self._response = response or {"status": word}
        if self._status == "failed" and not self._errors:
            self._add_error(vendor_error(_reason_of_failure(response)), out)
        self.finish(out)

    def break_off(self, failure: TextStreamChunk, reason: str, out: Chunks) -> None:
        """End a stream whose bytes break the protocol, or stop too early."""
        self._add_error(failure, out)
        self.finish(out, reason)

    def finish(self, out: Chunks, reason: str | None = None) -> None:
        """Tell what is open, the vendor's final object, and `done`."""
        self.ended = True
        if not self._errors:
            out.extend(self.media.finals())
        for call in list(self.items.calls()):
            call.end(out, whole=self._status == "completed" and not self._errors)
        out.extend(chunk for tool in self.items.tools() if (chunk := tool.cut()) is not None)
        if self._response is not None:
            out.append(TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=self._response))
        out.append(self._done(reason))

    def _done(self, reason: str | None) -> TextStreamChunk:
        response = self._response or {}
        usage, details = document_at(response, "usage"), document_at(response, "incomplete_details")
        called = any(call.called for call in self.items.calls())
        said = finish_reason_of(self._status or "", details, called=called, refused=self.items.refused)
        return TextStreamChunk(
            type=ChunkType.DONE,
            finish_reason=reason or ("error" if self._errors else said),
            raw_finish_reason=self._status,
            finish_details={"incomplete_details": details} if details else None,
            usage=usage_of(usage) if usage else None,
            usage_source="reported" if usage else "none",
        )

    def _add_error(self, error: TextStreamChunk, out: Chunks) -> None:
        if error not in self._errors:
            self._errors.append(error)
            out.append(error)


def _reason_of_failure(response: Data) -> Data:
    error = response.get("error")
    if isinstance(error, dict):
        return error
    message = error if isinstance(error, str) and error else "the provider failed and did not say why"
    return {"message": message, "code": "server_error"}
