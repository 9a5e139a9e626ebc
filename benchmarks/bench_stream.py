"""Whole streams through HTTP: CPU per event of our backends, raw bytes, the vendors' own SDKs, and peers."""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections.abc import Mapping

from .contender_streams import WIRES, Contenders
from .peers import PEERS, measure_peers
from .served import serving
from .table import Report

REGIMES = {"paced": 3_000, "back": 16_000, "batched": 64_000}
TITLES = {"paced": "paced", "back": "back to back", "batched": "batched by 32"}
ROUNDS = 5
MOST_OVER_RAW = {**{(wire, "back"): 1.7 for wire in WIRES}, ("openai.chat", "paced"): 1.25}
"""Our time over that of raw bytes, at most."""

LEAST_OF_SDK: Mapping[tuple[str, str], float] = {
    ("openai.chat", "back"): 7,
    ("openai.responses", "back"): 7,
    ("gemini", "back"): 10,
    ("claude", "back"): 1.8,
    ("openai.chat", "paced"): 1.8,
    ("openai.responses", "paced"): 1.8,
}
"""Time of the SDK's typed stream over ours, at least."""

AIM_WITH_AIOHTTP = 3
"""The same, paced, where aiohttp carries our bytes."""

Times = dict[tuple[str, str, str], float]


async def measure(origin: str) -> Times:
    """Return µs per text event by wire, regime and contender."""
    found: dict[tuple[str, str, str], list[float]] = {}
    for wire, open_contenders in WIRES.items():
        contenders = open_contenders(origin)
        for regime, count in REGIMES.items():
            await _warm_up(contenders, regime)
            for _ in range(ROUNDS):
                for name, contender in contenders.ways().items():
                    gc.collect()
                    start = time.process_time()
                    seen = await contender(f"{count}-{regime}")
                    spent = (time.process_time() - start) / count * 1e6
                    assert seen >= count, (wire, name, seen)
                    found.setdefault((wire, regime, name), []).append(spent)
        for backend in contenders.backends:
            await backend.aclose()
    return {key: statistics.median(times) for key, times in found.items()}


async def _warm_up(contenders: Contenders, regime: str) -> None:
    for contender in contenders.ways().values():
        await contender(f"640-{regime}")  # connect, import


def run() -> Report:
    about = "Client CPU per text event, server in another process; raw = httpx2 reading bytes from the same server."
    report = Report("stream", about)
    with serving() as origin:
        times = asyncio.run(measure(origin))
        for wire in WIRES:
            for regime, title in TITLES.items():
                _add(report, wire, regime, title, times)
        for wire in WIRES:
            _add_peers(report, wire, origin, times)
    return report


def _add(report: Report, wire: str, regime: str, title: str, times: Times) -> None:
    raw, ours, typed = (times[wire, regime, name] for name in ("raw", "ours", "typed"))
    most, least = MOST_OVER_RAW.get((wire, regime)), LEAST_OF_SDK.get((wire, regime))
    report.add(f"{wire}, {title}: raw bytes", raw, "µs")
    report.add(f"{wire}, {title}: ours", ours, "µs")
    report.add(f"{wire}, {title}: SDK's typed stream", typed, "µs")
    report.add(f"{wire}, {title}: ours over raw", ours / raw, "×", most)
    report.add(f"{wire}, {title}: SDK over ours", typed / ours, "×", least, at_least=True)
    if (wire, regime, "aiohttp") in times:
        faster = times[wire, regime, "aiohttp"]
        aim = AIM_WITH_AIOHTTP if regime == "paced" and wire.startswith("openai") else None
        report.add(f"{wire}, {title}: ours over aiohttp", faster, "µs")
        report.add(f"{wire}, {title}: SDK over ours over aiohttp", typed / faster, "×", aim, at_least=True)


def _add_peers(report: Report, wire: str, origin: str, times: Times) -> None:
    for peer, by_regime in measure_peers(wire, origin).items():
        for regime, title in TITLES.items():
            name, spent = f"{wire}, {title}: {PEERS[peer].title}", by_regime[regime]
            least = PEERS[peer].least if regime == "back" else None
            report.add(name, spent, "µs")
            report.add(f"{name} over ours", spent / times[wire, regime, "ours"], "×", least, at_least=True)
