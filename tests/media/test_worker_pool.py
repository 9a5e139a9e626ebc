"""Blocking work in threads and processes."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from massgen_stream.errors import BrokenMedia, ConfigurationError, MissingExtra
from massgen_stream.media.worker_pool import MOST_BYTES_AHEAD, Output, Stop, Workers

pytestmark = pytest.mark.anyio


def add(stop: Stop, one: int, other: int) -> int:
    return one + other


def process_of(stop: Stop) -> int:
    return os.getpid()


def die(stop: Stop) -> None:
    os._exit(3)


def fail(stop: Stop) -> None:
    raise ConfigurationError("no")


def until_stopped(stop: Stop) -> None:
    while True:
        stop.check()
        time.sleep(0.001)


def sleep_long(stop: Stop) -> None:
    time.sleep(60)


@pytest.mark.parametrize("processes", [False, True])
async def test_work_returns_or_raises(processes: bool) -> None:
    workers = Workers(processes=processes)
    assert await workers.run(add, 1, 2) == 3
    assert ((await workers.run(process_of)) != os.getpid()) is processes
    with pytest.raises(ConfigurationError, match="no"):
        await workers.run(fail)


async def test_a_crash_of_a_process_is_a_typed_error() -> None:
    workers = Workers(1, processes=True)
    with pytest.raises(BrokenMedia, match="crashed"):
        await workers.run(die)
    assert await workers.run(add, 1, 2) == 3


async def cancelled_midway(workers: Workers, work: Any) -> None:
    task = asyncio.create_task(workers.run(work))
    await asyncio.sleep(0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await workers.run(add, 1, 2) == 3


async def test_cancelled_work_of_a_thread_ends() -> None:
    has_ended = threading.Event()

    def work(stop: Stop) -> None:
        try:
            until_stopped(stop)
        finally:
            has_ended.set()

    await cancelled_midway(Workers(1), work)
    assert has_ended.wait(5)  # it is told to stop, and does so at its next look


async def test_cancelled_work_of_a_process_ends() -> None:
    await cancelled_midway(Workers(1, processes=True), sleep_long)


async def test_so_much_work_at_once_and_no_more() -> None:
    workers = Workers(2)
    running = most = 0
    lock = threading.Lock()

    def work(stop: Stop) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1

    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(workers.run(work))
    assert most == 2


async def test_what_is_written_comes_in_order_and_waits_for_its_reader() -> None:
    block = bytes(64 * 1024)
    written: list[int] = []

    def work(stop: Stop, output: Output) -> None:
        for number in range(100):
            output.write(bytes([number]) + block)
            written.append(number)

    stream = Workers(1).stream(work)
    size = len(await anext(stream))
    await asyncio.sleep(0.1)
    assert len(written) * len(block) <= size + MOST_BYTES_AHEAD + 2 * len(block)
    async for piece in stream:
        size += len(piece)
    assert size == 100 * (len(block) + 1)


async def test_a_reader_can_use_the_same_workers() -> None:
    """It would wait for ever if the stream that waits for it were counted."""
    workers = Workers(1)

    def work(stop: Stop, output: Output) -> None:
        for _ in range(4):
            output.write(bytes(2 * MOST_BYTES_AHEAD))

    found = [await workers.run(add, len(piece), 0) async for piece in workers.stream(work)]
    assert sum(found) == 8 * MOST_BYTES_AHEAD


async def test_an_error_comes_after_what_was_written() -> None:
    def work(stop: Stop, output: Output) -> None:
        output.write(b"first")
        raise BrokenMedia("cut off")

    stream = Workers(1).stream(work)
    assert await anext(stream) == b"first"
    with pytest.raises(BrokenMedia, match="cut off"):
        await anext(stream)


async def test_a_reader_that_leaves_frees_the_writer() -> None:
    workers, ended = Workers(1), threading.Event()

    def work(stop: Stop, output: Output) -> None:
        try:
            while True:
                output.write(bytes(2 * MOST_BYTES_AHEAD))
        finally:
            ended.set()

    stream = workers.stream(work)
    assert await anext(stream)
    await stream.aclose()
    assert ended.is_set()
    assert await workers.run(add, 1, 2) == 3


def test_an_abandoned_stream_does_not_hold_up_the_end() -> None:
    script = """
import asyncio
from massgen_stream.media.worker_pool import Workers
def work(stop, output):
    while True:
        output.write(bytes(3_000_000))
async def main():
    async for piece in Workers(1).stream(work):
        break
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=20, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_workers_serve_one_loop_after_another() -> None:
    workers = Workers(1)
    assert [asyncio.run(workers.run(add, number, 1)) for number in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("library", "call"),
    [
        ("PIL", "probe(picture)"),
        ("PIL", "thumbnail(picture)"),
        ("pillow_heif", "probe(b'\\0\\0\\0\\x18ftypheic\\0\\0\\0\\0mif1heic')"),
        ("av", "probe(sound)"),
        ("av", "convert_audio(sound)"),
        ("av", "waveform(sound)"),
        ("pypdfium2", "probe(b'%PDF-1.7')"),
    ],
)
def test_a_missing_library_is_a_missing_extra(library: str, call: str) -> None:
    script = f"""
import asyncio, sys
sys.modules[{library!r}] = None
from massgen_stream.errors import MissingExtra
from massgen_stream.media import convert_audio, probe, thumbnail, waveform
picture, sound = b"\\x89PNG\\r\\n\\x1a\\n", b"RIFF\\x00\\x00\\x00\\x00WAVE"
try:
    asyncio.run({call})
except MissingExtra as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=20, check=True)
    assert b"massgen-stream[media]" in done.stdout
    assert MissingExtra("x", "media").extra == "media"
