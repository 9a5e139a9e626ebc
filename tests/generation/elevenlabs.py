"""Generators of ElevenLabs against the simulator, and what came there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from elevenlabs.client import AsyncElevenLabs

from massgen_stream.generation import generate_media
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.request import Request

from ..simulator.polling import until
from .fakes import instruments
from .leaving import left as left_at
from .reading import names

KEY = "xi-test-0123456789"
GEORGE, SARAH, RACHEL = "JBFqnCBsd6RMkjVDRZzb", "EXAVITQu4vr4xnSDxMaL", "21m00Tcm4TlvDq8ikWAM"


def made(sim: Simulator, mode: str = "audio", **options: Any) -> Any:
    given = {"environ": {}, "api_key": KEY, "instruments": instruments(), **options}
    return generate_media(mode=mode, backend_type="elevenlabs", base_url=sim.url("elevenlabs"), **given)


def last(sim: Simulator) -> Request:
    return sim.requests[-1]


@asynccontextmanager
async def sdk(sim: Simulator) -> AsyncIterator[AsyncElevenLabs]:
    async with httpx.AsyncClient() as http:
        yield AsyncElevenLabs(api_key=KEY, base_url=sim.url("elevenlabs"), httpx_client=http)


async def left(sim: Simulator, stream: Any, leave: str, at: str, folder: Path) -> None:
    """Leave a stream at its first chunk of a type: ``break``, ``cancel``, or end the ``task``; nothing stays."""
    await left_at(stream, leave, at)
    await until(lambda: sim.connections() == 0)
    assert names(folder) == []
