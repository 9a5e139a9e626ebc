"""Documents of a video to chunks."""

import json
from typing import Any

import pytest

from ..endpoint_saying import Endpoint, types
from ..legality import is_legal
from ..polled_saying import chunks_of_looks, of_all

PROTOCOL = "xai.video"
xai = Endpoint(PROTOCOL)
VIDEO = {"url": "https://vidgen.x.ai/a.mp4", "duration": 6, "respect_moderation": True}
DONE: dict[str, Any] = {
    "status": "done",
    "video": VIDEO,
    "model": "m",
    "usage": {"cost_in_usd_ticks": 5},
    "progress": 100,
}


def looks(*documents: dict[str, Any]) -> list[Any]:
    found = of_all(chunks_of_looks(PROTOCOL, [json.dumps(document).encode() for document in documents]))
    assert is_legal(found)
    return found


def test_a_video() -> None:
    start, queued, half, whole, video, response, done = looks(
        {"request_id": "r"}, {"status": "pending"}, {"status": "pending", "progress": 56}, DONE
    )
    assert (start.response_id, queued.progress_percentage) == ("r", None)
    assert [chunk.progress_percentage for chunk in (half, whole)] == [56.0, 100.0]
    assert (video.media_id, video.media_type, video.media_data) == ("r-video-0", "video", VIDEO["url"])
    assert (video.media_metadata.mime_type, video.media_metadata.duration_seconds) == ("video/mp4", 6.0)
    assert response.response == {"status": "done", "video": VIDEO, "model": "m"}
    assert (done.finish_reason, done.usage["raw"]) == ("stop", {"cost_in_usd_ticks": 5})


@pytest.mark.parametrize("status", [{}, {"status": None}])
def test_a_video_without_a_status_is_done(status: dict[str, Any]) -> None:
    chunks = looks({"request_id": "r"}, {**status, "video": VIDEO, "model": "m"})
    assert [str(chunk.type) for chunk in chunks] == ["start", "media_progress", "media", "complete_response", "done"]
    assert (chunks[1].job, chunks[2].media_data) == ({"status": "done"}, VIDEO["url"])
    assert chunks[-1].finish_reason == "stop"


@pytest.mark.parametrize(
    ("document", "kind", "said"),
    [
        ({"status": "failed", "error": {"code": "internal_error", "message": "We failed."}}, "server", "We failed."),
        ({"status": "failed"}, "unknown", "xAI says no more"), ({"status": "expired"}, "unknown", "expired; start it"),
        ({**DONE, "video": {"duration": 6, "respect_moderation": False}}, "content_filter", "has withheld the video"),
        ({"code": "x", "error": "Incorrect API key provided"}, "authentication", "Incorrect API key"),
    ],
)  # fmt: skip
def test_failures(document: dict[str, Any], kind: str, said: str) -> None:
    chunks = looks({"request_id": "r"}, document)
    (error,) = (chunk for chunk in chunks if chunk.type == "error")
    assert (error.error_info["kind"], chunks[-1].finish_reason) == (kind, "error")
    assert said in error.error


def test_a_job_that_was_left_is_a_cut() -> None:
    assert types(looks({"request_id": "r"})) == ["start", "error", "done"]


@pytest.mark.parametrize("video", [5, {"url": 5}, []])
def test_what_cannot_be_read(video: Any) -> None:
    error, done = xai.decoded(json.dumps({**DONE, "video": video}).encode())
    assert (error.error_info["code"], done.finish_reason) == ("malformed_event", "error")
    assert xai.read_again([error, done]) == [error, done]


def test_other_fields_are_dropped_and_named() -> None:
    odd = {**DONE, "progress": "5", "video": {**VIDEO, "duration": "6"}, "usage": {"total_tokens": "x"}}
    chunks = looks(odd)
    dropped = [chunk.detail for chunk in chunks if chunk.type == "backend_status"]
    assert dropped == ["progress", "video.duration", "usage.total_tokens"]
