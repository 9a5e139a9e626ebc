"""Clean-ups that no cancellation keeps from their end."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest

from massgen_stream.outlasting import ended, to_its_end

pytestmark = pytest.mark.anyio


class Work:
    """Something that ends when it is let go.

    Attributes:
        task: It.
    """

    def __init__(self, problem: Exception | None = None) -> None:
        self.go, self.begun = asyncio.Event(), asyncio.Event()
        self.is_done = False
        self._problem = problem

    async def run(self) -> str:
        self.begun.set()
        await self.go.wait()
        self.is_done = True
        if self._problem is not None:
            raise self._problem
        return "done"


async def waited(work: Work) -> None:
    await ended(asyncio.ensure_future(work.run()))


async def run(work: Work) -> None:
    await to_its_end(work.run())


both = pytest.mark.parametrize("wait", [waited, run])
Wait = Callable[[Work], Awaitable[None]]


@both
async def test_cancelled_twice_it_ends_and_then_the_cancellation_is_raised(wait: Wait) -> None:
    work = Work()
    caller: asyncio.Task[None] = asyncio.ensure_future(wait(work))
    await work.begun.wait()
    for _ in range(2):
        caller.cancel()
        await asyncio.sleep(0.001)
        assert not caller.done()
    work.go.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert work.is_done


@both
async def test_in_a_scope_that_is_cancelled_already(wait: Wait) -> None:
    work, after = Work(), False
    asyncio.get_running_loop().call_later(0.01, work.go.set)
    with anyio.CancelScope() as scope:
        scope.cancel()
        try:
            await anyio.sleep_forever()
        finally:
            await wait(work)
            after = work.is_done
    assert after
    assert scope.cancelled_caught


async def test_a_scope_costs_no_turns_of_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    turns, wait = 0, asyncio.wait

    async def counted(*given: Any, **more: Any) -> Any:
        nonlocal turns
        turns += 1
        return await wait(*given, **more)

    work = Work()
    monkeypatch.setattr(asyncio, "wait", counted)
    asyncio.get_running_loop().call_later(0.02, work.go.set)
    with anyio.CancelScope() as scope:
        scope.cancel()
        await waited(work)
    assert turns == 1


async def test_what_it_brings() -> None:
    work, broken = Work(), Work(ValueError("no"))
    for one in (work, broken):
        one.go.set()
    assert await to_its_end(work.run()) == "done"
    with pytest.raises(ValueError, match="no"):
        await to_its_end(broken.run())


async def test_what_goes_wrong_behind_a_cancellation_is_no_complaint(caplog: pytest.LogCaptureFixture) -> None:
    work = Work(ValueError("no"))
    caller = asyncio.ensure_future(run(work))
    await work.begun.wait()
    caller.cancel()
    work.go.set()
    await asyncio.wait([caller])
    assert caller.cancelled()
    del caller
    gc.collect()
    assert caplog.messages == []


async def test_a_wait_with_an_end() -> None:
    loop, work = asyncio.get_running_loop(), Work()
    other = Work()
    other.go.set()
    tasks = [asyncio.ensure_future(one.run()) for one in (work, other)]
    await ended(*tasks, until=loop.time() + 0.01)
    assert [task.done() for task in tasks] == [False, True]
    await ended(*tasks, until=loop.time() - 1)
    work.go.set()
    await ended(*tasks)
    assert work.is_done
    await ended()
