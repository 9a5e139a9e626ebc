"""A job, looked at through a service that says what it is told to."""

from __future__ import annotations

from typing import Any

import pytest
from xai_sdk.proto import deferred_pb2, video_pb2

from massgen_stream.backend.account import Account
from massgen_stream.backend.status_error import StatusError
from massgen_stream.errors import MalformedEvent, ProviderError
from massgen_stream.generation import GenerationConfig, Order
from massgen_stream.generation.grok_job import GrokJob

pytestmark = pytest.mark.anyio
DONE = deferred_pb2.DONE


class Service:
    """Answers with what it is given, one after the other."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)

    async def message(self, _method: str, body: dict[str, Any]) -> Any:
        return body

    async def try_asking(self, _method: str, message: dict[str, Any]) -> Any:
        assert message == {"request_id": "job-1"}
        return self._answers.pop(0)


def said(progress: int = 0, status: int = deferred_pb2.PENDING, **fields: Any) -> Any:
    response = video_pb2.VideoResponse(progress=progress, **fields)
    return video_pb2.GetDeferredVideoResponse(status=status, response=response)


def failed(**info: Any) -> StatusError:
    return StatusError("busy", {"kind": "overloaded", "retryable": True, **info})


async def told(*answers: Any) -> tuple[list[Any], list[float], Any]:
    """Return the chunks, the pauses, and the answer."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    order = Order(GenerationConfig.of(prompt="a", media_type="video"), "m-1", Account(None, None), sleep)
    service: Any = Service(*answers)
    job = GrokJob(service, "job-1", order, "v-1")
    chunks = [chunk async for chunk in job.progress()]
    return chunks, pauses, job.answer


async def test_a_percentage_is_told_once_and_never_falls() -> None:
    chunks, pauses, answer = await told(*map(said, (0, 0, 40, 30, 140)), said(100, DONE, model="m-2"))
    assert [chunk.progress_percentage for chunk in chunks] == [None, 0, 40, 100]
    assert [chunk.stage for chunk in chunks] == ["queued", "running", "running", "running"]
    assert (pauses, answer.model) == ([1.0] * 5, "m-2")


async def test_the_pause_that_xai_asks_for() -> None:
    chunks, pauses, _ = await told(failed(retry_after_seconds=7), failed(), said(0, DONE))
    assert pauses == [7.0, 2.0]
    assert [chunk.log for chunk in chunks[1:]] == ["a look at the job failed: busy"] * 2


@pytest.mark.parametrize("status", [0, 17])
async def test_a_status_that_is_none(status: int) -> None:
    with pytest.raises(MalformedEvent, match="without a status"):
        await told(said(0, status))


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        ({"code": "invalid_argument", "message": "too long"}, "invalid_request", "too long"),
        ({"code": "internal_error", "message": "oh"}, "server", "oh"),
        ({}, "unknown", "does not say why"),
    ],
)
async def test_a_failure(error: dict[str, str], kind: str, message: str) -> None:
    with pytest.raises(ProviderError, match=message) as caught:
        await told(said(0, deferred_pb2.FAILED, error=video_pb2.VideoError(**error)))
    assert (caught.value.kind, caught.value.retryable) == (kind, False)
