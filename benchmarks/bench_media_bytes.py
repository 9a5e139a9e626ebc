"""A large medium through base64, through a stream of chunks in a file, and through a store: speed, and peak memory."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

from massgen_stream.media import (
    Base64Decoder,
    Base64Encoder,
    MediaSource,
    MediaStore,
    StoredMedia,
    join,
    split,
    write_jsonl,
)

from .table import Report
from .timing import seconds

MIB = 2**20
SIZE = 1024 * MIB
_PIECE = 65_521  # no multiple of 3 or 4: every piece leaves a rest


def run() -> Report:
    report = Report("media_bytes", "Base64 in pieces of 64 KB; a file of 1 GiB through chunks and through a store.")
    _add_base64(report)
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCHMARK_FOLDER")) as folder:
        report.add("plain copy of the file, for comparison", _written(Path(folder, "medium.bin")), "MB/s")
        for name in ("through JSON Lines", "into and out of a store"):
            found = _in_process(name, folder)
            report.add(f"{name}: {SIZE // MIB} MiB", found["speed"], "MB/s", 250, at_least=True)
            report.add(f"{name}: growth of peak memory", found["growth"], "MiB", 48)
    return report


def _add_base64(report: Report) -> None:
    data = os.urandom(64 * MIB)
    pieces = [data[start : start + _PIECE] for start in range(0, len(data), _PIECE)]
    encoder = Base64Encoder()
    text = b"".join([encoder.feed(piece) for piece in pieces]) + encoder.close()
    texts = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
    for name, job, amount in (("encode", lambda: _encode(pieces), data), ("decode", lambda: _decode(texts), text)):
        report.add(f"base64 {name}", len(amount) / seconds(job, rounds=5) / 1e6, "MB/s", 1000, at_least=True)


def _encode(pieces: list[bytes]) -> None:
    encoder = Base64Encoder()
    for piece in pieces:
        encoder.feed(piece)


def _decode(texts: list[bytes]) -> None:
    decoder = Base64Decoder()
    for text in texts:
        decoder.feed(text)
    decoder.close()


def _written(path: Path) -> float:
    """Write the medium, and return how fast this disk copies it."""
    block = os.urandom(MIB)
    with path.open("wb") as file:
        for _ in range(SIZE // MIB):
            file.write(block)
    start = time.perf_counter()
    with path.open("rb") as file, path.with_suffix(".copy").open("wb") as copy:
        while piece := file.read(MIB):
            copy.write(piece)
    taken = time.perf_counter() - start
    path.with_suffix(".copy").unlink()
    return SIZE / taken / 1e6


def _in_process(name: str, folder: str) -> dict[str, float]:
    program = f"from benchmarks.bench_media_bytes import measure; measure({name!r}, {folder!r})"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
    result: dict[str, float] = json.loads(found)
    return result


def measure(name: str, folder: str) -> None:
    """Print speed and growth of one job; runs in a process of its own, warmed up with a small medium."""
    job = _JOBS[name]
    Path(folder, "small.bin").write_bytes(bytes(2 * MIB))
    asyncio.run(job(Path(folder, "small.bin")))
    before, start = _peak_mib(), time.perf_counter()
    asyncio.run(job(Path(folder, "medium.bin")))
    speed = SIZE / (time.perf_counter() - start) / 1e6
    print(json.dumps({"speed": speed, "growth": _peak_mib() - before}))


async def _through_json_lines(path: Path) -> None:
    lines = path.with_suffix(".jsonl")
    await write_jsonl(lines, split(path))
    joined = await join(lines, path.with_suffix(".joined"))
    assert joined.path is not None
    assert joined.metadata.size_bytes == path.stat().st_size  # noqa: ASYNC240
    for made in (lines, joined.path):
        made.unlink()


async def _through_store(path: Path) -> None:
    store = MediaStore(path.with_suffix(".store"))
    stored: StoredMedia = await store.put(_pieces(path))
    async for _ in MediaSource.of(await store.get(stored.checksum)).chunks():
        pass
    await store.delete(stored.checksum)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    async for piece in MediaSource.of(path).chunks():
        yield piece


_JOBS: dict[str, Callable[[Path], Coroutine[Any, Any, None]]] = {
    "through JSON Lines": _through_json_lines,
    "into and out of a store": _through_store,
}


def _peak_mib() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
