"""Chunks to the documents of a video job."""

from massgen_stream.stream_chunk import narrow

from ..endpoint_saying import Endpoint, documents_of
from ..polled_saying import film

videos = Endpoint("openai.videos")


def test_chunks_of_other_origin() -> None:
    half = narrow.media_progress("m", progress_percentage=50, stage="running")
    usage = {"details": {"cost": 0.4}, "raw": {"cost": 0.4}}
    said = [narrow.start(response_id="v", model="sora-2"), narrow.media_progress("m", stage="queued"), half]
    data, losses = videos.encoded([*said, film(), narrow.done("stop", usage=usage)])
    assert documents_of(data) == [
        {"id": "v", "status": "queued", "model": "sora-2"},
        {
            "id": "v", "status": "completed", "progress": 50, "unsigned_urls": ["https://a/b.mp4"], "seconds": "8",
            "usage": {"cost": 0.4},
        },
    ]  # fmt: skip
    assert losses == []


def test_a_video_that_is_known_by_its_id() -> None:
    data, losses = videos.encoded([film("video_7", "file_id"), narrow.done("stop")])
    assert (documents_of(data), losses) == ([{"id": "video_7", "status": "completed", "seconds": "8"}], [])
