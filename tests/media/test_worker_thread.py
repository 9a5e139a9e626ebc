"""Threads and digests beside the event loop."""

import asyncio
import gc
import threading
from hashlib import sha256
from typing import Any

import pytest

from massgen_stream.media.worker_thread import (
    WORTH_A_THREAD,
    RunningDigest,
    in_own_thread,
    in_thread,
    opened_in_thread,
    result_of,
    settled,
)


@pytest.mark.anyio
async def test_a_call_runs_in_another_thread_at_once() -> None:
    began = threading.Event()

    def call() -> int:
        began.set()
        return threading.get_ident()

    future = in_thread(call)
    assert began.wait(10)
    assert await future != threading.get_ident()


@pytest.mark.anyio
async def test_settled_waits_and_raises_nothing() -> None:
    gate = threading.Event()

    def fail() -> None:
        gate.wait(10)
        raise ValueError("late")

    future = in_thread(fail)
    asyncio.get_running_loop().call_later(0.01, gate.set)
    await settled(future)
    assert future.done()
    await settled(None)


@pytest.mark.anyio
async def test_cancelling_the_wait_for_a_result_lets_the_call_end_unheard() -> None:
    gate = threading.Event()
    told: list[dict[str, Any]] = []

    def fail() -> None:
        gate.wait(10)
        raise ValueError("late")

    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    future = in_thread(fail)
    task = asyncio.create_task(result_of(future))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not future.done()
    gate.set()
    await asyncio.wait([future])
    del future, task
    await asyncio.sleep(0)
    gc.collect()
    assert told == []


@pytest.mark.anyio
async def test_a_result_is_returned_or_raised() -> None:
    assert await result_of(in_thread(int, "7")) == 7
    with pytest.raises(ValueError, match="seven"):
        await result_of(in_thread(int, "seven"))


@pytest.mark.anyio
async def test_what_is_opened_for_nobody_is_closed() -> None:
    gate = threading.Event()
    closed: list[str] = []

    def opening() -> str:
        gate.wait(10)
        return "file"

    task = asyncio.create_task(opened_in_thread(opening, closed.append))
    await asyncio.sleep(0.01)
    task.cancel()
    asyncio.get_running_loop().call_later(0.01, gate.set)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert closed == ["file"]
    assert await opened_in_thread(lambda: "file", closed.append) == "file"
    assert closed == ["file"]


@pytest.mark.anyio
async def test_the_digest_of_pieces_is_the_one_of_the_whole() -> None:
    digest = RunningDigest()
    pieces = [b"a" * size for size in (0, 1, WORTH_A_THREAD, WORTH_A_THREAD * 8, 3, WORTH_A_THREAD + 1)]
    for piece in pieces:
        await digest.update(piece)
    assert digest.size == sum(map(len, pieces))
    assert await digest.checksum() == f"sha256:{sha256(b''.join(pieces)).hexdigest()}"


@pytest.mark.anyio
async def test_a_thread_of_its_own_ends_with_its_call() -> None:
    def name() -> str:
        return threading.current_thread().name

    assert await in_own_thread(name, name="mine") == "mine"
    for error in (ValueError("no"), SystemExit(2)):

        def fail(error: BaseException = error) -> None:
            raise error

        with pytest.raises(type(error)):
            await in_own_thread(fail, name="mine")
    with pytest.raises(RuntimeError, match="StopIteration: x"):
        await in_own_thread(_stop, name="mine")


def _stop() -> None:
    raise StopIteration("x")


@pytest.mark.anyio
async def test_a_thread_that_nobody_waits_for_ends_by_itself() -> None:
    gate = threading.Event()
    future = in_own_thread(gate.wait, name="left alone")
    await asyncio.sleep(0)
    future.cancel()
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "left alone"]
    gate.set()
    thread.join()
    assert future.cancelled()
