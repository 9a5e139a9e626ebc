"""What the author of a backend gets to know about one attempt, and tells back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol, TypeVar

from ..stream_chunk.base import BaseStreamChunk
from ..wire.base import ResumableDecoder
from .limits import StreamLimits
from .status_error import REQUEST_IDS


class Closable(Protocol):
    """A decoder, of bytes or of messages, as far as it is ended here."""

    def close(self) -> list[BaseStreamChunk]:
        """Return what the end of input completes."""
        ...


AnyDecoder = TypeVar("AnyDecoder", bound=Closable)


class Resume(NamedTuple):
    """Where an attempt takes up the stream of the one before it, which was cut.

    Attributes:
        decoder: It goes on with what it knows, and has forgotten the event that the cut left half.
        cursor: What the author's `Turn.cursor` returned.
        next_cursor: The author's `Turn.cursor`, for the next cut.
    """

    decoder: ResumableDecoder
    cursor: Any
    next_cursor: Callable[[], Any]


class Turn:
    """One attempt at one turn.

    Attributes:
        payload: What the backend's `prepare` returned.
        limits: The options of the stream; connection and read timeouts are the author's to hand on.
        number: Which attempt it is, from 1.
        id_prefix: For ids that a decoder has to make up.
        request_id: Set it to the vendor's id of the request, once known; it is put on the `start` chunk.
        cursor: Set it where the vendor can continue a cut stream: returns where from, or None while it cannot.
        is_preparing: Whether nothing has been sent yet: what comes meanwhile is not the vendor's.
        resume: What to continue, with its decoder in use already; None for an attempt that begins anew.
    """

    __slots__ = (
        "_count", "_decoder", "cursor", "id_prefix", "is_preparing", "limits", "number", "payload", "request_id",
        "resume",
    )  # fmt: skip

    def __init__(
        self,
        payload: Any,
        limits: StreamLimits,
        *,
        number: int = 1,
        id_prefix: str = "",
        count: Callable[[bool], None] = lambda _: None,
        resume: Resume | None = None,
    ) -> None:
        """Make a turn; *count* is told when `first_chunk_timeout` stops counting, and when it starts anew."""
        self.payload, self.limits, self.number, self.id_prefix = payload, limits, number, id_prefix
        self.request_id: str | None = None
        self._decoder: Closable | None = None
        self.resume = resume
        self.cursor: Callable[[], Any] | None = None
        if resume is not None:
            resume.decoder.resume()
            self.use(resume.decoder)
            self.cursor = resume.next_cursor
        self._count = count
        self.is_preparing = False

    def take_headers(self, headers: Mapping[str, str]) -> None:
        """Take what the vendor's headers tell: its id of the request."""
        self.request_id = next((headers[name] for name in REQUEST_IDS if headers.get(name)), None)

    @contextmanager
    def preparing(self) -> Iterator[None]:
        """Around what is made before anything is sent: it is not the vendor's time, and trips no first-chunk limit.

        What fails in it is not followed by the request: `is_preparing` stays True.
        """
        self._count(False)
        self.is_preparing = True
        try:
            yield
        finally:
            self._count(True)
        self.is_preparing = False

    def use(self, decoder: AnyDecoder) -> AnyDecoder:
        """Return *decoder*; it will be closed for what it still holds, however the attempt ends."""
        self._decoder = decoder
        return decoder

    def resumption(self) -> Resume | None:
        """Return where another attempt can take the stream up, once this one is cut; None where it cannot."""
        if self.cursor is None or not isinstance(self._decoder, ResumableDecoder):
            return None
        cursor = self.cursor()
        return None if cursor is None else Resume(self._decoder, cursor, self.cursor)

    def close(self) -> list[BaseStreamChunk]:
        """Return what the decoder still holds, its end included; empty without a decoder."""
        return self._decoder.close() if self._decoder is not None else []
