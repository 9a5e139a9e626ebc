"""Chunks to the documents that xAI answers."""

from massgen_stream.stream_chunk import narrow

from ..endpoint_saying import Endpoint, documents_of
from ..polled_saying import film

xai = Endpoint("xai.video")


def test_chunks_of_other_origin() -> None:
    half = narrow.media_progress("m", progress_percentage=50, stage="running")
    usage = {"details": {"cost_in_usd_ticks": 7}, "raw": {"cost_in_usd_ticks": 7}}
    data, losses = xai.encoded([narrow.start(response_id="r"), half, film(), narrow.done("stop", usage=usage)])
    assert documents_of(data) == [
        {"request_id": "r"},
        {
            "status": "done", "progress": 50, "video": {"url": "https://a/b.mp4", "duration": 8},
            "usage": {"cost_in_usd_ticks": 7},
        },
    ]  # fmt: skip
    assert losses == []
