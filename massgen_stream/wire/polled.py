"""What the decoders of polled jobs share: each look at a job brings a document, and all of them are one answer.

Feed the body of each look and call `PolledDecoder.end_body` behind it. An event stream whose events are the documents
says the same in one body; that is what the encoders write.
"""

from __future__ import annotations

from typing import Any, Final

from .endpoint import EndpointDecoder
from .event_stream import Chunks
from .failure import is_error
from .json_value import parse_fast

Data = dict[str, Any]
_HUNDRED: Final = 100.0


class PolledDecoder(EndpointDecoder):
    """Decodes the documents of one job.

    A subclass takes documents, and calls `_settle` when the job has come to its end.

    Args:
        id_prefix: Put before ids that are made up.
        max_event_bytes: Limit on one document.
    """

    def __init__(self, id_prefix: str, max_event_bytes: int) -> None:
        super().__init__(id_prefix, max_event_bytes)
        self._latest: float | None = None

    def close(self) -> Chunks:
        """Return the chunks that the end of the input completes; a job that has not come to its end is a cut one."""
        out = super().close()
        if not self._ended:
            self._end_of_input(out)
        return out

    def end_body(self) -> Chunks:
        """Return the chunks that the end of one look completes; the next look is another body."""
        if self._ended or self._sniffer is None or self._sniffer.is_stream is not False:
            return super().end_body()
        out: Chunks = []
        self._other_body(self._sniffer.body, out)
        self.resume()
        return out

    def _fast(self, _payload: bytes, _out: Chunks, *, whole: bool) -> bool:  # noqa: ARG002 - no typed form pays here
        return False

    def _takes(self, body: bytes, out: Chunks) -> bool:
        doc = parse_fast(body)
        known = isinstance(doc, dict) and self._is_document(doc)
        if known:
            self._take(doc, self.WHOLE, out)
        return known

    def _take_any(self, doc: Data, name: str, out: Chunks) -> None:
        if self._is_document(doc):
            self._take(doc, self.WHOLE, out)
        elif is_error(doc, name):
            self._tell_error(doc, out)

    def _percentage(self, said: float | None) -> float | None:
        """Return how far the job is known to be, 0 to 100: less than before counts as before."""
        if said is not None:
            bounded = min(max(float(said), 0.0), _HUNDRED)
            self._latest = bounded if self._latest is None else max(self._latest, bounded)
        return self._latest

    def _fail(self, message: str, code: str, out: Chunks) -> None:
        """Tell a failure that the vendor only has a word for."""
        self._tell_error({"error": {"message": message, "code": code}}, out)

    def _settle(self, out: Chunks) -> None:
        """The job has come to its end."""
        self._complete = True
        self._finish(out)
