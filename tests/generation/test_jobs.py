"""Long jobs whose vendor says what the test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import pytest

from massgen_stream.backend import Turn
from massgen_stream.errors import JobEnded, MalformedEvent, ProviderError, TransportError
from massgen_stream.generation import Offer, Order, generate_media, resume_media
from massgen_stream.generation.jobs import JobGenerator, Look, VendorJob
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.stream_chunk.narrow import backend_status, media

from .fakes import PNG, host, instruments

pytestmark = pytest.mark.anyio
DONE = Look(is_done=True, answer="made")


class Job(VendorJob):
    """Looks that are answered one after the other; exceptions are raised, None waits for ever."""

    pause_seconds = 2.0

    def __init__(
        self, order: Order, turn: Turn, *looks: Look | Exception | None, problem: Exception | None = None
    ) -> None:
        self._problem, self.turn = problem, turn
        self._media_id, self._looks = order.media_id(turn), list(looks)
        self.told: list[str] = []

    async def start(self) -> Mapping[str, Any]:
        self.told.append("start")
        if self._problem is not None:
            raise self._problem
        return {"id": "job-1", "model": "not the vendor's to say"}

    async def look(self, job: Mapping[str, Any]) -> Look:
        assert job["id"] == "job-1"
        found = self._looks.pop(0)
        if found is None:
            await asyncio.Event().wait()
        if isinstance(found, Exception):
            raise found
        assert found is not None
        return found

    async def cancel(self, job: Mapping[str, Any]) -> None:
        self.told.append(f"cancel {job['id']}")

    async def finish(self, look: Look) -> AsyncGenerator[BaseStreamChunk, None]:
        assert look.answer == "made"
        yield media(self._media_id, MediaType.IMAGE, media_data=PNG, media_encoding="binary")


class Maker(JobGenerator):
    name, title = "maker", "Maker"
    host = host("maker", key=False)
    offers: ClassVar = {MediaType.IMAGE: Offer(default_model="m-1", priority=1)}
    looks: ClassVar[list[Any]] = []
    jobs: ClassVar[list[Job]] = []
    problem: ClassVar[Exception | None] = None
    made_by: ClassVar[type[Job]] = Job

    def notes(self, order: Order) -> list[BaseStreamChunk]:  # noqa: ARG002
        return [backend_status("info", detail="it takes a while")]

    @asynccontextmanager
    async def job(self, order: Order, turn: Turn) -> AsyncIterator[VendorJob]:
        job = self.made_by(order, turn, *self.looks, problem=self.problem)
        self.jobs.append(job)
        yield job
        job.told.append("closed")


@pytest.fixture
def maker() -> type[Maker]:
    class New(Maker):
        looks: ClassVar[list[Any]] = []
        jobs: ClassVar[list[Job]] = []

    return New


async def chunks_of(maker: type[Maker], *looks: Any, pauses: list[float] | None = None) -> list[Any]:
    async def sleep(seconds: float) -> None:
        if pauses is not None:
            pauses.append(seconds)

    maker.looks = list(looks)
    tools = instruments()._replace(sleep=sleep)
    return [chunk async for chunk in generate_media("a", backend_type=maker, environ={}, instruments=tools)]


async def test_the_first_progress_has_the_handle(maker: type[Maker]) -> None:
    chunks = await chunks_of(maker, DONE)
    progress = [chunk for chunk in chunks if chunk.type == "media_progress"]
    expected = {"id": "job-1", "provider": "maker", "generator": "New", "media_type": "image", "model": "m-1"}
    assert progress[0].job == {**expected, "media_id": progress[0].media_id, "prompt": "a"}
    assert (progress[0].stage, chunks[-1].finish_reason) == ("queued", "stop")
    assert maker.jobs[0].told == ["start", "closed"]
    assert [chunk.detail for chunk in chunks if chunk.type == "backend_status"] == ["it takes a while"]


async def test_a_percentage_is_told_once_and_never_falls(maker: type[Maker]) -> None:
    looks = [Look(percentage=figure) for figure in (0, 0, 40, 30, 140)]
    pauses: list[float] = []
    chunks = await chunks_of(maker, *looks, DONE, pauses=pauses)
    told = [chunk.progress_percentage for chunk in chunks if chunk.type == "media_progress"]
    assert (told, pauses) == ([None, 0, 40, 100], [2.0] * 5)


async def test_a_stage_without_a_percentage_is_told_once(maker: type[Maker]) -> None:
    looks = [Look(stage="queued"), Look(), Look(), Look(percentage=5), Look(), Look(stage="queued"), DONE]
    chunks = await chunks_of(maker, *looks)
    told = [(one.stage, one.progress_percentage) for one in chunks if one.type == "media_progress"]
    assert told == [("queued", None), ("running", None), ("running", 5), ("queued", None)]


async def test_looks_that_fail_are_tried_again_after_the_pause_that_is_asked_for(maker: type[Maker]) -> None:
    busy = ProviderError("busy", kind="overloaded", retryable=True, retry_after_seconds=7)
    pauses: list[float] = []
    chunks = await chunks_of(maker, busy, TransportError("gone"), Look(pause=0.5), DONE, pauses=pauses)
    logs = [chunk.log for chunk in chunks if chunk.type == "media_progress" and chunk.log]
    assert pauses == [7.0, 4.0, 0.5]
    assert logs == ["a look at the job failed: busy", "a look at the job failed: gone"]


async def test_the_last_of_many_failures_ends_the_stream_and_leaves_the_job(maker: type[Maker]) -> None:
    pauses: list[float] = []
    chunks = await chunks_of(maker, *[TransportError("gone")] * 7, pauses=pauses)
    assert (chunks[-1].finish_reason, maker.jobs[0].told) == ("incomplete", ["start"])  # it can be taken up again
    assert pauses == [2.0, 4.0, 8.0, 16.0, 16.0, 16.0]
    assert len(maker.jobs) == 1


@pytest.mark.parametrize(
    ("problem", "kind", "reason"),
    [
        (TransportError("the connection broke"), "transport", "incomplete"),
        (TransportError("nothing came within read_timeout", kind="timeout"), "timeout", "error"),
        (ProviderError("bad gateway", kind="server", status=502, retryable=True), "server", "error"),
        (ProviderError("gateway timeout", kind="timeout", status=504, retryable=True), "timeout", "error"),
        (MalformedEvent("a job without its id"), "protocol", "error"),
    ],
)
async def test_a_job_that_may_have_begun_is_not_begun_again(
    maker: type[Maker], problem: Exception, kind: str, reason: str
) -> None:
    maker.problem = problem
    chunks = await chunks_of(maker, DONE)
    (told,) = [chunk for chunk in chunks if chunk.type == "error"]
    assert told.error == f"{problem}; the vendor may have begun the job all the same, so it is not begun again"
    assert (told.error_info["kind"], told.error_info["retryable"]) == (kind, False)
    assert told.error_info.get("status") == getattr(problem, "status", None)
    assert (chunks[-1].finish_reason, len(maker.jobs)) == (reason, 1)


@pytest.mark.parametrize(
    "problem",
    [
        ProviderError("busy", kind="overloaded", status=503, retryable=True),
        ConnectionRefusedError("no"),
    ],
)
async def test_a_job_that_has_not_begun_is_begun_again(maker: type[Maker], problem: Exception) -> None:
    maker.problem = problem
    await chunks_of(maker, DONE)
    assert len(maker.jobs) == 3


async def test_a_job_that_failed_is_the_end(maker: type[Maker]) -> None:
    chunks = await chunks_of(maker, JobEnded("no dice"))
    (told,) = [chunk for chunk in chunks if chunk.type == "error"]
    assert (told.error, told.error_info["job_ended"]) == ("no dice", True)
    assert maker.jobs[0].told == ["start"]


@pytest.mark.parametrize(
    "problem",
    [
        MalformedEvent("a page"),
        ProviderError("a document of somebody else"),
        ProviderError("a page", kind="protocol", status=200),
    ],
)
async def test_a_look_that_tells_of_no_job_is_one_that_failed(maker: type[Maker], problem: Exception) -> None:
    chunks = await chunks_of(maker, *[problem] * 6, DONE)
    assert chunks[-1].finish_reason == "stop"
    chunks = await chunks_of(maker, *[problem] * 7, DONE)
    assert [chunk.error for chunk in chunks if chunk.type == "error"] == [str(problem)]
    assert "job_ended" not in next(chunk.error_info for chunk in chunks if chunk.type == "error")


@pytest.mark.parametrize("kind", ["authentication", "unknown"])
async def test_a_look_that_is_refused_is_the_last(maker: type[Maker], kind: str) -> None:
    chunks = await chunks_of(maker, ProviderError("no", kind=kind, status=401), DONE)
    (told,) = [chunk for chunk in chunks if chunk.type == "error"]
    assert (told.error, "job_ended" in told.error_info) == ("no", False)


async def test_what_fails_before_a_job_is_sent_is_tried_again(maker: type[Maker]) -> None:
    class Upload(Job):
        async def start(self) -> Mapping[str, Any]:
            with self.turn.preparing():
                await super().start()
            raise AssertionError

    maker.made_by, maker.problem = Upload, TransportError("the connection broke")
    await chunks_of(maker, DONE)
    assert len(maker.jobs) == 3


@pytest.mark.parametrize("status", [404, 410])
async def test_a_job_that_the_vendor_does_not_know_any_more(maker: type[Maker], status: int) -> None:
    gone = ProviderError("No such job.", kind="not_found", code="gone", status=status)
    chunks = await chunks_of(maker, gone)
    (told,) = [chunk for chunk in chunks if chunk.type == "error"]
    assert told.error == "No such job; the job has expired there, or was deleted; begin it again"
    info = told.error_info
    assert (info["kind"], info["code"], info["status"], info["retryable"]) == ("not_found", "gone", status, False)
    assert info["job_ended"]
    assert maker.jobs[0].told == ["start"]


async def test_what_came_meanwhile_is_handed_on(maker: type[Maker]) -> None:
    chunks = await chunks_of(maker, Look(chunks=[backend_status("info", detail="half of it")]), DONE)
    assert "half of it" in [chunk.detail for chunk in chunks if chunk.type == "backend_status"]


@pytest.mark.parametrize("way", ["cancel", "aclose", "break"])
async def test_a_stream_that_is_left_cancels_the_job(maker: type[Maker], way: str) -> None:
    maker.looks = [None]
    stream = generate_media("a", backend_type=maker, environ={}, instruments=instruments())
    async with stream:
        async for chunk in stream:
            if chunk.type == "media_progress":
                if way != "cancel":
                    break
                asyncio.get_running_loop().call_later(0.01, stream.cancel)
    assert maker.jobs[0].told[:2] == ["start", "cancel job-1"]


async def test_a_cancel_that_fails_is_logged(maker: type[Maker], caplog: pytest.LogCaptureFixture) -> None:
    class Stubborn(Job):
        async def cancel(self, job: Mapping[str, Any]) -> None:  # noqa: ARG002
            raise TransportError("gone")

    class New(maker):  # type: ignore[misc, valid-type]
        @asynccontextmanager
        async def job(self, order: Order, turn: Turn) -> AsyncIterator[VendorJob]:
            yield Stubborn(order, turn, None)

    async with generate_media("a", backend_type=New, environ={}, instruments=instruments()) as stream:
        async for chunk in stream:
            if chunk.type == "media_progress":
                break
    assert "goes on, since cancelling it failed: gone" in caplog.text


async def test_a_job_of_ones_own_generator_is_taken_up_again(maker: type[Maker]) -> None:
    chunks = await chunks_of(maker, Look(percentage=5), DONE)
    handle = next(chunk.job for chunk in chunks if chunk.type == "media_progress")
    maker.looks = [DONE]
    again = resume_media(handle, backend_type=maker, environ={}, instruments=instruments())
    types = [chunk.type async for chunk in again]
    assert ("media" in types, maker.jobs[1].told) == (True, ["closed"])
