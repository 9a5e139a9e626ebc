"""Threads and digests beside the event loop."""

import asyncio
import threading
from hashlib import sha256

import pytest

from massgen_stream.media.worker_thread import WORTH_A_THREAD, RunningDigest, in_thread, opened_in_thread, settled


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
