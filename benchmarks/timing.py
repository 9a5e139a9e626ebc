"""Medians of repeated, interleaved measurements."""

from __future__ import annotations

import gc
import statistics
import time
import timeit
from collections.abc import Callable, Mapping
from typing import Any

Work = Callable[[], object]


def per_call(
    work: Mapping[str, str], names: Mapping[str, Any], *, calls: int = 20_000, rounds: int = 15
) -> dict[str, float]:
    """Return µs of each statement; rounds go through all of them in turn, so that noise hits all.

    Statements, not functions: a call would cost as much as half of what is measured.
    """
    timers = {name: timeit.Timer(statement, globals=dict(names)) for name, statement in work.items()}
    times: dict[str, list[float]] = {name: [] for name in work}
    gc.collect()
    for _ in range(rounds):
        for name, timer in timers.items():
            times[name].append(timer.timeit(calls))
    return {name: statistics.median(found) / calls * 1e6 for name, found in times.items()}


def seconds(work: Work, *, rounds: int = 7) -> float:
    """Return the median seconds of one call."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
