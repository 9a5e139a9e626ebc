"""One attempt at one turn: reads what the author's generator yields, and ends it, whatever happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from typing import Final

from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.text import TextStreamChunk
from .ending import cancelled, ended
from .holdback import Holdback, Origin
from .patience import CANCELLED, DRAIN, Patience
from .translate import Failure, failure
from .turn import Turn

_LOG: Final = logging.getLogger(__name__)
DRAIN_SECONDS: Final = 0.25
"""How long the rest of a response is read after its documented end, so that its connection can be used again."""


class Attempt:
    """The reader's side of one attempt.

    Attributes:
        over: Nothing more is read: `done` has come, or the stream was cancelled before.
        sieve: What may be handed on, and what is kept.
    """

    __slots__ = ("_chunks", "_failure", "_next", "_patience", "_translate", "_turn", "over", "sieve")

    def __init__(
        self,
        chunks: AsyncGenerator[BaseStreamChunk, None],
        turn: Turn,
        sieve: Holdback,
        patience: Patience,
        translate: Callable[[Exception], Failure],
    ) -> None:
        self._chunks, self._turn, self.sieve = chunks, turn, sieve
        self._next = chunks.__anext__
        self._patience, self._translate = patience, translate
        self._failure: TextStreamChunk | None = None
        self.over = patience.reason is not None

    async def read(self) -> BaseStreamChunk | None:
        """Return the next chunk; None when there is none, and `rest` tells why."""
        self._patience.enter()
        try:
            return await self._next()
        except StopAsyncIteration:
            return None
        except asyncio.CancelledError:
            if not self._patience.struck():
                raise
            return None
        except Exception as error:  # noqa: BLE001 - the border: whatever a vendor's library raises becomes a chunk
            self._fail(self._translate(error))
            return None
        finally:
            self._patience.leave()

    async def drain(self) -> None:
        """Read on for a moment after `done`: the bytes that end a response free its connection."""
        if self.sieve.done is not None:
            self._patience.limit(DRAIN, DRAIN_SECONDS)
            while await self.read() is not None:
                pass
            self._patience.limit(DRAIN, None)

    async def close(self) -> None:
        """End the request; harmless when it has ended."""
        try:
            await self._chunks.aclose()
        except Exception:  # noqa: BLE001 - the answer is read; a failing goodbye must not take it back
            _LOG.debug("closing a response failed", exc_info=True)

    def rest(self, origin: Origin) -> list[BaseStreamChunk]:
        """Return the chunks that end the attempt, `done` included; empty when `done` has come."""
        if self.sieve.done is not None:
            return []
        rest, reason = self._turn.close(), self._patience.reason
        if reason == CANCELLED:
            return cancelled(rest)
        return ended(rest, self._failure if reason is None else overdue(reason, self._turn, origin).chunk)

    def _fail(self, failed: Failure) -> None:
        self._failure = failed.chunk
        self._turn.request_id = self._turn.request_id or failed.request_id


def overdue(limit: str, turn: Turn, origin: Origin) -> Failure:
    """Return the failure for a limit that has passed."""
    seconds = getattr(turn.limits, limit, None)
    message = f"{origin.provider} took longer than {limit}" + (f" ({seconds:g} s)" if seconds else "")
    return failure(message, {"kind": "timeout", "code": limit, "retryable": True}, origin.provider)
