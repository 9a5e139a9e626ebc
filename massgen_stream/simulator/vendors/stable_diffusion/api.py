"""Addresses, answers and errors of a Stable Diffusion server."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec.structs import replace

from ....stream_chunk.base import BaseStreamChunk
from ....stream_chunk.kinds import ChunkType
from ....stream_chunk.multimodal import MultimodalStreamChunk
from ....stream_chunk.narrow import done
from ....stream_chunk.text import TextStreamChunk
from ...answers.drawn import drawn
from ...ask import Ask
from ...given import Given
from ...ops import Close, Wait
from ...request import Request
from ...scripts import Refuse
from ...vendor import JSON, Path, Refused, Result, Vendor
from ...wiring import Wiring
from .drawing_ask import SAMPLERS, DrawingAsk, read_change, read_new
from .easel import Easels, Work

_STEP_SECONDS: Final = 0.005
_MOST_UNSEEN, _MOST_IDLE = 40, 300
"""Steps without a look: who never looks does not wait for it, and who has looked may look again."""
_MESSAGES: Final = {401: "Incorrect username or password", 404: "Not Found", 500: "Internal Server Error"}


class StableDiffusionAPI(Vendor):
    """New pictures and changed ones, under ``/sdapi/v1``."""

    protocol = "stable_diffusion"
    names = ("stable_diffusion",)

    def __init__(self, given: Given | None = None) -> None:
        super().__init__(given)
        self._easels = Easels()

    def base_url(self, origin: str) -> str:
        """Return the address: clients add the path."""
        return origin

    def paths(self) -> tuple[Path, ...]:
        """Return the addresses."""
        return (
            Path("POST", "/sdapi/v1/txt2img", read_new),
            Path("POST", "/sdapi/v1/img2img", read_change),
            Path("GET", "/sdapi/v1/progress", self._look),
            Path("POST", "/sdapi/v1/interrupt", self._interrupt),
            Path("GET", "/sdapi/v1/samplers", _samplers),
        )

    def key(self, headers: Mapping[str, str]) -> str | None:
        """Return user and password of HTTP's basic scheme, as they come."""
        scheme, _, said = headers.get("authorization", "").partition(" ")
        return said if scheme.lower() == "basic" else None

    def response_id(self, serial: int) -> str:
        """Return an id; no answer has a place for it."""
        return f"sd-sim-{serial}"

    def wiring(self, created: int) -> Wiring:  # noqa: ARG002 - an answer has no time
        """Return the encoder of an answer."""
        return DrawingWiring()

    def answer(self, ask: Ask, serial: int) -> Iterable[BaseStreamChunk]:
        """Return pictures, once they have been looked at often enough."""
        return self._painted(ask) if isinstance(ask, DrawingAsk) else super().answer(ask, serial)

    def whole(self, stream: bytes, ask: Ask) -> JSON:
        """Return the document of an answer.

        Raises:
            Refused: Something went wrong.
        """
        said = [json.loads(line) for line in stream.splitlines()]
        if any("error" in one for one in said):
            raise Refused(Refuse(500, next(one["error"] for one in said if "error" in one)))
        told, model = (ask.told, ask.model) if isinstance(ask, DrawingAsk) else ({}, ask.model)
        seed = ask.seed if isinstance(ask, DrawingAsk) else 0
        seeds = [seed + place for place in range(len(said))]
        info = {
            "prompt": ask.prompt, "all_prompts": [ask.prompt] * len(said), "seed": seed, "all_seeds": seeds,
            "sampler_name": told.get("sampler_name", "Euler"), "cfg_scale": told.get("cfg_scale", 7.0),
            "steps": told.get("steps", 20), "sd_model_name": model, "index_of_first_image": 0,
            "infotexts": [f"{ask.prompt}\nSeed: {one}" for one in seeds],
        }  # fmt: skip
        return {"images": [one["image"] for one in said], "parameters": told, "info": json.dumps(info)}

    def refusal(self, refuse: Refuse, *, param: str | None = None) -> JSON:  # noqa: ARG002 - no place for it
        """Return an exception as the server tells it."""
        message = refuse.message or _MESSAGES.get(refuse.status, "The request failed.")
        is_ours = refuse.status < 500  # noqa: PLR2004 - HTTP
        return {
            "error": "HTTPException" if is_ours else "RuntimeError",
            "detail": message if is_ours else "",
            "body": "",
            "errors": "" if is_ours else message,
        }

    def _look(self, request: Request) -> Result:
        easel = self._easels.at(request.headers.get("host", ""))
        return Result(easel.look(with_picture=request.query.get("skip_current_image") != "true"))

    def _interrupt(self, request: Request) -> JSON:
        self._easels.at(request.headers.get("host", "")).interrupt()
        return {}

    def _painted(self, ask: DrawingAsk) -> Iterator[Any]:
        easel = self._easels.at(ask.host)
        work = easel.add(ask)
        try:
            seen = idle = 0
            while not (easel.is_on(work) and (work.is_done or idle > (_MOST_IDLE if seen else _MOST_UNSEEN))):
                idle = idle + 1 if easel.is_on(work) and work.looks == seen else 0
                seen = work.looks
                yield Wait(_STEP_SECONDS)
        finally:
            easel.leave(work)
        yield from _pictures(ask, work)


def _pictures(ask: DrawingAsk, work: Work) -> Iterator[BaseStreamChunk]:
    """Yield the pictures; one that was interrupted stays blurred."""
    for number in range(ask.choices):
        preview, whole = drawn(f"image-{number}", ask.size, 1)
        blurred = replace(preview, is_partial=False, partial_kind=None, chunk_index=None)
        yield blurred if work.is_interrupted else whole
    yield done("stop")


def _samplers(_request: Request) -> Any:
    return [{"name": name, "aliases": [], "options": {}} for name in SAMPLERS]


class DrawingWiring:
    """Writes an answer line by line, for `StableDiffusionAPI.whole` to put together."""

    def events(self, chunk: BaseStreamChunk) -> Iterator[bytes | Close]:
        """Yield the line of a picture, or of an error."""
        if isinstance(chunk, MultimodalStreamChunk) and not chunk.is_partial and isinstance(chunk.media_data, bytes):
            yield json.dumps({"image": b64encode(chunk.media_data).decode()}).encode() + b"\n"
        elif isinstance(chunk, TextStreamChunk) and chunk.type is ChunkType.ERROR:
            yield json.dumps({"error": chunk.error}).encode() + b"\n"

    def close(self) -> bytes:
        """Return nothing: every line is whole."""
        return b""
