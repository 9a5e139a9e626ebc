"""The provider ``simulator``, which the package's own entry point adds to the hosts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from ..provider.spec import Model, ProviderSpec

WORD_DELAY_SECONDS: Final = 0.015
"""Slow enough to be seen, fast enough not to be waited for."""


@asynccontextmanager
async def launch() -> AsyncIterator[str]:
    """Run a simulator inside this process; yields its base URL.

    Raises:
        MissingExtra: The libraries of the extra ``simulator`` are not installed.
    """
    from .server import Simulator  # noqa: PLC0415 - discovery loads this file; the server only when it is chosen

    async with Simulator(delay=WORD_DELAY_SECONDS) as simulator:
        yield simulator.url("simulator")


SPEC = ProviderSpec(
    name="simulator",
    title="Simulator",
    protocol="openai.chat",
    key_required=False,
    default_model="simulator",
    models=(Model("simulator"),),
    input_media={"image": None, "audio": None, "video": None, "document": None},
    notes="answers without any model, inside this process; for trying things out and for tests",
    requires={"starlette": "simulator", "uvicorn": "simulator"},
    launch=launch,
    simulated="no model: these answers come from the built-in simulator",
)
