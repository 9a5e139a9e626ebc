"""One attempt at one turn: reads what the author's generator yields, and ends it, whatever happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from typing import Final

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.text import TextStreamChunk
from .ending import cancelled, ended, truncated
from .holdback import Holdback, Origin
from .patience import CANCELLED, DRAIN, TOTAL, Patience
from .translate import Failure, failure
from .turn import Turn

_LOG: Final = logging.getLogger(__name__)
DRAIN_SECONDS: Final = 0.25
"""How long the rest of a response is read after its documented end, so that its connection can be used again."""


class Attempt:
    """The reader's side of one attempt.

    Attributes:
        next: Waits for the next chunk; call it between `Patience.enter` and `leave`.
        over: Nothing more is read: `done` has come, or the stream was cancelled before.
        sieve: What may be handed on, and what is kept.
    """

    __slots__ = ("_chunks", "_failure", "_patience", "_translate", "_turn", "next", "over", "sieve")

    def __init__(
        self,
        chunks: AsyncGenerator[BaseStreamChunk, None],
        turn: Turn,
        sieve: Holdback,
        patience: Patience,
        translate: Callable[[Exception], Failure],
    ) -> None:
        self._chunks, self._turn, self.sieve = chunks, turn, sieve
        self.next = chunks.__anext__
        self._patience, self._translate = patience, translate
        self._failure: TextStreamChunk | None = None
        self.over = patience.reason is not None

    @property
    def is_preparing(self) -> bool:
        """Whether nothing has been sent yet."""
        return self._turn.is_preparing

    def is_stopped_by(self, error: BaseException) -> bool:
        """Take what a read raised: whether the attempt is over by it, and `rest` tells why; else it is to be raised."""
        if isinstance(error, asyncio.CancelledError):
            return self._patience.struck()
        if isinstance(error, Exception) and not isinstance(error, StopAsyncIteration):
            self._fail(self._translate(error))
        return isinstance(error, Exception)

    async def _read(self) -> BaseStreamChunk | None:
        self._patience.enter()
        try:
            return await self.next()
        except BaseException as error:
            if not self.is_stopped_by(error):
                raise
            return None
        finally:
            self._patience.leave()

    async def drain(self) -> None:
        """Read on for a moment after `done`: the bytes that end a response free its connection."""
        if self.sieve.done is not None:
            self._patience.limit(DRAIN, DRAIN_SECONDS)
            while await self._read() is not None:
                pass
            self._patience.limit(DRAIN, None)

    async def close(self) -> None:
        """End the request; harmless when it has ended."""
        try:
            await self._chunks.aclose()
        except Exception:  # noqa: BLE001 - the answer is read; a failing goodbye must not take it back
            _LOG.debug("closing a response failed", exc_info=True)

    def cut(self, origin: Origin) -> TextStreamChunk | None:
        """Return the error that cut the attempt off, where another one could go on; None where it ended otherwise."""
        if self.sieve.done is not None or self._patience.reason in (CANCELLED, TOTAL):
            return None
        reason = self._patience.reason
        return truncated() if reason is None and self._failure is None else self._problem(reason, origin)

    def rest(self, origin: Origin) -> list[BaseStreamChunk]:
        """Return the chunks that end the attempt, `done` included; empty when `done` has come."""
        if self.sieve.done is not None:
            return []
        rest, reason = self._turn.close(), self._patience.reason
        if reason == CANCELLED:
            return cancelled(rest)
        return ended(rest, self._problem(reason, origin))

    def _problem(self, reason: str | None, origin: Origin) -> TextStreamChunk | None:
        return self._failure if reason is None else overdue(reason, self._turn, origin).chunk

    def _fail(self, failed: Failure) -> None:
        self._failure = failed.chunk
        self._turn.request_id = self._turn.request_id or failed.request_id


def overdue(limit: str, turn: Turn, origin: Origin) -> Failure:
    """Return the failure for a limit that has passed."""
    seconds = getattr(turn.limits, limit, None)
    message = f"{origin.provider} took longer than {limit}" + (f" ({seconds:g} s)" if seconds else "")
    return failure(message, {"kind": "timeout", "code": limit, "retryable": True}, origin.provider)
