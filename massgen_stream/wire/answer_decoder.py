"""What the decoders of whole answers share: made-up ids, errors told once, and streams that break."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from ..errors import MalformedEvent
from ..stream_chunk.text import TextStreamChunk
from .event_stream import Chunks, EventStreamDecoder
from .failure import vendor_error
from .json_value import parse_fast
from .minting import Minting
from .sse import DEFAULT_MAX_EVENT_BYTES


class AnswerDecoder(EventStreamDecoder):
    """Keeps the errors of an answer, and ends it when its bytes break the protocol.

    Args:
        id_prefix: Put before ids that are made up because the vendor sent none.
        max_event_bytes: Limit on one event.
    """

    def __init__(self, *, id_prefix: str = "", max_event_bytes: int = DEFAULT_MAX_EVENT_BYTES) -> None:
        super().__init__(max_event_bytes)
        self._minting = Minting(id_prefix)
        self._started = False
        self._errors: list[TextStreamChunk] = []

    @abstractmethod
    def _finish(self, out: Chunks, reason: str | None = None) -> None:
        """Add the last chunks and set `_ended`; *reason* is our finish reason where the vendor told none."""

    def _add_error(self, said: Any, out: Chunks) -> None:
        """Take an error of the vendor's; some say the same one twice."""
        error = vendor_error(said)
        if error not in self._errors:
            self._errors.append(error)
            out.append(error)

    def _break(self, failure: TextStreamChunk, reason: str, out: Chunks) -> None:
        self._errors.append(failure)
        out.append(failure)
        self._finish(out, reason)


def event_document(payload: bytes, event_name: str) -> Any:
    """Return the JSON value of an event; an error need not be an object, nor JSON.

    Raises:
        MalformedEvent: It is not JSON.
    """
    try:
        doc = parse_fast(payload)
    except MalformedEvent:
        if event_name != "error":
            raise
        doc = payload.decode("utf-8", "replace")
    if event_name == "error" and not isinstance(doc, dict):
        return {"error": {"message": str(doc)}}
    return doc
