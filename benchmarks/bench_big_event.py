"""One event of 50 MB of base64 into a media chunk: throughput, and peak memory in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64encode
from pathlib import Path

from massgen_stream.wire import decoder

from .table import Report
from .timing import seconds

SIZE = 50_000_000
PIECE = 65_536
_HEAD = b'data: {"id":"c1","choices":[{"index":0,"delta":{"audio":{"id":"a1","data":"'
_TAIL = b'"}},"finish_reason":null}]}\n\n'


def _event() -> bytes:
    return _HEAD + b64encode(bytes(range(256)) * (SIZE * 3 // 4 // 256)) + _TAIL


def _decode(event: bytes) -> int:
    wire = decoder("openai.chat")
    chunks = []
    for start in range(0, len(event), PIECE):
        chunks += wire.feed(event[start : start + PIECE])
    return sum(len(getattr(chunk, "media_data", None) or b"") for chunk in chunks)


def _peak_growth() -> int:
    """Decode in this process, pieces made on the way, and return the growth of the peak in bytes."""
    block = b64encode(bytes(range(256)) * 192)  # 64 KiB of base64
    wire = decoder("openai.chat")
    wire.feed(b"data: {}\n\n")
    before = _peak_bytes()
    found = wire.feed(_HEAD)
    for _ in range(SIZE // len(block)):
        found += wire.feed(block)
    found += wire.feed(_TAIL)
    assert any(getattr(chunk, "media_data", None) for chunk in found)
    return _peak_bytes() - before


def _peak_bytes() -> int:
    """The peak of this process alone; `ru_maxrss` would count the one it was forked from."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024


def run() -> Report:
    report = Report("big_event", "One server-sent event of 50 MB of base64, fed in 64 KiB pieces, into a media chunk.")
    event = _event()
    taken = seconds(lambda: _decode(event), rounds=9)
    report.add("throughput", len(event) / taken / 1e6, "MB/s", 300, at_least=True)
    command = [sys.executable, "-c", "from benchmarks.bench_big_event import _peak_growth; print(_peak_growth())"]
    growth = int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    report.add("peak memory over the size of the event", growth / SIZE, "×", 3)
    return report
