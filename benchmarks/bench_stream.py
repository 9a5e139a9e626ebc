"""Whole streams through HTTP: CPU per event of our backend, raw bytes, and the vendor's own SDK."""

from __future__ import annotations

import asyncio
import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

import httpx2
import openai
from openai.types.chat import ChatCompletionUserMessageParam

from massgen_stream.backend import create_backend
from massgen_stream.stream_chunk import ChunkType

from .table import Report

REGIMES = {"paced": 4_000, "back": 20_000, "batched": 64_000}
TITLES = {"paced": "paced", "back": "back to back", "batched": "batched by 32"}
TARGETS = {"paced": (1.25, 1.8), "back": (1.6, 6.0), "batched": (None, None)}
ROUNDS = 5
QUESTION: ChatCompletionUserMessageParam = {"role": "user", "content": "Write a haiku about rivers"}
MESSAGES = [dict(QUESTION)]
Contender = Callable[[str], Awaitable[int]]


async def _contenders(base_url: str) -> dict[str, Contender]:
    raw_client = httpx2.AsyncClient(timeout=60)
    sdk = openai.AsyncOpenAI(api_key="none", base_url=base_url, max_retries=0)
    backend = create_backend("chatcompletion", base_url=base_url, api_key="none")

    async def raw(model: str) -> int:
        body = {"model": model, "messages": MESSAGES, "stream": True}
        size = 0
        async with raw_client.stream("POST", f"{base_url}/chat/completions", json=body) as response:
            async for data in response.aiter_bytes():
                size += len(data)
        return size

    async def ours(model: str) -> int:
        count = 0
        async for chunk in backend.stream_with_tools(MESSAGES, [], model=model):
            count += chunk.type is ChunkType.CONTENT
        return count

    async def typed(model: str) -> int:
        count = 0
        events = await sdk.chat.completions.create(model=model, messages=[QUESTION], stream=True)
        async for event in events:
            count += bool(event.choices and event.choices[0].delta.content)
        return count

    return {"raw": raw, "ours": ours, "SDK typed": typed}


async def _measure(base_url: str) -> dict[tuple[str, str], float]:
    contenders = await _contenders(base_url)
    times: dict[tuple[str, str], list[float]] = {}
    for regime, count in REGIMES.items():
        for name, contender in contenders.items():
            await contender(f"640/{regime}")  # connect, import, warm up
            times[regime, name] = []
        for _ in range(ROUNDS):
            for name, contender in contenders.items():
                gc.collect()
                start = time.process_time()
                seen = await contender(f"{count}/{regime}")
                times[regime, name].append((time.process_time() - start) / count * 1e6)
                assert seen >= count
    return {key: statistics.median(found) for key, found in times.items()}


def run() -> Report:
    about = "Client CPU per text event, server in another process; raw = httpx2 reading bytes from the same server."
    report = Report("stream", about)
    command = [sys.executable, "-m", "benchmarks.chat_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            times = asyncio.run(_measure(f"http://127.0.0.1:{port}/v1"))
        finally:
            server.terminate()
    for regime, title in TITLES.items():
        raw, ours, typed = (times[regime, name] for name in ("raw", "ours", "SDK typed"))
        most, least = TARGETS[regime]
        report.add(f"{title}: raw bytes", raw, "µs")
        report.add(f"{title}: ours", ours, "µs")
        report.add(f"{title}: SDK's typed stream", typed, "µs")
        report.add(f"{title}: ours over raw", ours / raw, "×", most)
        report.add(f"{title}: SDK over ours", typed / ours, "×", least, at_least=True)
    return report
