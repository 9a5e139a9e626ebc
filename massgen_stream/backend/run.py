"""The generator inside every stream: attempts, one after the other, through the gate.

It refers to everything it needs and to nothing that refers to it: when its `ChunkStream` is dropped, it is closed at
the next turn of the loop, and with it the request.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from functools import partial
from typing import Final, NamedTuple

from ..errors import excerpt
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.gate import Gate
from ..stream_chunk.kinds import ChunkType
from ..stream_chunk.text import TextStreamChunk
from .attempt import Attempt, overdue
from .cost import Priced
from .estimate import with_estimate
from .holdback import Holdback, Origin
from .instruments import Instruments
from .limits import StreamLimits
from .patience import CANCELLED, FIRST_CHUNK, TOTAL, Interrupted, Patience
from .retry import RetryPolicy
from .timing import Stopwatch
from .translate import translate, without_secrets
from .turn import Resume, Turn

Chunks = AsyncGenerator[BaseStreamChunk, None]
_CONTENT: Final = ChunkType.CONTENT  # looking a member up costs more than the test that it serves
_OUTLIVING: Final = frozenset((ChunkType.USAGE, ChunkType.BACKEND_STATUS))
"""What stays true of an attempt that another one replaces: what it cost, and what was noticed."""


class Job(NamedTuple):
    """What a stream is asked to do.

    Attributes:
        begin: Starts one attempt: the method that the backend's author wrote.
        payload: What `begin` finds in its turn.
        notes: Chunks that follow the first `start`.
        origin: Provider, model, secrets.
        limits: Times, retries, source.
        instruments: Time, chance, ids.
        asked: Returns how many characters are sent; called only where nobody else tells the usage. None: a stream that
            breaks off is not estimated, since it is not paid by the token.
    """

    begin: Callable[[Turn], Chunks]
    payload: object
    notes: Sequence[BaseStreamChunk]
    origin: Origin
    limits: StreamLimits
    instruments: Instruments
    asked: Callable[[], int] | None = lambda: 0


class Run:
    """One stream under way: what its generator and its `ChunkStream` share.

    Attributes:
        gate: Numbers and stamps.
        patience: Ends waits.
        watch: Takes the times.
    """

    __slots__ = (
        "_clock",
        "_continued",
        "_done",
        "_epoch",
        "_fruitless",
        "_job",
        "_model",
        "_pause",
        "_resume",
        "_seen",
        "_turn",
        "gate",
        "patience",
        "watch",
    )

    def __init__(self, job: Job) -> None:
        self._job, self._clock = job, job.instruments.clock
        self._epoch = 0.0
        self._turn: Turn | None = None
        self._pause: float | None = None
        self._resume: Resume | None = None
        self._continued: Attempt | None = None
        self._fruitless = self._seen = 0
        self._model = job.origin.model
        self._done: TextStreamChunk | None = None
        self.gate = Gate(stream_id=job.instruments.new_id(), source=job.limits.source)
        self.patience = Patience()
        self.watch = Stopwatch()

    async def chunks(self) -> Chunks:
        """Yield the stream, from its first `start` to its `done`."""
        self._begin()
        patience, enter, leave = self.patience, self.patience.enter, self.patience.leave
        try:
            while (attempt := await self._next_attempt()) is not None:
                try:
                    while not attempt.over:
                        enter()  # written out here: a coroutine for each read costs as much as the gate
                        try:
                            chunk = await attempt.next()
                        except BaseException as error:
                            if not attempt.is_stopped_by(error):
                                raise
                            break
                        finally:
                            leave()
                        for out in self._take(attempt, chunk):
                            yield out
                    await attempt.drain()
                finally:
                    await attempt.close()
                for out in self._settle(attempt):
                    yield out
            for out in self._cut_short():
                yield out
        finally:
            patience.end()

    def priced(self) -> Priced | None:
        """Return what has been used so far, for its price; None while nothing is known of it."""
        usage = self._done.usage if self._done is not None else self.gate.usage
        estimated = self._done is not None and self._done.usage_source == "estimated"
        base_url = self._job.origin.base_url
        return Priced(usage=usage, model=self._model, base_url=base_url, estimated=estimated) if usage else None

    def _begin(self) -> None:
        self.patience.begin()
        self.watch.started = self._clock()
        self._epoch = self._job.instruments.wall_clock() - self.watch.started  # one clock serves figures and stamps
        self.patience.limit(TOTAL, self._job.limits.total_timeout)

    async def _next_attempt(self) -> Attempt | None:
        """Return the first attempt or, after the pause, another one; None when none follows."""
        if self._turn is None:
            return self._attempt(1)
        if self._pause is None:
            return None
        try:
            await self.patience.wait(self._job.instruments.sleep(self._pause))
        except Interrupted:
            return None
        return self._attempt(self._turn.number + 1)

    def _attempt(self, number: int) -> Attempt:
        job, now = self._job, self._job.instruments.wall_clock
        prefix, count = f"{self.gate.stream_id}-", partial(_count_first_chunk, self.patience, job.limits)
        resume, self._resume = self._resume, None
        known, self._continued = self._continued, None
        turn = Turn(job.payload, job.limits, number=number, id_prefix=prefix, count=count, resume=resume)
        notes = job.notes if number == 1 else ()
        sieve = Holdback(turn, job.origin, notes) if known is None else known.sieve.go_on(turn)
        self._turn = turn
        count(True)
        provider = job.origin.provider
        return Attempt(
            job.begin(turn), turn, sieve, self.patience, lambda e: translate(e, provider=provider, now=now())
        )

    def _take(self, attempt: Attempt, chunk: BaseStreamChunk) -> list[BaseStreamChunk]:
        """Return what may be read now that *chunk* has come."""
        watch, now = self.watch, self._clock()
        watch.chunks += 1
        watch.latest = now
        if attempt.sieve.plain and chunk.type is _CONTENT and watch.text is not None:
            return self.gate.feed(chunk, self._epoch + now)  # nearly every chunk of a stream
        if watch.first is None and not attempt.is_preparing:
            watch.first = now
        if watch.text is None and chunk.type is _CONTENT:
            watch.text = now
        self.patience.limit(FIRST_CHUNK, None)
        return self._sorted(attempt, chunk)

    def _sorted(self, attempt: Attempt, *chunks: BaseStreamChunk) -> list[BaseStreamChunk]:
        sieve, taken = attempt.sieve, []
        for chunk in chunks:
            taken += self._passed(sieve.take(chunk, visible=self.gate.visible))
            if chunk.type is ChunkType.START and isinstance(chunk, TextStreamChunk):
                self._model = chunk.model or self._model
        attempt.over = attempt.over or sieve.done is not None
        return taken

    def _passed(self, chunks: Iterable[BaseStreamChunk]) -> list[BaseStreamChunk]:
        now = self._epoch + self._clock()
        return [out for chunk in chunks for out in self.gate.feed(chunk, now)]

    def _settle(self, attempt: Attempt) -> list[BaseStreamChunk]:
        """Return what a closed attempt still gives, and either the end or word of another attempt."""
        self.patience.limit(FIRST_CHUNK, None)
        self.patience.release()
        cut = attempt.cut(self._job.origin)
        if cut is not None and self._can_resume(cut):
            return self._before_resume(attempt, cut)
        last = self._sorted(attempt, *attempt.rest(self._job.origin))
        self._pause = self._pause_after(attempt.sieve.error)
        return last + (self._end(attempt.sieve) if self._pause is None else self._before_retry(attempt.sieve))

    def _pause_after(self, error: TextStreamChunk | None) -> float | None:
        turn = self._turn
        if error is None or turn is None or self.gate.visible or self.patience.reason in (CANCELLED, TOTAL):
            return None
        return self._delay(turn.number, error, self.watch.started)

    def _delay(self, attempts: int, error: TextStreamChunk, since: float | None) -> float | None:
        limits, jitter = self._job.limits, self._job.instruments.jitter()
        policy = RetryPolicy(max_retries=limits.max_retries, budget_seconds=limits.retry_budget)
        return policy.next_delay(attempts, error.error_info or {}, self._clock() - (since or 0.0), jitter)

    def _can_resume(self, cut: TextStreamChunk) -> bool:
        """Whether another attempt takes the stream up; attempts that brought something count as the first."""
        self._fruitless = 1 if self.watch.chunks > self._seen else self._fruitless + 1
        self._seen = self.watch.chunks
        self._resume = self._turn.resumption() if self._turn is not None else None
        self._pause = self._delay(self._fruitless, cut, self.watch.latest) if self._resume is not None else None
        self._resume = self._resume if self._pause is not None else None
        return self._resume is not None

    def _before_resume(self, attempt: Attempt, cut: TextStreamChunk) -> list[BaseStreamChunk]:
        """Word of another attempt, which goes on with what this one holds."""
        self._continued = attempt
        detail = f"continuing in {self._pause:.3g} s: {excerpt(self._cleaned(cut))}"
        return self._again("resume", detail, [])

    def _before_retry(self, sieve: Holdback) -> list[BaseStreamChunk]:
        """What outlives the failed attempt, and that another one follows."""
        number = self._turn.number + 1 if self._turn is not None else 1
        problem = excerpt(sieve.error.error) if sieve.error is not None else ""
        detail = f"attempt {number} of {self._job.limits.max_retries + 1} in {self._pause:.3g} s: {problem}"
        said = [chunk for chunk in sieve.release() if chunk.type in _OUTLIVING]
        if sieve.done is not None and sieve.done.usage:
            said.append(TextStreamChunk(type=ChunkType.USAGE, usage=sieve.done.usage))
        return self._again("retry", detail, said)

    def _again(self, status: str, detail: str, said: list[BaseStreamChunk]) -> list[BaseStreamChunk]:
        self.patience.forgive()
        return self._passed([*said, TextStreamChunk(type=ChunkType.BACKEND_STATUS, status=status, detail=detail)])

    def _cleaned(self, error: TextStreamChunk) -> str | None:
        origin = self._job.origin
        return without_secrets(error, origin.provider, *origin.secrets).error

    def _end(self, sieve: Holdback) -> list[BaseStreamChunk]:
        self.watch.latest = self._clock()
        return self._ended(self._passed([*sieve.release(), *([sieve.done] if sieve.done is not None else [])]))

    def _ended(self, last: list[BaseStreamChunk]) -> list[BaseStreamChunk]:
        """Return the last chunks; a model that has spoken was paid for, even if nobody tells what."""
        asked = self._job.asked
        last = with_estimate(last, asked) if self.gate.visible and asked is not None else last
        self._done = last[-1] if last and isinstance(last[-1], TextStreamChunk) else None
        return last

    def _cut_short(self) -> list[BaseStreamChunk]:
        """The end of a stream that was cancelled, or ran out of time, between two attempts; else nothing."""
        self.patience.release()
        if self.gate.ended or self._turn is None:
            return []
        if (left := self._continued) is not None:
            return self._sorted(left, *left.rest(self._job.origin)) + self._end(left.sieve)
        self.watch.latest = now = self._clock()
        if self.patience.reason == CANCELLED:
            return self._ended(self.gate.end(CANCELLED, self._epoch + now))
        late = overdue(TOTAL, self._turn, self._job.origin).chunk
        return self._ended(self.gate.end("error", self._epoch + now, error=late))


def _count_first_chunk(patience: Patience, limits: StreamLimits, on: bool) -> None:
    patience.limit(FIRST_CHUNK, limits.first_chunk_timeout if on else None)
