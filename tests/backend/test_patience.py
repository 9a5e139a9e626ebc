import asyncio

import pytest

from massgen_stream.backend.patience import CANCELLED, TOTAL, Interrupted, Patience

from .reading import spin

pytestmark = pytest.mark.anyio


def begun(**limits: float) -> Patience:
    patience = Patience()
    patience.begin()
    for name, seconds in limits.items():
        patience.limit(name, seconds)
    return patience


async def forever() -> None:
    await asyncio.Event().wait()


async def test_a_limit_ends_a_wait() -> None:
    patience = begun(total_timeout=0.01)
    with pytest.raises(Interrupted):
        await patience.wait(forever())
    assert patience.reason == TOTAL
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    patience.end()


async def test_the_shortest_limit_counts() -> None:
    patience = begun(total_timeout=10, first_chunk_timeout=0.01)
    with pytest.raises(Interrupted):
        await patience.wait(forever())
    assert patience.reason == "first_chunk_timeout"
    patience.end()


async def test_a_passed_limit_can_be_forgiven_a_cancel_cannot() -> None:
    patience = begun(total_timeout=0.001)
    with pytest.raises(Interrupted):
        await patience.wait(forever())
    patience.forgive()
    assert await patience.wait(asyncio.sleep(0.005, "patient again")) == "patient again"
    patience.cancel()
    patience.forgive()
    with pytest.raises(Interrupted):
        await patience.wait(forever())
    patience.end()


async def test_a_limit_that_was_taken_away_ends_nothing() -> None:
    patience = begun(first_chunk_timeout=0.01)
    patience.limit("first_chunk_timeout", None)
    assert await patience.wait(asyncio.sleep(0.03, "slept")) == "slept"
    patience.end()


class Time:
    """The loop's clock, moved by hand on top of the real one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()
        real = loop.time
        self._ahead = 0.0
        monkeypatch.setattr(loop, "time", lambda: real() + self._ahead)

    async def passes(self, seconds: float) -> None:
        self._ahead += seconds
        await spin(5)


async def test_the_readers_time_counts_for_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    time, patience = Time(monkeypatch), begun(total_timeout=60)
    await patience.wait(time.passes(25))
    await time.passes(1000)  # the reader is slow
    await patience.wait(time.passes(25))
    await time.passes(1000)
    assert patience.reason is None
    with pytest.raises(Interrupted):
        await patience.wait(time.passes(25))
    patience.end()


async def test_a_timer_that_fires_early_is_set_again(monkeypatch: pytest.MonkeyPatch) -> None:
    time, patience = Time(monkeypatch), begun(total_timeout=60)
    await patience.wait(spin(1))
    await time.passes(30)

    async def long() -> None:
        await time.passes(45)  # the timer fires, though only 45 s were waited
        await time.passes(45)

    with pytest.raises(Interrupted):
        await patience.wait(long())
    patience.end()


async def test_cancel_ends_the_wait_under_way() -> None:
    patience = begun()
    waiting = asyncio.ensure_future(patience.wait(forever()))
    await asyncio.sleep(0)
    patience.cancel()
    with pytest.raises(Interrupted):
        await waiting
    assert patience.reason == CANCELLED


async def test_cancel_lets_through_what_is_there_already() -> None:
    patience = begun()
    patience.cancel()

    async def at_hand() -> str:
        return "arrived"

    assert await patience.wait(at_hand()) == "arrived"
    with pytest.raises(Interrupted):
        await patience.wait(forever())


async def test_a_cancellation_from_outside_is_never_taken_back() -> None:
    patience = begun()
    waiting = asyncio.ensure_future(patience.wait(forever()))
    await asyncio.sleep(0)
    waiting.cancel()
    patience.cancel()  # in the same turn of the loop, after it
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert waiting.cancelled()


async def test_a_cancellation_from_outside_right_after_ours_wins_too() -> None:
    patience = begun()
    waiting = asyncio.ensure_future(patience.wait(forever()))
    await asyncio.sleep(0)
    patience.cancel()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_it_works_within_asyncio_timeout() -> None:
    patience = begun(total_timeout=0.01)
    async with asyncio.timeout(5):
        with pytest.raises(Interrupted):
            await patience.wait(forever())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await begun(total_timeout=5).wait(forever())


async def test_an_interruption_that_was_swallowed_leaves_the_task_as_it_was() -> None:
    patience = begun(total_timeout=0.01)

    async def stubborn() -> str:
        try:
            await forever()
        except asyncio.CancelledError:
            return "swallowed"
        return ""

    assert await patience.wait(stubborn()) == "swallowed"
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    patience.end()


async def test_nobody_is_interrupted_outside_of_a_wait() -> None:
    patience = begun(total_timeout=0.001)
    await asyncio.sleep(0.01)
    patience.cancel()
    await asyncio.sleep(0)
    patience.end()
    await asyncio.sleep(0)


async def test_released_tells_when_the_reader_let_go() -> None:
    patience = begun()
    watcher = asyncio.ensure_future(patience.released())
    await asyncio.sleep(0)
    assert not watcher.done()
    patience.release()
    await watcher
