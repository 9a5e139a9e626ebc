"""Sound and videos of Google, made at the simulator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from massgen_stream.generation import generate_media
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.request import Request

from ..simulator.polling import until
from .fakes import instruments
from .leaving import left as left_at
from .reading import finals, names, of_type, read

KEY = "google-key-0123456789"
WORDS = "The lighthouse is lit. Who keeps it?"


def made(sim: Simulator, mode: str, **options: Any) -> Any:
    """Return a stream whose pauses take no time."""
    given = {"prompt": WORDS, "environ": {}, "api_key": KEY, "instruments": instruments(), **options}
    return generate_media(mode=mode, backend_type="google", base_url=sim.url("gemini"), **given)


def last(sim: Simulator) -> Request:
    return sim.requests[-1]


async def left(sim: Simulator, stream: Any, seen: str, leave: str) -> list[Any]:
    """Leave a stream once a chunk of the type *seen* has come; return its chunks when nothing of it is open."""
    chunks = await left_at(stream, leave, seen)
    await until(lambda: sim.connections() == 0)
    return chunks


async def refused(stream: Any, folder: Path | None = None) -> Any:
    """Return the one error that a stream ends with, without a medium, a file or a key."""
    chunks = await read(stream)
    (error,) = of_type(chunks, "error")
    assert (finals(chunks), chunks[-1].finish_reason, KEY in repr(chunks)) == ([], "error", False)
    assert folder is None or names(folder) == []
    return error


class Token:
    """Credentials that never expire."""

    token, expired, quota_project_id = "token", False, None

    def refresh(self, _: Any) -> None:
        raise AssertionError
