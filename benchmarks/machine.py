"""What machine this is, and whether it is quiet enough to be believed."""

from __future__ import annotations

import os
import platform
import statistics
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

NOISY = 0.10
PACKAGES = ("msgspec", "anyio", "openai", "httpx2", "pydantic")


def describe() -> dict[str, str]:
    """Return processor, system, Python and library versions."""
    found = {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
    }
    return found | {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES}


def noise_warning() -> str | None:
    """Return a warning when the same work takes very different times."""
    times = []
    for _ in range(15):
        start = time.perf_counter()
        sum(range(300_000))
        times.append(time.perf_counter() - start)
    spread = (statistics.quantiles(times, n=10)[-1] - min(times)) / min(times)
    return (
        f"warning: the machine is busy: equal work differs by {spread:.0%}; figures are unsure"
        if spread > NOISY
        else None
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
