"""Media that are continued when the vendor has forgotten what they are continued from."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest

from massgen_stream.backend import Turn
from massgen_stream.errors import ProviderError, TransportError
from massgen_stream.generation import Generator, Offer, Order, generate_media, resume_media
from massgen_stream.generation.continuations import Continuations
from massgen_stream.simulator import Simulator
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.stream_chunk.narrow import error, media, media_progress

from . import elevenlabs, google_media, grok, openai, openai_jobs
from .fakes import PNG, host, instruments
from .reading import finals, names, of_type, read

pytestmark = pytest.mark.anyio
HOUR = 3600.0
LOST = "what continue_from names has expired at the vendor, or was deleted there"
Made = Callable[..., Any]


def _grok(**fixed: Any) -> Made:
    return lambda sim, **options: grok.made(sim, **{**fixed, **options})


def _google(mode: str, **fixed: Any) -> Made:
    return lambda sim, **options: google_media.made(sim, mode, **{**fixed, **options})


def _job(name: str) -> Made:
    return lambda sim, **options: openai_jobs.film(sim, name, **options)


def _predicted(sim: Simulator, **options: Any) -> Any:
    place: dict[str, Any] = {
        "api_key": "k",
        "base_url": sim.url("replicate"),
        "environ": {},
        "instruments": instruments(),
    }
    return generate_media("a", "image", backend_type="replicate", **place, **options)


def _picture(sim: Simulator, **options: Any) -> Any:
    return openai.made(sim, extra_params={"image_generation": True}, **options)


STORED = {"storage_options": {"filename": "a.mp4"}}
REFERRING: dict[str, tuple[Made, dict[str, Any], str]] = {
    "resp": (_picture, {}, "previous_response_not_found"),
    "gemini_chat": (_google("image", extra_params={"api": "interactions"}), {}, "not_found"),
    "gemini_vid": (_google("video"), {}, "not_found"),
    "veo_vid": (_google("video", model="veo-3.1-generate-001", extra_params={"output_gcs_uri": "gs://b"}), {}, "404"),
    "grok_img": (_grok(mode="image", extra_params={"format": "IMG_FORMAT_URL"}), {}, "INVALID_ARGUMENT"),
    "grok_vid": (_grok(mode="video"), {}, "INVALID_ARGUMENT"),
    "grok_vid stored": (_grok(mode="video", extra_params=STORED), {}, "NOT_FOUND"),
    "grok_vid extended": (_grok(mode="video"), {"edit_mode": "extend"}, "INVALID_ARGUMENT"),
    "sora_vid": (_job("openai"), {}, "404"),
    "sora_vid edited": (_job("openai"), {"edit_mode": "edit"}, "404"),
    "sora_vid extended": (_job("openai"), {"edit_mode": "extend"}, "404"),
    "openrouter_vid": (_job("openrouter"), {}, "404"),
}
"""By the kind of continuation: how it is made, how it is continued, and the vendor's code or status."""
SENT_AGAIN: dict[str, Made] = {
    "gemini_chat": _google("image"),
    "grok_img": _grok(mode="image"),
    "veo_vid": _google("video", model="veo-3.1-generate-001"),
}
"""What is kept here whole, so that no vendor can forget it."""


@asynccontextmanager
async def begun(made: Made) -> AsyncIterator[tuple[Simulator, dict[str, Any], list[float]]]:
    """Run a simulator that has made a medium; yields it, how the medium is continued, and the time."""
    now, store = [time.time()], Continuations()
    async with Simulator(lifetime=HOUR, clock=lambda: now[0]) as sim:
        (final,) = finals(await read(made(sim, continuations=store)))
        yield sim, {"continue_from": final.continuation_id, "continuations": store}, now
    store.close()


@pytest.mark.parametrize("name", REFERRING)
async def test_what_has_expired_at_the_vendor_is_told_and_not_asked_for_again(name: str, tmp_path: Path) -> None:
    made, changed, code = REFERRING[name]
    async with begun(made) as (sim, given, now):
        assert given["continue_from"].startswith(name.partition(" ")[0])
        now[0] += HOUR
        before = len(sim.requests)
        chunks = await read(made(sim, output_dir=tmp_path, **given, **changed))
        assert len(sim.requests) == before + 1
    (told,) = of_type(chunks, "error")
    assert LOST in told.error
    assert told.error.endswith("give the medium as an input instead")
    info = told.error_info
    assert (info["kind"], info["retryable"]) == ("not_found", False)
    assert code in (info.get("code"), str(info.get("status")))
    assert (finals(chunks), chunks[-1].finish_reason, names(tmp_path)) == ([], "error", [])


@pytest.mark.parametrize("name", REFERRING)
async def test_until_then_it_is_continued(name: str) -> None:
    made, changed, _ = REFERRING[name]
    async with begun(made) as (sim, given, now):
        now[0] += HOUR - 1
        assert len(finals(await read(made(sim, **given, **changed)))) == 1


@pytest.mark.parametrize("name", SENT_AGAIN)
async def test_what_is_kept_here_whole_does_not_expire(name: str) -> None:
    async with begun(SENT_AGAIN[name]) as (sim, given, now):
        assert given["continue_from"].startswith(name)
        now[0] += HOUR
        assert len(finals(await read(SENT_AGAIN[name](sim, **given)))) == 1


async def test_a_response_of_another_simulator_is_not_known() -> None:
    async with Simulator() as sim:
        chunks = await read(openai.made(sim, continue_from="resp_68af"))
    (told,) = of_type(chunks, "error")
    assert told.error.startswith("Previous response with id 'resp_68af' not found; what continue_from names")
    assert (told.error_info["kind"], told.error_info["status"], len(sim.requests)) == ("not_found", 400, 1)


JOBS: dict[str, tuple[Made, str]] = {
    "openai": (_job("openai"), "begin it again"),
    "openrouter": (_job("openrouter"), "start it again"),
    "grok": (_grok(mode="video"), "start it again"),
    "gemini": (_google("video"), "begin it again"),
    "veo": (_google("video", model="veo-3.1-generate-001"), "begin it again"),
    "elevenlabs": (lambda sim, **options: elevenlabs.made(sim, "video", prompt="a", **options), "begin it again"),
    "replicate": (_predicted, "as it does after an hour; begin it again"),
}
"""By the host: how a job is begun, and what is to be done."""


@pytest.mark.parametrize("name", JOBS)
async def test_a_job_that_has_expired_before_it_is_taken_up_again(name: str, tmp_path: Path) -> None:
    made, advice = JOBS[name]
    now = [time.time()]
    async with Simulator(lifetime=HOUR, clock=lambda: now[0]) as sim:
        first = await read(made(sim))
        handle = of_type(first, "media_progress")[0].job
        now[0] += HOUR
        before = len(sim.requests)
        place = sim.url({"veo": "gemini"}.get(name, name))
        tools: dict[str, Any] = {"environ": {}, "instruments": instruments()}
        chunks = await read(resume_media(handle, api_key="k", base_url=place, output_dir=tmp_path, **tools))
        assert len(sim.requests) == before + 1
    (told,) = of_type(chunks, "error")
    assert (told.error_info["kind"], told.error_info["retryable"]) == ("not_found", False)
    assert advice in told.error
    assert LOST not in told.error
    assert (finals(chunks), names(tmp_path)) == ([], [])


class Maker(Generator):
    name, title = "maker", "Maker"
    host = host("maker", key=False)
    offers: ClassVar = {MediaType.IMAGE: Offer(default_model="m-1", priority=1, continuation="made_img")}
    failing: ClassVar[list[BaseStreamChunk | Exception]] = []

    async def generate(self, order: Order, turn: Turn) -> AsyncIterator[BaseStreamChunk]:  # type: ignore[override]
        if order.config.continue_from is None:
            kept = await order.keep({"id": "pic-1"})
            yield media(order.media_id(turn), "image", media_data=PNG, media_encoding="binary", continuation_id=kept)
        for one in self.failing if order.config.continue_from is not None else ():
            if isinstance(one, Exception):
                raise one
            yield one


async def continued(*failing: BaseStreamChunk | Exception) -> Any:
    class New(Maker):
        pass

    New.failing = list(failing)
    given: dict[str, Any] = {"backend_type": New, "environ": {}, "instruments": instruments(), "max_retries": 0}
    given["continuations"] = Continuations()
    (final,) = finals(await read(generate_media("a", **given)))
    (told,) = of_type(await read(generate_media("b", continue_from=final.continuation_id, **given)), "error")
    given["continuations"].close()
    return told


def refused(message: str, kind: str, **more: Any) -> ProviderError:
    return ProviderError(message, kind=kind, **{"status": 400, **more})


@pytest.mark.parametrize(
    ("problem", "is_lost"),
    [
        (refused("Gone.", "not_found", status=410), True),
        (refused("pic-1 may not exist", "permission", status=403), True),
        (refused("cannot read pic-1", "invalid_request"), True),
        (refused("cannot read it", "invalid_request"), False),
        (refused("no access", "permission", status=403), False),
        (refused("m-1 does not exist", "not_found", status=404), False),
        (refused("no such model", "not_found", code="model_not_found"), False),
        (refused("pic-1 is busy", "overloaded", status=503), False),
        (TransportError("the connection broke at pic-1"), False),
    ],
)
async def test_which_refusals_are_of_what_is_continued(problem: Exception, is_lost: bool) -> None:
    told = await continued(problem)
    assert (LOST in told.error, told.error_info["kind"] == "not_found" and LOST in told.error) == (is_lost, is_lost)
    assert told.error.startswith(str(problem).rstrip("."))


async def test_a_refusal_in_the_answer_is_read_as_well() -> None:
    told = await continued(error("pic-1 is gone.", error_info={"kind": "invalid_request", "code": "gone"}))
    assert told.error.startswith(f"pic-1 is gone; {LOST}")
    assert (told.error_info["kind"], told.error_info["code"]) == ("not_found", "gone")


async def test_what_comes_after_the_beginning_is_of_the_job() -> None:
    progress = media_progress("image-1", job={"id": "job-1"})
    told = await continued(progress, refused("No job-1.", "not_found", status=404))
    assert told.error == "No job-1."
