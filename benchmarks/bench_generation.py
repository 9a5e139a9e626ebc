"""Media generators: what they add to a preview's way, memory of a large download, polling, and many jobs at once."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

from massgen_stream.backend import Turn
from massgen_stream.generation import Generator, JobGenerator, Look, Offer, Order, VendorJob, generate_media
from massgen_stream.provider import ProviderSpec
from massgen_stream.stream_chunk import ChunkType, MediaEncoding, MediaType, MultimodalStreamChunk
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import media

from .media_server import STAMP
from .served import serving
from .table import Report

ROUNDS = 60
FILM_MIB = 200
LOOKS = 24
PAUSE_SECONDS = 0.5
JOBS = 100
MIB = 2**20
_HOST = ProviderSpec(name="bench", title="Bench", protocol="bench", default_model="b-1", key_required=False)


def run() -> Report:
    report = Report("generation", "Media generators against a server in another process.")
    with serving("media_server") as origin:
        for mode, name in (("image", "a preview of 96 KiB"), ("audio", "the first 16 KiB of speech")):
            late = asyncio.run(_lateness(origin, mode))
            report.add(f"{name}: from the vendor's send to our chunk, median", late[0], "ms", 2)
            report.add(f"{name}: the same, 95th percentile", late[1], "ms")
        growth, speed = _download(origin)
        report.add(f"download of {FILM_MIB} MiB into a file: growth of peak memory", growth, "MiB", 32)
        report.add(f"download of {FILM_MIB} MiB into a file", speed, "MB/s")
    worst = asyncio.run(_polling())
    report.add("a job that is done: worst delay until it is told, in intervals of polling", worst, "", 1)
    taken, tasks = asyncio.run(_many_jobs())
    report.add(f"{JOBS} jobs of 1 s side by side in one process", taken, "s")
    report.add(f"{JOBS} jobs: tasks left behind", tasks, "", 0)
    return report


async def _lateness(origin: str, mode: str) -> tuple[float, float]:
    """Return median and 95th percentile of the milliseconds between sending and our first partial chunk."""
    late = []
    for number in range(ROUNDS + 5):
        stream = generate_media(
            "a", mode, backend_type="openai", base_url=f"{origin}/v1", api_key="none", **_options(mode)
        )
        async with stream:
            async for chunk in stream:
                now = time.monotonic()
                if isinstance(chunk, MultimodalStreamChunk) and chunk.type is ChunkType.MEDIA and chunk.media_data:
                    assert isinstance(chunk.media_data, bytes)
                    late += [now - STAMP.unpack(chunk.media_data[: STAMP.size])[0]] if number >= 5 else []
                    break
    return statistics.median(late) * 1e3, statistics.quantiles(late, n=20)[-1] * 1e3


def _options(mode: str) -> dict[str, Any]:
    return {"output_format": "pcm"} if mode == "audio" else {"partial_images": 1}


class Film(Generator):
    """Refers to a film on the server, as video vendors do."""

    name, title, host = "bench", "Bench", _HOST
    offers: ClassVar = {MediaType.VIDEO: Offer(default_model="b-1")}

    async def generate(self, order: Order, turn: Turn) -> AsyncGenerator[BaseStreamChunk, None]:
        """Yield where it is."""
        place = f"{order.account.base_url}/film/{order.config.prompt}"
        kind, encoding = MediaType.VIDEO, MediaEncoding.URL
        yield media(order.media_id(turn), kind, media_data=place, media_encoding=encoding)


def _download(origin: str) -> tuple[float, float]:
    program = f"from benchmarks.bench_generation import measure; measure({origin!r})"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
    result = json.loads(found)
    return result["growth"], result["speed"]


def measure(origin: str) -> None:
    """Print speed and growth of a download; runs in a process of its own, warmed up with a small film."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_downloaded(origin, 1, folder))
        before, start = _peak_mib(), time.perf_counter()
        asyncio.run(_downloaded(origin, FILM_MIB, folder))
        speed = FILM_MIB * MIB / (time.perf_counter() - start) / 1e6
        print(json.dumps({"speed": speed, "growth": _peak_mib() - before}))


async def _downloaded(origin: str, size: int, folder: str) -> None:
    place = Path(folder, f"{size}.mp4")
    async for _ in generate_media(str(size), "video", backend_type=Film, base_url=origin, output_path=place):
        pass
    assert place.stat().st_size == size * MIB  # noqa: ASYNC240


class _Timed(VendorJob):
    """A job that is done at a time that nobody knows; remembers when it was."""

    pause_seconds = PAUSE_SECONDS

    def __init__(self, order: Order, turn: Turn) -> None:
        self._media_id = order.media_id(turn)
        self._ends = 0.0

    async def start(self) -> Mapping[str, Any]:
        self._ends = time.monotonic() + Jobs.length()
        return {"id": "1"}

    async def look(self, job: Mapping[str, Any]) -> Look:  # noqa: ARG002 - there is one
        return Look(is_done=time.monotonic() >= self._ends)

    async def finish(self, look: Look) -> AsyncGenerator[BaseStreamChunk, None]:  # noqa: ARG002 - it holds nothing
        stamp = STAMP.pack(self._ends) + bytes(64)
        yield media(self._media_id, MediaType.VIDEO, media_data=stamp, media_encoding=MediaEncoding.BINARY)


class Jobs(JobGenerator):
    """Makes nothing, and takes its time."""

    name, title, host = "bench", "Bench", _HOST
    offers: ClassVar = {MediaType.VIDEO: Offer(default_model="b-1")}
    length = staticmethod(lambda: 0.5 + 1.5 * random.random())

    @asynccontextmanager
    async def job(self, order: Order, turn: Turn) -> AsyncIterator[VendorJob]:
        """Open nothing."""
        yield _Timed(order, turn)


async def _polling() -> float:
    """Return the worst of the delays between the end of a job and its medium, in intervals."""
    late: list[float] = []
    async for chunk in generate_media("a", "video", backend_type=Jobs, n=LOOKS, concurrency=LOOKS):
        if isinstance(chunk, MultimodalStreamChunk) and isinstance(chunk.media_data, bytes):
            late += [time.monotonic() - float(STAMP.unpack(chunk.media_data[: STAMP.size])[0])]
    return max(late) / PAUSE_SECONDS


async def _many_jobs() -> tuple[float, int]:
    """Return the seconds that many jobs take side by side, and how many tasks they leave."""
    before, start = len(asyncio.all_tasks()), time.perf_counter()
    Jobs.length = staticmethod(lambda: 1.0)
    came = 0
    async for chunk in generate_media("a", "video", backend_type=Jobs, n=JOBS, concurrency=JOBS):
        came += chunk.type is ChunkType.MEDIA
    assert came == JOBS, came
    return time.perf_counter() - start, len(asyncio.all_tasks()) - before


def _peak_mib() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
