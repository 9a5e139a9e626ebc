"""Which jobs are left behind, by the chunks of a stream."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from massgen_stream.generation.open_jobs import OpenJobs
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.narrow import done, error, media, media_progress, turn_done


def handle(number: int = 1) -> dict[str, Any]:
    return {"id": f"job-{number}", "provider": "maker"}


def begun(number: int = 1) -> BaseStreamChunk:
    return media_progress(f"m-{number}", stage="queued", media_type="video", job=handle(number))


def came(number: int = 1) -> BaseStreamChunk:
    return media(f"m-{number}", "video", media_data=b"\0", media_encoding="binary")


def failed(kind: str = "media", **info: Any) -> BaseStreamChunk:
    return error("no", error_info={"kind": kind, **info})


def left(*chunks: BaseStreamChunk) -> list[str]:
    jobs = OpenJobs()
    for chunk in chunks:
        jobs.feed(chunk)
    return [one["id"] for one in jobs.handles()]


RUNNING = media_progress("m-1", stage="running", media_type="video", progress_percentage=5)


@pytest.mark.parametrize(
    "chunks",
    [
        (begun(),),
        (begun(), RUNNING, done("cancelled")),
        (begun(), failed("timeout", code="total_timeout"), done("error")),
        (begun(), failed("transport"), done("incomplete")),
        (begun(), failed("authentication", status=401), done("error")),
        (begun(), failed("media"), done("error")),
        (begun(), came(), failed("media"), done("error")),  # the second of its media cannot be had
        (begun(), turn_done("cancelled")),
    ],
)
def test_what_can_be_taken_up_again(chunks: tuple[BaseStreamChunk, ...]) -> None:
    assert left(*chunks) == ["job-1"]


@pytest.mark.parametrize(
    "chunks",
    [
        (),
        (begun(), came()),
        (begun(), came(), done("cancelled")),
        (begun(), came(2), done("stop")),
        (begun(), done("content_filter")),
        (begun(), failed("server", job_ended=True), done("error")),
        (begun(), failed("content_filter"), done("error")),
        (begun(), failed("not_found", status=410), done("error")),
    ],
)
def test_what_cannot(chunks: tuple[BaseStreamChunk, ...]) -> None:
    assert left(*chunks) == []


def test_a_job_that_was_cancelled_at_its_vendor_is_over() -> None:
    jobs = OpenJobs()
    jobs.feed(media_progress("m-1", stage="running", media_type="video", job=handle()))
    jobs.feed(media_progress("m-1", log="over", media_type="video", job={**handle(), "cancelled": True}))
    assert jobs.handles() == []


def test_sources_are_kept_apart() -> None:
    def of(source: str, chunk: BaseStreamChunk) -> BaseStreamChunk:
        return replace(chunk, source=source)

    chunks = [of(str(number), begun(number)) for number in (1, 2, 3, 4)]
    chunks += [of("1", came(1)), of("1", turn_done("stop"))]
    chunks += [of("2", failed("server", job_ended=True)), of("2", turn_done("error"))]
    chunks += [of("3", failed("media")), of("3", turn_done("error")), of("4", turn_done("cancelled"))]
    assert left(*chunks, done("stop")) == ["job-3", "job-4"]


def test_the_latest_handle_of_a_job_is_kept() -> None:
    jobs = OpenJobs()
    for status in ("queued", "running"):
        jobs.feed(media_progress("m-1", stage="running", media_type="video", job={**handle(), "status": status}))
    assert jobs.handles() == [{**handle(), "status": "running"}]
