"""Generators of OpenAI's host against the simulator, and what came there."""

from __future__ import annotations

from typing import Any

from massgen_stream.generation import generate_media
from massgen_stream.simulator import Simulator
from massgen_stream.simulator.forms import Field, form_fields
from massgen_stream.simulator.request import Request

from .fakes import instruments

KEY = "sk-test-0123456789"
PROMPT = "a lighthouse at dusk"


def made(sim: Simulator, mode: str = "image", **options: Any) -> Any:
    given = {"prompt": PROMPT, "environ": {}, "api_key": KEY, "instruments": instruments(), **options}
    return generate_media(mode=mode, backend_type="openai", base_url=sim.url("openai"), **given)


def last(sim: Simulator) -> Request:
    return sim.requests[-1]


def form(sim: Simulator) -> list[Field]:
    request = last(sim)
    return list(form_fields(request.headers["content-type"], request.body))
