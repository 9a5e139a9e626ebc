"""Time to first chunk: ours against the first bytes of the same SDK, on connections that are open."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable

import anthropic
import openai

from massgen_stream.backend import LLMBackend, create_backend
from massgen_stream.stream_chunk import ChunkType

from .contender_streams import MESSAGES, QUESTION
from .served import serving
from .table import Report

ROUNDS = 150
MODEL = "20-back"
MOST_ADDED_MS = 1.0
Opening = Callable[[], Awaitable[None]]


def _ours(backend: LLMBackend) -> Opening:
    async def first() -> None:
        async with backend.stream_with_tools(MESSAGES, [], model=MODEL) as stream:
            async for chunk in stream:
                if chunk.type is ChunkType.CONTENT:
                    return

    return first


def _chat(origin: str) -> tuple[Opening, Opening]:
    client = openai.AsyncOpenAI(api_key="none", base_url=f"{origin}/v1", max_retries=0)
    create = client.chat.completions.with_streaming_response.create

    async def raw() -> None:
        async with create(model=MODEL, messages=MESSAGES, stream=True) as response:
            async for _ in response.iter_bytes():
                return

    return raw, _ours(create_backend("chatcompletion", base_url=f"{origin}/v1", api_key="none"))


def _responses(origin: str) -> tuple[Opening, Opening]:
    client = openai.AsyncOpenAI(api_key="none", base_url=f"{origin}/v1", max_retries=0)
    create = client.responses.with_streaming_response.create

    async def raw() -> None:
        async with create(model=MODEL, input=QUESTION, stream=True) as response:
            async for _ in response.iter_bytes():
                return

    return raw, _ours(create_backend("openai", base_url=f"{origin}/v1", api_key="none"))


def _claude(origin: str) -> tuple[Opening, Opening]:
    client = anthropic.AsyncAnthropic(api_key="none", base_url=origin, max_retries=0)
    create = client.messages.with_streaming_response.create

    async def raw() -> None:
        async with create(model=MODEL, messages=MESSAGES, max_tokens=9, stream=True) as response:
            async for _ in response.iter_bytes():
                return

    return raw, _ours(create_backend("claude", base_url=origin, api_key="none"))


WIRES = {"openai.chat": _chat, "openai.responses": _responses, "claude": _claude}


async def _milliseconds(opening: Opening) -> float:
    start = time.perf_counter()
    await opening()
    return (time.perf_counter() - start) * 1e3


async def measure(origin: str) -> dict[str, tuple[float, float]]:
    """Return the median milliseconds to the first bytes, and to our first text, by wire."""
    found = {}
    for wire, open_both in WIRES.items():
        both = open_both(origin)
        times: tuple[list[float], list[float]] = ([], [])
        for opening in both:
            await opening()
        for _ in range(ROUNDS):
            for opening, taken in zip(both, times, strict=True):
                taken.append(await _milliseconds(opening))
        found[wire] = (statistics.median(times[0]), statistics.median(times[1]))
    return found


def run() -> Report:
    report = Report("first_chunk", "From the call to the first bytes of the SDK's raw response, and to our first text.")
    with serving() as origin:
        times = asyncio.run(measure(origin))
    for wire, (raw, ours) in times.items():
        report.add(f"{wire}: SDK's raw bytes", raw, "ms")
        report.add(f"{wire}: our first text", ours, "ms")
        report.add(f"{wire}: added", ours - raw, "ms", MOST_ADDED_MS)
    return report
