"""Documents of video jobs to chunks."""

import json
from typing import Any

import pytest

from ..endpoint_saying import Endpoint, body, types
from ..legality import is_legal
from ..polled_saying import chunks_of_looks, of_all

PROTOCOL = "openai.videos"
videos = Endpoint(PROTOCOL)
SORA = {"id": "video_1", "object": "video", "model": "sora-2", "seconds": "8", "size": "720x1280"}
ROUTED = {"id": "gen-vid-2", "polling_url": "/api/v1/videos/gen-vid-2"}
URLS = ["https://o/a?index=0", "https://o/a?index=1"]


def looks(*documents: Any) -> list[Any]:
    found = of_all(chunks_of_looks(PROTOCOL, [json.dumps(document).encode() for document in documents]))
    assert is_legal(found)
    return found


def test_a_job_of_openai() -> None:
    whole = {**SORA, "status": "completed", "progress": 100}
    start, queued, half, full, video, response, done = looks(
        {**SORA, "status": "queued", "progress": 0}, {**SORA, "status": "in_progress", "progress": 50}, whole
    )
    assert (start.response_id, start.model) == ("video_1", "sora-2")
    assert [(one.stage, one.progress_percentage) for one in (queued, half, full)] == [
        ("queued", 0.0), ("running", 50.0), ("running", 100.0)
    ]  # fmt: skip
    assert half.job == {"id": "video_1", "status": "in_progress"}
    assert (video.media_id, video.media_encoding, video.media_data) == ("video_1-video-0", "file_id", "video_1")
    assert (video.media_metadata.mime_type, video.media_metadata.duration_seconds) == ("video/mp4", 8.0)
    assert response.response == {**SORA, "status": "completed"}
    assert (done.finish_reason, done.usage_source) == ("stop", "none")


def test_a_job_of_openrouter() -> None:
    usage = {"cost": 0.4, "is_byok": False}
    whole = {**ROUTED, "status": "completed", "unsigned_urls": URLS, "usage": usage}
    chunks = looks({**ROUTED, "status": "pending"}, {**ROUTED, "status": "in_progress"}, whole)
    assert types(chunks) == ["start", *["media_progress"] * 3, "media", "media", "complete_response", "done"]
    assert [one.progress_percentage for one in chunks[1:4]] == [None] * 3
    assert [(one.media_id, one.media_data) for one in chunks[4:6]] == [
        ("gen-vid-2-video-0", URLS[0]), ("gen-vid-2-video-1", URLS[1])
    ]  # fmt: skip
    assert chunks[-1].usage == {"details": usage, "raw": usage}


@pytest.mark.parametrize(
    ("said", "kind", "code", "message"),
    [
        (
            {"status": "failed", "error": {"code": "moderation_blocked", "message": "No."}},
            "content_filter", "moderation_blocked", "No.",
        ),
        ({"status": "failed", "error": "Blocked by content policy"}, "content_filter", "failed", "content policy"),
        ({"status": "failed", "error": None}, "unknown", "failed", "does not say why"),
        ({"status": "failed", "error": {}}, "unknown", "failed", "does not say why"),
        ({"status": "expired"}, "not_found", "expired", "has expired; start it again"),
        ({"status": "expired", "error": "Too old"}, "not_found", "expired", "Too old"),
        ({"status": "cancelled", "error": "By its owner"}, "cancelled", "cancelled", "By its owner"),
    ],
)  # fmt: skip
def test_jobs_that_are_lost(said: dict[str, Any], kind: str, code: str, message: str) -> None:
    chunks = looks({**SORA, **said})
    (error,) = (chunk for chunk in chunks if chunk.type == "error")
    assert (error.error_info["kind"], error.error_info["code"], chunks[-1].finish_reason) == (kind, code, "error")
    assert message in error.error
    assert videos.read_again(chunks) == chunks


def test_a_failure_that_was_told_before_is_not_told_again() -> None:
    chunks = videos.decoded(body({"error": {"message": "Out of memory"}}, {**SORA, "status": "failed"}))
    assert [chunk.error for chunk in chunks if chunk.type == "error"] == ["Out of memory"]
    assert videos.read_again(chunks) == chunks


def test_an_error_of_the_host_and_a_job_that_was_left() -> None:
    error, done = looks({"error": {"message": "Incorrect API key provided"}})
    assert (error.error_info["kind"], done.finish_reason) == ("authentication", "error")
    assert types(looks({**SORA, "status": "queued"})) == ["start", "media_progress", "error", "done"]


@pytest.mark.parametrize("urls", [5, "x", {}, [5], [""], [None]])
def test_what_cannot_be_read(urls: Any) -> None:
    error, done = videos.decoded(json.dumps({**ROUTED, "status": "completed", "unsigned_urls": urls}).encode())
    assert (error.error_info["code"], done.finish_reason) == ("malformed_event", "error")
    assert videos.read_again([error, done]) == [error, done]


@pytest.mark.parametrize("document", [{"status": "queued"}, {"id": "", "status": "queued"}, {"id": "v"}, [], 5])
def test_what_is_no_job(document: Any) -> None:
    assert types(looks(document))[-2:] == ["error", "done"]


def test_other_fields_are_dropped_and_named() -> None:
    odd = {"id": "v", "status": "completed", "model": 5, "progress": "5", "seconds": 8, "usage": {"total_tokens": "x"}}
    dropped = [chunk.detail for chunk in looks(odd) if chunk.type == "backend_status"]
    assert dropped == ["model", "progress", "seconds", "usage.total_tokens"]
