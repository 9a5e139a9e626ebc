"""Chunks to the documents that xAI answers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.testing.strategies import chunks as any_chunks
from massgen_stream.testing.wires_polled import video_wires
from massgen_stream.wire.xai_video import VideoDecoder

from ..endpoint_saying import Endpoint, documents_of

xai = Endpoint("xai.video")
MP4 = MediaMetadata(mime_type="video/mp4", duration_seconds=6)


@given(video_wires())
def test_what_was_decoded_is_decoded_again(data: bytes) -> None:
    chunks = xai.decoded(data)
    assert xai.read_again(chunks) == chunks


@given(st.lists(any_chunks(), max_size=6))
def test_no_chunk_makes_it_raise_and_its_reader_gets_a_legal_stream(chunks: list[Any]) -> None:
    data, _ = xai.encoded([*chunks, narrow.done("stop")])
    decoder = VideoDecoder()
    for chunk in decoder.feed(data) + decoder.close():
        chunk.check()


def film(data: Any = "https://a/b.mp4", encoding: str = "url", **fields: Any) -> Any:
    known = {"media_type": "video", "media_encoding": encoding, "media_data": data, "media_metadata": MP4}
    return narrow.media("m", **{**known, **fields})


def test_chunks_of_other_origin() -> None:
    half = narrow.media_progress("m", progress_percentage=50, stage="running")
    usage = {"details": {"cost_in_usd_ticks": 7}, "raw": {"cost_in_usd_ticks": 7}}
    data, losses = xai.encoded([narrow.start(response_id="r"), half, film(), narrow.done("stop", usage=usage)])
    assert documents_of(data) == [
        {"request_id": "r"},
        {
            "status": "done", "progress": 50, "video": {"url": "https://a/b.mp4", "duration": 6},
            "usage": {"cost_in_usd_ticks": 7},
        },
    ]  # fmt: skip
    assert losses == []


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
    assert [line.partition(":")[0] for line in xai.encoded([chunk])[1]] == losses
