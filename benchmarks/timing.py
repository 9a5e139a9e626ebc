"""Medians of repeated, interleaved measurements."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping

Work = Callable[[], object]


def per_call(work: Mapping[str, Work], *, calls: int = 20_000, rounds: int = 15) -> dict[str, float]:
    """Return µs per call of each contender; rounds go through all of them in turn, so that noise hits all."""
    times: dict[str, list[float]] = {name: [] for name in work}
    gc.collect()
    for _ in range(rounds):
        for name, one in work.items():
            times[name].append(_loop(one, calls))
    return {name: statistics.median(found) / calls * 1e6 for name, found in times.items()}


def _loop(work: Work, calls: int) -> float:
    repeats = [None] * calls
    start = time.perf_counter()
    for _ in repeats:
        work()
    taken = time.perf_counter() - start
    start = time.perf_counter()
    for _ in repeats:
        _nothing()
    return max(taken - (time.perf_counter() - start), 0.0)


def _nothing() -> None:
    return None


def seconds(work: Work, *, rounds: int = 7) -> float:
    """Return the median seconds of one call."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
