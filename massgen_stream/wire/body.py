r"""Tells an event stream from another body, and keeps the other body for an error message.

Servers and the proxies before them answer a request for a stream with a JSON error or an HTML page, sometimes with
status 200 and the content type of an event stream. The first byte tells: no line of an event stream that anybody
sends begins with ``{``, ``[`` or ``<``.

How a protocol decoder uses it, at the cost of one test per `feed` once the answer is known::

    def feed(self, data):
        if self._sniffer is not None:
            if not self._sniffer.feed(data):
                return []                      # another body; close() reports self._sniffer.body
            if self._sniffer.is_stream:
                self._sniffer = None           # known for good
        for event in self._sse.feed(data): ...
"""

from __future__ import annotations

from io import BytesIO
from typing import Final

KEPT_BODY_BYTES: Final = 64 * 2**10
"""Every vendor's error object is far shorter; of an HTML page the beginning is enough."""

_OTHER_BODY: Final = b"{[<"
_SKIPPED: Final = b" \t\r\n\xef\xbb\xbf"
"""Blank space and the bytes of a byte order mark."""


class BodySniffer:
    """Takes a body from its first byte; says of each piece whether it belongs to an event stream.

    Laws:
        1. The answer depends on the bytes, not on where they are cut.
        2. The first byte that is neither blank nor part of a byte order mark decides, once. Pieces before it go to
           the stream: blank lines mean nothing there.
        3. Of another body the first *kept_bytes*, from the deciding byte on, are kept.

    Args:
        kept_bytes: How much is kept of another body.

    Attributes:
        is_stream: None until the deciding byte was seen.
        size_bytes: Length of the other body so far, from the deciding byte on; 0 for a stream.
    """

    __slots__ = ("_kept", "_most", "is_stream", "size_bytes")

    def __init__(self, kept_bytes: int = KEPT_BODY_BYTES) -> None:
        self._kept = BytesIO()  # hands out what it holds without a copy
        self._most = kept_bytes
        self.is_stream: bool | None = None
        self.size_bytes = 0

    def feed(self, data: bytes) -> bool:
        """Take the next piece; True means hand it to the event stream's decoder, False that it was taken here."""
        if self.is_stream is None:
            data = data.lstrip(_SKIPPED)
            if data:
                self.is_stream = data[0] not in _OTHER_BODY
        if self.is_stream is not False:
            return True
        self.size_bytes += len(data)
        self._kept.write(data[: self._most - self._kept.tell()])
        return False

    def close(self) -> bytes | None:
        """End of input: return what was kept of another body; None when there was none."""
        return self.body if self.is_stream is False else None

    @property
    def body(self) -> bytes:
        """What was kept of another body so far; empty for a stream."""
        return self._kept.getvalue()

    @property
    def truncated(self) -> bool:
        """Whether `body` is only the beginning."""
        return self.size_bytes > self._kept.tell()
