"""What xAI says of a job."""

from __future__ import annotations

from typing import Any

import pytest
from xai_sdk.proto import deferred_pb2, video_pb2

from massgen_stream.errors import MalformedEvent, ProviderError
from massgen_stream.generation.vendors.grok.job import look_of


def said(progress: int = 0, status: int = deferred_pb2.PENDING, **fields: Any) -> Any:
    response = video_pb2.VideoResponse(progress=progress, **fields)
    return video_pb2.GetDeferredVideoResponse(status=status, response=response)


def test_a_job_that_runs_tells_its_percentage() -> None:
    look = look_of(said(40), "job-1")
    assert (look.is_done, look.percentage, look.stage) == (False, 40.0, "running")


def test_a_job_that_is_done_has_the_answer() -> None:
    look = look_of(said(100, deferred_pb2.DONE, model="m-2"), "job-1")
    assert (look.is_done, look.answer.model) == (True, "m-2")


def test_a_job_that_has_expired_is_named() -> None:
    with pytest.raises(ProviderError, match="job-1 has expired; start it again") as caught:
        look_of(said(0, deferred_pb2.EXPIRED), "job-1")
    assert (caught.value.kind, caught.value.code) == ("not_found", "EXPIRED")


@pytest.mark.parametrize("status", [0, 17])
def test_a_status_that_is_none(status: int) -> None:
    with pytest.raises(MalformedEvent, match="without a status"):
        look_of(said(0, status), "job-1")


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        ({"code": "invalid_argument", "message": "too long"}, "invalid_request", "too long"),
        ({"code": "internal_error", "message": "oh"}, "server", "oh"),
        ({}, "unknown", "does not say why"),
    ],
)
def test_a_failure(error: dict[str, str], kind: str, message: str) -> None:
    with pytest.raises(ProviderError, match=message) as caught:
        look_of(said(0, deferred_pb2.FAILED, error=video_pb2.VideoError(**error)), "job-1")
    assert (caught.value.kind, caught.value.retryable) == (kind, False)
