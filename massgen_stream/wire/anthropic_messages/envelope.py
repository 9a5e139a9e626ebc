"""What the events of a response say besides its blocks: ids, model, usage, end, and fields of the message."""

from __future__ import annotations

from typing import Final

from ...stream_chunk.kinds import ChunkType
from ...stream_chunk.text import TextStreamChunk
from ..json_value import finite
from ..metadata import Metadata
from .fields import Data
from .finish import Ending
from .usage import unusable_figures, usage_of

_TOLD_ELSEWHERE: Final = frozenset((
    "type", "id", "model", "role", "content", "usage", "delta", "stop_reason", "stop_sequence", "stop_details",
))  # fmt: skip


class Envelope:
    """The envelope of one response.

    Attributes:
        response_id: Id of the response; empty when it is not known.
        model: Its model, likewise.
        usage: The vendor's reports, merged: each figure as it was last told.
        ending: What the vendor said of the end.
    """

    def __init__(self) -> None:
        self.response_id = self.model = ""
        self.usage: Data = {}
        self.ending = Ending()
        self._fields: Data = {}

    def take_start(self, message: Data, read: Metadata, *, first: bool) -> None:
        """Take the message of a ``message_start``; of any but the *first* only the usage."""
        response_id, model = read.text(message, "id", "message"), read.text(message, "model", "message")
        self._take_usage(message, "message.", read)
        if first:
            self.response_id, self.model = response_id, model
            self._take_fields(message)

    def take_delta(self, event: Data, read: Metadata) -> None:
        """Take a ``message_delta``."""
        delta = read.data(event, "delta")
        self.ending.take(delta, read)
        self._take_usage(event, "", read)
        self._take_fields(delta)
        self._take_fields(event)

    def start(self) -> TextStreamChunk:
        """Return the first chunk of the response."""
        return TextStreamChunk(type=ChunkType.START, model=self.model or None, response_id=self.response_id or None)

    def complete_response(self) -> TextStreamChunk | None:
        """Return the envelope as a chunk, None when nothing is known of it."""
        response = {"id": self.response_id, "model": self.model, **self._fields}
        known = {name: value for name, value in response.items() if value is not None and value != ""}
        return TextStreamChunk(type=ChunkType.COMPLETE_RESPONSE, response=known) if known else None

    def done(self, reason: str) -> TextStreamChunk:
        """Return the last chunk, with *reason*, our word."""
        return TextStreamChunk(
            type=ChunkType.DONE,
            finish_reason=reason,
            raw_finish_reason=self.ending.raw,
            finish_details=self.ending.details(reason) or None,
            usage=usage_of(self.usage) if self.usage else None,
            usage_source="reported" if self.usage else "none",
        )

    def _take_usage(self, owner: Data, path: str, read: Metadata) -> None:
        """Reports are cumulative; a figure that one leaves out, or has as null, stays as it was."""
        usage = read.data(owner, "usage", path)
        for figure in unusable_figures(usage):
            read.drop(figure)
        self.usage |= {name: value for name, value in usage.items() if value is not None}

    def _take_fields(self, owner: Data) -> None:
        fields = ((name, value) for name, value in owner.items() if name not in _TOLD_ELSEWHERE)
        self._fields |= {name: finite(value) for name, value in fields if value is not None}
