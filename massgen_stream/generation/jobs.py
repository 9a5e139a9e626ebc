"""Work that takes a vendor minutes: begun, looked at until it is there, cancelled when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Any, ClassVar, Final, NamedTuple

from ..backend.translate import Failure, final_error, may_have_arrived, translate, without_secrets
from ..backend.turn import Turn
from ..errors import JobEnded
from ..outlasting import to_its_end
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.narrow import backend_status, media_progress
from ..stream_chunk.text import TextStreamChunk
from .generator import Generator
from .job_handle import CANCELLED, handle_of
from .order import Order

_Chunks = AsyncGenerator[BaseStreamChunk, None]
_LOG: Final = logging.getLogger(__name__)
_LONGEST_SECONDS: Final = 16.0
_MOST_FAILURES: Final = 6
"""Looks in a row that may fail, since the medium is made and paid for meanwhile: a minute with the pauses."""
_BEGUN: Final = "queued"
_LOST: Final = "a look at the job failed"
_TAKEN: Final = "the vendor may have begun the job all the same, so it is not begun again"
_GONE: Final = "the job has expired there, or was deleted; begin it again"
_NOT_THERE: Final = (404, 410)
_REFUSED: Final = 400
_UNREADABLE: Final = ("protocol", "unknown")
_CANCEL_SECONDS: Final = 5.0
"""As long as leaving a stream may wait for the vendor to take note of it."""


class Look(NamedTuple):
    """What one look at a job found.

    Attributes:
        is_done: Whether the medium is there.
        percentage: The vendor's own, 0 to 100; None: it tells none.
        stage: ``queued`` or ``running``.
        chunks: What came meanwhile, such as previews; handed on as they are.
        answer: What the vendor says of a job that is done.
        pause: Seconds until the next look, where the vendor says; None: the job's own.
    """

    is_done: bool = False
    percentage: float | None = None
    stage: str = "running"
    chunks: Sequence[BaseStreamChunk] = ()
    answer: Any = None
    pause: float | None = None


class VendorJob(ABC):
    """One job at a vendor, with what is open to reach it.

    Attributes:
        pause_seconds: Between two looks, unless the vendor says.
        remarks: What is to be known of its request, told when it has begun: a status, such as ``loss``, and a line.
            Losses that `start` finds go through `Order.check_losses` before anything is sent.
    """

    pause_seconds: ClassVar[float] = 5.0
    remarks: Sequence[tuple[str, str]] = ()

    @abstractmethod
    async def start(self) -> Mapping[str, Any]:
        """Begin the job and return the JSON that finds it again: its ``id``, a string, and what else it takes."""

    @abstractmethod
    async def look(self, job: Mapping[str, Any]) -> Look:
        """Return how far it is.

        What may pass (a connection, a busy server, an answer that cannot be read) is tried again by the caller.

        Raises:
            JobEnded: There will be no medium: it failed, was refused, or has expired.
        """

    @abstractmethod
    def finish(self, look: Look) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield what a job that is done has given: usage, statuses, the final of each medium.

        Raises:
            JobEnded: It has given none, and will not: it was withheld, or is not kept any more.
        """

    async def cancel(self, job: Mapping[str, Any]) -> None:  # noqa: B027 - most vendors have no way to do it
        """End a job that nobody waits for; nothing, unless the vendor has a way."""


class JobGenerator(Generator):
    """Makes media that take their time: the author says how one job is begun, looked at and finished."""

    @abstractmethod
    def job(self, order: Order, turn: Turn) -> AbstractAsyncContextManager[VendorJob]:
        """Open what reaches the vendor, for one attempt."""

    def notes(self, order: Order) -> Iterable[BaseStreamChunk]:  # noqa: ARG002 - most have nothing to say
        """Return what is told before the work begins; what is left out its offer tells."""
        return ()

    async def generate(self, order: Order, turn: Turn) -> _Chunks:
        """Yield the job's handle, its progress, and what it has made."""
        for note in self.notes(order) if turn.number == 1 and order.job is None else ():
            yield note
        async with self.job(order, turn) as job, aclosing(_Watch(self, job, order, turn).chunks()) as chunks:
            async for chunk in chunks:
                yield chunk


class _Watch:
    """One job, from its beginning to its medium."""

    def __init__(self, generator: Generator, job: VendorJob, order: Order, turn: Turn) -> None:
        self._generator, self._job, self._order, self._turn = generator, job, order, turn
        self._media_id = order.media_id(turn)
        self._failures = 0
        self._latest, self._stage = -1.0, _BEGUN

    async def chunks(self) -> _Chunks:
        found = dict(self._order.job) if self._order.job is not None else await self._begun()
        look = Look()
        try:
            yield self._told(_BEGUN, job=handle_of(self._generator, self._order, self._media_id, found))
            for status, line in self._job.remarks:
                yield backend_status(status, detail=f"{self._generator.name}: {line}")
            while not look.is_done:
                look, told = await self._look(found)
                for chunk in told:
                    yield chunk
                if not look.is_done:
                    await self._order.sleep(self._job.pause_seconds if look.pause is None else look.pause)
        except (GeneratorExit, asyncio.CancelledError):
            await to_its_end(self._cancel(found))
            raise
        async with aclosing(self._job.finish(look)) as last:
            async for chunk in last:
                yield chunk

    async def _begun(self) -> dict[str, Any]:
        """Return what the job is found by.

        Raises:
            ProviderError: It may have begun, and nobody knows its id: begun again, it would be paid twice.
        """
        self._order.check_losses(line for status, line in self._job.remarks if status == "loss")
        try:
            return dict(await self._job.start())
        except Exception as error:
            if self._turn.is_preparing or not may_have_arrived(self._failure(error)):
                raise
            told = self._told_by(error)
            raise final_error(told, f"{told.error}; {_TAKEN}") from error

    async def _look(self, job: Mapping[str, Any]) -> tuple[Look, list[BaseStreamChunk]]:
        """Return what is found, and what to tell of it; the last of many failures in a row is raised."""
        try:
            look = await self._job.look(job)
        except JobEnded:
            raise
        except Exception as error:
            told = self._told_by(error)
            self._failures += 1
            if (told.error_info or {}).get("status") in _NOT_THERE:
                raise final_error(told, f"{(told.error or '').rstrip('.')}; {_GONE}", JobEnded) from error
            if not _may_pass(told.error_info or {}) or self._failures > _MOST_FAILURES:
                raise
            return Look(pause=self._pause_after(told)), [self._told("running", log=f"{_LOST}: {told.error}")]
        self._failures = 0
        return look, [*look.chunks, *self._of_progress(look)]

    def _failure(self, error: Exception) -> Failure:
        return translate(error, provider=self._generator.name, now=self._order.wall_clock())

    def _told_by(self, error: Exception) -> TextStreamChunk:
        secrets = self._order.account.secrets
        return without_secrets(self._failure(error).chunk, self._generator.name, *secrets)

    def _pause_after(self, failure: TextStreamChunk) -> float:
        hint, usual = (failure.error_info or {}).get("retry_after_seconds"), self._job.pause_seconds
        backoff = min(usual * 2.0 ** (self._failures - 1), max(_LONGEST_SECONDS, usual))
        return float(hint) if isinstance(hint, int | float) else backoff

    def _of_progress(self, look: Look) -> list[BaseStreamChunk]:
        """Return what is new: a stage, or a percentage, which is told once, and never falls."""
        percentage = None if look.percentage is None else float(min(max(look.percentage, 0.0), 100.0))
        further = percentage is not None and percentage > self._latest
        if look.is_done or not (further or look.stage != self._stage):  # the rest of the hundred is the download's
            return []
        self._stage = look.stage
        if percentage is None or not further:
            return [self._told(look.stage)]
        self._latest = percentage
        return [self._told(look.stage, progress_percentage=percentage)]

    async def _cancel(self, job: Mapping[str, Any]) -> None:
        try:
            async with asyncio.timeout(_CANCEL_SECONDS):
                await self._job.cancel(job)
            if type(self._job).cancel is not VendorJob.cancel:
                self._turn.use(_Cancelled(self._end(job)))
        except Exception as error:  # noqa: BLE001 - the stream is over: there is nobody left to tell but the log
            _LOG.warning("a job of %s goes on, since cancelling it failed: %s", self._generator.name, error)

    def _end(self, job: Mapping[str, Any]) -> BaseStreamChunk:
        """Return word that nobody can go on with the job."""
        handle = handle_of(self._generator, self._order, self._media_id, job)
        log = f"the job was cancelled at {self._generator.name}"
        return media_progress(
            self._media_id, media_type=self._order.media_type, log=log, job={**handle, CANCELLED: True}
        )

    def _told(self, stage: str, **fields: Any) -> BaseStreamChunk:
        return media_progress(self._media_id, stage=stage, media_type=self._order.media_type, **fields)


class _Cancelled:
    """What is still to be said when the stream of a job has been left."""

    def __init__(self, last: BaseStreamChunk) -> None:
        self._last = [last]

    def close(self) -> list[BaseStreamChunk]:
        last, self._last = self._last, []
        return last


def _may_pass(info: Mapping[str, Any]) -> bool:
    """Return whether another look may find the job: what refuses this one is not for good, or tells nothing of it."""
    return bool(info.get("retryable")) or (info.get("kind") in _UNREADABLE and info.get("status", 0) < _REFUSED)
