"""What importing costs, in fresh interpreters."""

from __future__ import annotations

import statistics
import subprocess
import sys

from .table import Report

HEAVY = (
    "asyncio",
    "pydantic",
    "httpx",
    "httpx2",
    "aiohttp",
    "openai",
    "anthropic",
    "google.genai",
    "xai_sdk",
    "grpc",
    "anyio",
)
_PROGRAM = """
import time; start = time.perf_counter()
import massgen_stream
from massgen_stream import TextStreamChunk
taken = time.perf_counter() - start
import sys
print(taken * 1000, ",".join(name for name in {heavy!r} if name in sys.modules))
"""


def run() -> Report:
    report = Report("import", "`import massgen_stream` and `from massgen_stream import TextStreamChunk` together.")
    runs = [_once() for _ in range(21)]
    loaded = {name for _, names in runs for name in names}
    report.add("import", statistics.median(taken for taken, _ in runs), "ms", 60)
    report.add("heavy modules loaded" + (f" ({', '.join(sorted(loaded))})" if loaded else ""), len(loaded), "", 0)
    return report


def _once() -> tuple[float, list[str]]:
    command = [sys.executable, "-c", _PROGRAM.format(heavy=HEAVY)]
    taken, _, names = subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip().partition(" ")
    return float(taken), [name for name in names.split(",") if name]
