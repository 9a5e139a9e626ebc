"""What must hold of every generator that is registered, against the simulator, through the vendors' SDKs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import anyio
import pytest

from massgen_stream.errors import ConfigurationError, MissingKey
from massgen_stream.generation import JobGenerator, explain_media, generate_media
from massgen_stream.generation.open_jobs import OpenJobs
from massgen_stream.generation.registry import generators_of
from massgen_stream.simulator import Simulator

from ..backend.reading import tasks
from ..simulator.polling import until
from .fakes import instruments
from .reading import details, finals, names, of_type, read
from .ways import KEY, OPTIONS, WAYS, Way

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:The (generate_images|edit_image) method is deprecated"),
]
every_way = pytest.mark.parametrize("way", WAYS, ids=repr)
every_remote = pytest.mark.parametrize("way", [way for way in WAYS if way.is_remote], ids=repr)
every_job = pytest.mark.parametrize("way", [way for way in WAYS if issubclass(way.generator, JobGenerator)], ids=repr)
every_keyed = pytest.mark.parametrize("way", [way for way in WAYS if way.sends_key], ids=repr)


ENDINGS = {
    "GoogleCloudOmni": ["POST cancel"],
    "GoogleOmni": ["POST cancel"],
    "OpenAIVideos": ["DELETE"],
    "Replicate": ["POST cancel"],
    "StableDiffusion": ["POST interrupt"],
}
"""What hosts are told when nobody waits for their work any more; the others have no way to end it."""
every_work = pytest.mark.parametrize(
    "way", [way for way in WAYS if issubclass(way.generator, JobGenerator) or way.name in ENDINGS], ids=repr
)

LOOKS_ASIDE = {"StableDiffusion"}
"""Generators whose pictures come with the first answer: what is asked besides may fail."""


def test_every_row_is_of_a_generator() -> None:
    assert set(OPTIONS) <= {way.name for way in WAYS}


def spied(way: Way, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the orders that the generator is going to get."""
    usual, orders = way.generator.generate, []

    def generate(self: Any, order: Any, turn: Any) -> Any:
        orders.append(order)
        return usual(self, order, turn)

    monkeypatch.setattr(way.generator, "generate", generate)
    return orders


async def made(way: Way, folder: Path, faults: Any = None, **options: Any) -> tuple[list[Any], int]:
    """Return the chunks of a medium, of which nothing may be left open, and the number of requests."""
    before = tasks()
    async with Simulator(None, faults, api_key=way.key) as sim:
        chunks = await read(way.made(sim, output_dir=folder, **options))
        await until(lambda: sim.connections() == 0)
        asked = len(sim.requests)
    await until(lambda: tasks() <= before)
    assert KEY not in repr(chunks)
    return chunks, asked


def left(chunks: list[Any]) -> list[Any]:
    """Return the handles of the jobs that can be taken up again."""
    jobs = OpenJobs()
    for chunk in chunks:
        jobs.feed(chunk)
    return jobs.handles()


def is_failure(chunks: list[Any], folder: Path) -> bool:
    """Assert that one error is all that came."""
    assert len(of_type(chunks, "error")) == 1
    assert chunks[-1].finish_reason in ("error", "incomplete")
    assert (finals(chunks), names(folder)) == ([], [])
    return True


@every_way
async def test_a_medium_is_made_by_whom_the_explanation_names(
    way: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = spied(way, monkeypatch)
    chunks, _ = await made(way, tmp_path)
    assert (len(orders), of_type(chunks, "error"), chunks[-1].finish_reason) == (1, [], "stop")
    assert sorted(Path(final.path).name for final in finals(chunks)) == names(tmp_path) != []
    environ = dict.fromkeys(way.generator.key_variables(), "k")
    asked = {"environ": environ, "backend_type": way.generator.name, **way.options}
    told = explain_media("a lighthouse", way.mode, **asked)
    assert any(line.startswith(f"{way.generator.name}: chosen, with {chunks[0].model}") for line in told)


@every_remote
async def test_without_a_key_it_says_where_to_put_one(way: Way) -> None:
    variables = {name for one in generators_of(way.generator.name) for name in one.key_variables()}
    asked = {name: value for name, value in way.options.items() if name != "extra_params"} | {"environ": {}}
    with pytest.raises((MissingKey, ConfigurationError), match=f"set ({'|'.join(sorted(variables))}) "):
        generate_media("a", way.mode, backend_type=way.generator.name, **asked)


@every_keyed
async def test_a_key_that_is_refused_is_told_without_it(way: Way, tmp_path: Path) -> None:
    chunks, asked = await made(way, tmp_path, api_key="wrong-key-0123456789")
    assert is_failure(chunks, tmp_path)
    assert (of_type(chunks, "error")[0].error_info["kind"], asked) == ("authentication", 1)
    assert "wrong-key-0123456789" not in repr(chunks)


@every_remote
@pytest.mark.parametrize("fault", ["500", "html;code=200", "cut;after=0;how=reset"])
async def test_what_goes_wrong_leaves_nothing(way: Way, tmp_path: Path, fault: str) -> None:
    chunks, _ = await made(way, tmp_path, fault, max_retries=0)
    assert is_failure(chunks, tmp_path)


@every_remote
async def test_what_goes_wrong_at_a_later_step_leaves_nothing(way: Way, tmp_path: Path) -> None:
    """The first look at a job, and the last request: for many the download."""
    _, asked = await made(way, tmp_path / "whole")
    for step in {1, asked - 1} - {0, asked}:
        folder = tmp_path / str(step)
        fault = "403" if step == asked - 1 else "500"  # a download that fails for good, since its pauses take time
        chunks, _ = await made(way, folder, [*[None] * step, *[fault] * 30], max_retries=0)
        assert (way.name in LOOKS_ASIDE and finals(chunks)) or is_failure(chunks, folder)


@every_job
@pytest.mark.parametrize("fault", ["cut;after=20", "cut;after=0;how=reset", "html", "html;code=502"])
async def test_a_job_whose_first_answer_is_lost_is_not_begun_again(way: Way, tmp_path: Path, fault: str) -> None:
    chunks, asked = await made(way, tmp_path, fault, max_retries=2)
    assert is_failure(chunks, tmp_path)
    told = of_type(chunks, "error")[0]
    assert (asked, told.error_info["retryable"], told.error_info.get("job_ended")) == (1, False, None)
    assert "so it is not begun again" in told.error


@every_job
async def test_a_job_that_its_vendor_has_ended_is_not_left_behind(way: Way, tmp_path: Path) -> None:
    chunks, asked = await made(way, tmp_path, model="simulator/fault:error")
    assert is_failure(chunks, tmp_path)
    assert (asked > 1, of_type(chunks, "error")[0].error_info.get("job_ended"), left(chunks)) == (True, True, [])


@every_job
async def test_a_job_whose_looks_are_refused_is_left_behind(way: Way, tmp_path: Path) -> None:
    chunks, asked = await made(way, tmp_path, [None, *["401"] * 9])
    assert is_failure(chunks, tmp_path)
    assert (asked, [one["media_id"] for one in left(chunks)]) == (2, [of_type(chunks, "media_progress")[0].media_id])


@every_job
@pytest.mark.parametrize("fault", ["html", "json"])
async def test_a_look_that_cannot_be_read_loses_no_job(way: Way, tmp_path: Path, fault: str) -> None:
    chunks, _ = await made(way, tmp_path, [None, None, *[fault] * 3])
    assert (of_type(chunks, "error"), len(finals(chunks)), chunks[-1].finish_reason) == ([], 1, "stop")


@every_way
async def test_a_file_that_cannot_be_written_is_told(way: Way, tmp_path: Path) -> None:
    folder = tmp_path / "taken" / "below"
    before = tasks()
    async with Simulator(api_key=way.key) as sim:
        stream = way.made(sim, output_dir=folder)
        (tmp_path / "taken").write_bytes(b"a file, no folder")
        chunks = await read(stream)
        await until(lambda: sim.connections() == 0)
    await until(lambda: tasks() <= before)
    assert is_failure(chunks, folder)
    assert of_type(chunks, "error")[0].error_info["kind"] == "media"


@every_remote
async def test_a_busy_server_is_asked_again(way: Way, tmp_path: Path) -> None:
    chunks, asked = await made(way, tmp_path, ["429;retry_after=0", "503"])
    assert asked >= 3
    repeated = len(details(chunks, "retry")) + sum(bool(one.log) for one in of_type(chunks, "media_progress"))
    assert repeated >= (1 if way.name in LOOKS_ASIDE else 2)
    assert (len(finals(chunks)), len(names(tmp_path)), chunks[-1].finish_reason) == (1, 1, "stop")


@every_remote
@pytest.mark.parametrize("leave", ["cancel", "task", "scope"])
async def test_leaving_leaves_nothing(way: Way, tmp_path: Path, leave: str) -> None:
    before = tasks()
    async with Simulator(None, "silence") as sim:
        stream, scope = way.made(sim, output_dir=tmp_path), anyio.CancelScope()
        task = asyncio.create_task(_read_all(stream, scope))
        await until(lambda: len(sim.requests) > 0)
        if leave == "scope":
            scope.cancel()
        elif leave == "cancel":
            stream.cancel()
        else:
            task.cancel()
        await asyncio.wait([task])
        await until(lambda: sim.connections() == 0)
    await until(lambda: tasks() <= before)
    assert names(tmp_path) == []


async def _read_all(stream: Any, scope: anyio.CancelScope) -> None:
    with scope:
        async with stream:
            async for chunk in stream:
                assert chunk.type != "media"


async def ending(way: Way, how: str) -> list[str]:
    """Return what a vendor is told by the time its stream is left, between two looks at its job."""
    waiting, before = asyncio.Event(), tasks()

    async def sleep(_: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    async with Simulator(api_key=way.key) as sim:
        stream, scope = way.made(sim, instruments=instruments()._replace(sleep=sleep)), anyio.CancelScope()
        task = asyncio.create_task(_read_all(stream, scope))
        await asyncio.wait_for(waiting.wait(), 5)
        asked = len(sim.requests)
        for _ in range(1 if how == "once" else 2):
            (scope.cancel if how == "scope" else task.cancel)()
            await asyncio.sleep(0)
        await asyncio.wait([task])
        told = sim.requests[asked:]
        await until(lambda: sim.connections() == 0)
    await until(lambda: tasks() <= before)
    return [f"{one.method} {one.path.rpartition('/')[2]}" if one.method == "POST" else one.method for one in told]


@every_work
async def test_a_vendor_hears_of_it_however_its_stream_is_left(way: Way) -> None:
    once = await ending(way, "once")
    assert once == ENDINGS.get(way.name, [])
    for how in ("scope", "twice"):
        assert await ending(way, how) == once


@every_job
@pytest.mark.parametrize("ended_by", ["cancel", "total_timeout"])
async def test_a_job_is_offered_again_unless_its_vendor_was_told_to_end_it(way: Way, ended_by: str) -> None:
    jobs, looked = OpenJobs(), False

    async def sleep(_: float) -> None:
        nonlocal looked
        looked = True
        if ended_by == "cancel":
            stream.cancel()
        await asyncio.Event().wait()

    limits = {"total_timeout": 1.5} if ended_by == "total_timeout" else {}
    async with Simulator(api_key=way.key) as sim:
        stream = way.made(sim, instruments=instruments()._replace(sleep=sleep), **limits)
        async with stream:
            async for chunk in stream:
                jobs.feed(chunk)
        assert looked
        assert bool(jobs.handles()) == (way.name not in ENDINGS)
