"""Chunks to the documents of a video job."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.testing.strategies import chunks as any_chunks
from massgen_stream.testing.wires_polled import video_job_wires
from massgen_stream.wire.openai_videos import VideosDecoder

from ..endpoint_saying import Endpoint, documents_of

videos = Endpoint("openai.videos")
MP4 = MediaMetadata(mime_type="video/mp4", duration_seconds=8)


@given(video_job_wires())
def test_what_was_decoded_is_decoded_again(data: bytes) -> None:
    chunks = videos.decoded(data)
    assert videos.read_again(chunks) == chunks


@given(st.lists(any_chunks(), max_size=6))
def test_no_chunk_makes_it_raise_and_its_reader_gets_a_legal_stream(chunks: list[Any]) -> None:
    data, _ = videos.encoded([*chunks, narrow.done("stop")])
    decoder = VideosDecoder()
    for chunk in decoder.feed(data) + decoder.close():
        chunk.check()


def film(data: Any = "https://a/b.mp4", encoding: str = "url", **fields: Any) -> Any:
    known = {"media_type": "video", "media_encoding": encoding, "media_data": data, "media_metadata": MP4}
    return narrow.media("m", **{**known, **fields})


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


LOST = [
    (film(b"x", "binary"), ["media"]),
    (film(media_type="image"), ["media"]),
    (film(model="m", provider_data={"z": {}}), ["media.model", "media.provider_data[z]"]),
    (narrow.content("x"), ["content"]),
    (narrow.backend_status("ignored_field", detail="size"), ["backend_status"]),
    (narrow.done("length"), ["done.finish_reason length"]),
]


@pytest.mark.parametrize(("chunk", "losses"), LOST)
def test_losses(chunk: Any, losses: list[str]) -> None:
    assert [line.partition(":")[0] for line in videos.encoded([chunk])[1]] == losses
