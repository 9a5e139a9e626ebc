"""Video jobs of two hosts that are spoken to alike, against the simulator."""

from __future__ import annotations

import asyncio
from typing import Any

from massgen_stream.backend import Instruments
from massgen_stream.generation import generate_media
from massgen_stream.simulator import Simulator

from ..simulator.polling import until
from .fakes import instruments
from .openai import KEY, PROMPT
from .reading import finals, of_type, read

IDS = ("video_", "gen-vid-")
"""How the ids of jobs begin."""
BEGIN, LOOK = "POST /v1/videos", "GET /v1/videos/…"


def film(sim: Simulator, host: str, **options: Any) -> Any:
    given = {"prompt": PROMPT, "environ": {}, "api_key": KEY, "instruments": instruments(), **options}
    return generate_media(mode="video", backend_type=host, base_url=sim.url(host), **given)


def paths(sim: Simulator) -> list[str]:
    """Return what was asked for, without ids."""
    found = []
    for request in sim.requests:
        parts = ["…" if part.startswith(IDS) else part for part in request.path.split("/")]
        found.append(f"{request.method} {'/'.join(parts)}")
    return found


async def failed(host: str, faults: Any = None, **options: Any) -> tuple[Any, Simulator]:
    """Return the error that a stream ends with, and where it came from."""
    async with Simulator(None, faults) as sim:
        chunks = await read(film(sim, host, **options))
        await until(lambda: sim.connections() == 0)
    (error,) = of_type(chunks, "error")
    assert (finals(chunks), error.error_info["provider"]) == ([], host)
    assert KEY not in repr(chunks)
    return error, sim


def pausing(pauses: list[float], looked: asyncio.Event) -> Instruments:
    """Return instruments that wait for ever between two looks."""

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        looked.set()
        await asyncio.Event().wait()

    return instruments()._replace(sleep=sleep)
