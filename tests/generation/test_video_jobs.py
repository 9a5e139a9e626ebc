"""What a job makes of the documents of its host; and whole jobs, at both hosts that are spoken to alike."""

from __future__ import annotations

import asyncio
import errno
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend import Turn
from massgen_stream.backend.limits import StreamLimits
from massgen_stream.errors import MalformedEvent, ProviderError
from massgen_stream.generation import collect_media, resume_media
from massgen_stream.generation.jobs import Look
from massgen_stream.generation.sdk_documents import Document
from massgen_stream.generation.video_jobs import VideoJob, VideoRequest, path_of
from massgen_stream.media.atomic_file import AtomicFile
from massgen_stream.simulator import Simulator
from massgen_stream.stream_chunk.base import BaseStreamChunk

from ..simulator.polling import until
from .fakes import instruments
from .openai import KEY
from .openai_jobs import BEGIN, LOOK, failed, paths, pausing
from .openai_jobs import film as whole
from .reading import data, finals, names, of_type, read, stored

pytestmark = pytest.mark.anyio
JOB = {"id": "video_1"}


class Host:
    """Answers each request with the next document."""

    def __init__(self, *documents: Any, headers: dict[str, str] | None = None) -> None:
        self.asked: list[str] = []
        self._documents, self._headers = list(documents), headers or {}

    async def get(self, path: str) -> Document:
        self.asked.append(path)
        document = self._documents.pop(0)
        return Document(document if isinstance(document, bytes) else json.dumps(document).encode(), self._headers)

    async def post(self, path: str, _body: Any, _files: Any) -> Document:
        return await self.get(path)


class Film(VideoJob):
    async def request(self) -> VideoRequest:
        return VideoRequest("/videos", {})

    async def finish(self, look: Look) -> AsyncGenerator[BaseStreamChunk, None]:
        for chunk in look.chunks:
            yield chunk


def film(host: Host) -> Film:
    known: Any = (None, None, Turn(None, StreamLimits()))
    job = Film(*known)
    job._documents = host  # type: ignore[assignment]
    return job


async def looked(*documents: Any, **headers: str) -> list[Look]:
    host = Host(*documents, headers={name.replace("_", "-"): value for name, value in headers.items()})
    job = film(host)
    return [await job.look(JOB) for _ in documents]


def said(**fields: Any) -> dict[str, Any]:
    return {**JOB, **fields}


async def test_a_job_from_its_beginning_to_its_end() -> None:
    usage = {"cost": 0.4}
    host = Host(said(status="queued"), said(status="in_progress", progress=40), said(status="completed", usage=usage))
    job = film(host)
    assert await job.start() == JOB
    running, last = [await job.look(JOB) for _ in range(2)]
    assert host.asked == ["/videos", "/videos/video_1", "/videos/video_1"]
    assert (running.is_done, running.stage, running.percentage, running.pause) == (False, "running", 40.0, None)
    assert (last.is_done, last.answer) == (True, said(status="completed"))
    assert job.usage == {"details": usage, "raw": usage}


async def test_a_job_that_waits() -> None:
    looks = await looked(said(status="queued", progress=0), said(status="pending"))
    assert [(look.stage, look.percentage) for look in looks] == [("queued", 0.0), ("queued", 0.0)]


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("2500", 2.5), ("0", 0.0), ("9999999", 60.0), ("soon", None), ("-1", None), ("", None), ("²", None)],
)
async def test_when_to_look_again(told: str, seconds: float | None) -> None:
    (look,) = await looked(said(status="queued"), openai_poll_after_ms=told)
    assert look.pause == seconds


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (said(status="failed", error={"code": "server_error", "message": "No."}), "server"),
        (said(status="expired"), "not_found"),
        ({"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}, "rate_limited"),
        (b"<html>", "protocol"),
        (said(status="completed", unsigned_urls=[5]), "protocol"),
    ],
)
async def test_what_no_other_look_would_change(document: Any, kind: str) -> None:
    for ask in ("look", "start"):
        job = film(Host(document))
        with pytest.raises(ProviderError) as lost:
            await (job.look(JOB) if ask == "look" else job.start())
        assert (lost.value.kind, lost.value.retryable) == (kind, False)


@pytest.mark.parametrize("body", [b"", b"\n"])
async def test_a_look_that_tells_nothing(body: bytes) -> None:
    with pytest.raises(MalformedEvent, match="tells of no job"):
        await looked(body)


def test_an_id_cannot_lead_elsewhere() -> None:
    assert path_of("../files?x=1", "/content") == "/videos/..%2Ffiles%3Fx%3D1/content"


hosts = pytest.mark.parametrize("host", ["openai", "openrouter"])


@hosts
async def test_looks_that_fail_are_repeated_and_the_job_is_paid_once(host: str) -> None:
    async with Simulator(faults=[None, "503", "cut;how=reset", None, "429", "500"]) as sim:
        chunks = await read(whole(sim, host))
    assert (len(finals(chunks)), paths(sim).count(BEGIN)) == (1, 1)
    logs = [one.log for one in of_type(chunks, "media_progress") if one.log]
    assert len(logs) == 4
    assert all(log.startswith("a look at the job failed: ") for log in logs)


@hosts
async def test_a_look_that_is_refused_is_not_repeated(host: str) -> None:
    error, sim = await failed(host, [None, "404"])
    assert (error.error_info["kind"], paths(sim)) == ("not_found", [BEGIN, LOOK])
    assert "the job has expired there, or was deleted; begin it again" in error.error


@hosts
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("401", "authentication"),
        ("402", "quota"),
        ("400", "invalid_request"),
        ("html", "protocol"),
        ("json;code=200", "unknown"),
    ],
)
async def test_a_start_that_is_refused(host: str, fault: str, kind: str) -> None:
    error, sim = await failed(host, [fault])
    assert (error.error_info["kind"], paths(sim)) == (kind, [BEGIN])


@hosts
async def test_a_start_that_fails_is_repeated(host: str) -> None:
    async with Simulator(faults=["503"]) as sim:
        assert len(finals(await read(whole(sim, host)))) == 1
    assert paths(sim)[:2] == [BEGIN, BEGIN]


@hosts
async def test_a_download_that_fails_leaves_no_file(tmp_path: Path, host: str) -> None:
    error, _ = await failed(host, [*[None] * 6, "404"], output_path=tmp_path / "a.mp4")
    assert (error.error_info["kind"], error.error_info["status"], names(tmp_path)) == ("not_found", 404, [])
    assert "it has expired or was deleted; make it again" in error.error


@hosts
async def test_a_download_that_breaks_goes_on(tmp_path: Path, host: str) -> None:
    async with Simulator(faults=[*[None] * 6, "cut;after=100000"]) as sim:
        chunks = await read(whole(sim, host, output_path=tmp_path / "a.mp4"))
        assert sim.requests[-1].headers["range"] == "bytes=100000-"
    assert stored(tmp_path / "a.mp4") == data(chunks)


@hosts
async def test_a_full_disk(tmp_path: Path, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(AtomicFile, "_written", full)
    error, _ = await failed(host, output_path=tmp_path / "a.mp4")
    assert "No space left on device" in error.error
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("host", "pause", "ending"), [("openai", 2.5, ["DELETE /v1/videos/…"]), ("openrouter", 10, [])]
)
@pytest.mark.parametrize("how", ["cancel", "task"])
async def test_leaving_stops_the_looks_and_deletes_the_job_where_that_can_be(
    tmp_path: Path, host: str, pause: float, ending: list[str], how: str
) -> None:
    pauses: list[float] = []
    looked = asyncio.Event()
    async with Simulator() as sim:
        stream = whole(sim, host, instruments=pausing(pauses, looked), output_path=tmp_path / "a.mp4")
        reading = asyncio.ensure_future(read(stream))
        await asyncio.wait_for(looked.wait(), 5)
        _ = stream.cancel() if how == "cancel" else reading.cancel()
        await asyncio.wait([reading])
        await until(lambda: sim.connections() == 0)
    assert (paths(sim), pauses, names(tmp_path)) == ([BEGIN, LOOK, *ending], [pause], [])


@hosts
async def test_a_job_goes_on_after_its_process_has_died(tmp_path: Path, host: str) -> None:
    async with Simulator(api_key=KEY) as sim:
        handle = of_type(await read(whole(sim, host, duration=4)), "media_progress")[0].job
        before = len(sim.requests)
        given: dict[str, Any] = {"api_key": KEY, "base_url": sim.url(host), "environ": {}}
        given["instruments"] = instruments()
        chunks = await read(resume_media(json.dumps(handle), output_path=tmp_path / "a.mp4", **given))
        assert paths(sim)[before:] == [LOOK, f"{LOOK}/content"]
    (final,) = finals(chunks)
    assert (final.path, stored(final.path)) == (str(tmp_path / "a.mp4"), data(chunks))
    assert final.continuation_id


@hosts
async def test_the_result_alone(tmp_path: Path, host: str) -> None:
    async with Simulator() as sim:
        given = {"api_key": KEY, "base_url": sim.url(host), "instruments": instruments(), "output_dir": tmp_path}
        result = await collect_media("a", "video", backend_type=host, duration=4, environ={}, **given)
    assert (result.success, result.media_type, result.duration_seconds) == (True, "video", 4)
    assert result.file_size_bytes == len(stored(str(result.output_path)))
    assert result.continuation_id
