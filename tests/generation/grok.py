"""xAI's media, made at the simulator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import xai_sdk

from massgen_stream.backend import ChunkStream
from massgen_stream.generation import generate_media
from massgen_stream.simulator import Simulator

from .fakes import instruments

KEY = "key-of-mine-0123456789"


def made(sim: Simulator, **options: Any) -> ChunkStream:
    """Return a stream whose pauses take no time."""
    given = {"prompt": "a lighthouse", "api_key": KEY, "base_url": sim.url("grok"), "instruments": instruments()}
    return generate_media(backend_type="grok", **{**given, **options})


@asynccontextmanager
async def sdk(sim: Simulator, key: str = KEY) -> AsyncIterator[Any]:
    host = sim.url("grok").removeprefix("http://")
    client = xai_sdk.AsyncClient(
        api_key=key, api_host=host, use_insecure_channel=True, channel_options=[("grpc.enable_retries", 0)]
    )
    try:
        yield client
    finally:
        await client.close()
