"""Memory of 2,000 slow streams at once: ours, and the same SDK's raw responses; each in a process of its own."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx2
import openai

from massgen_stream.backend import create_backend

from .contender_streams import MESSAGES
from .served import serving
from .table import Report

STREAMS = 2_000
MODEL = "30-slow"
MOST_KB = 60.0
_PAGE_KB = 4
Read = Callable[[asyncio.Event], Awaitable[None]]


def resident_kb() -> float:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE_KB


def _client(origin: str) -> openai.AsyncOpenAI:
    http_client = httpx2.AsyncClient(limits=httpx2.Limits(max_connections=None), timeout=60)
    return openai.AsyncOpenAI(api_key="none", base_url=f"{origin}/v1", max_retries=0, http_client=http_client)


def raw(origin: str) -> Read:
    create = _client(origin).chat.completions.with_streaming_response.create

    async def read(arrived: asyncio.Event) -> None:
        async with create(model=MODEL, messages=MESSAGES, stream=True) as response:
            async for _ in response.iter_bytes():
                arrived.set()

    return read


def ours(origin: str) -> Read:
    backend = create_backend("chatcompletion", base_url=f"{origin}/v1", api_key="none", connect_timeout=60)

    async def read(arrived: asyncio.Event) -> None:
        async for chunk in backend.stream_with_tools(MESSAGES, [], model=MODEL):
            if chunk.type == "content":
                arrived.set()

    return read


async def kb_per_stream(read: Read) -> float:
    """Return the KB that each stream adds to the process while all of them are open and have said something."""
    first = asyncio.Event()
    warm = asyncio.ensure_future(read(first))
    await first.wait()
    gc.collect()
    before = resident_kb()
    events = [asyncio.Event() for _ in range(STREAMS)]
    tasks = [asyncio.ensure_future(read(event)) for event in events]
    for event in events:
        await event.wait()
    gc.collect()
    used = (resident_kb() - before) / STREAMS
    assert not any(task.done() for task in tasks), "some streams ended before all were open"
    for task in (*tasks, warm):
        task.cancel()
    await asyncio.wait([*tasks, warm])
    return used


def _measured(way: str, origin: str) -> float:
    command = [sys.executable, "-m", "benchmarks.bench_concurrent", way, origin]
    return float(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


def run() -> Report:
    report = Report("concurrent", f"{STREAMS:,} streams of one event per second, open at once in one process.")
    with serving() as origin:
        sdk = _measured("raw", origin)
    with serving() as origin:
        own = _measured("ours", origin)
    report.add("SDK's raw responses", sdk, "KB per stream")
    report.add("ours", own, "KB per stream")
    report.add("ours above the SDK's own", own - sdk, "KB per stream", MOST_KB)
    return report


if __name__ == "__main__":
    way, origin = sys.argv[1:]
    print(json.dumps(asyncio.run(kb_per_stream({"raw": raw, "ours": ours}[way](origin)))))
