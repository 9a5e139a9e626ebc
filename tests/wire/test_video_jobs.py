"""What must hold of each protocol of videos that are looked at."""

import json
from typing import Any

import pytest

from massgen_stream.stream_chunk import narrow

from .endpoint_saying import Endpoint
from .legality import is_legal
from .polled_saying import chunks_of_looks, film, of_all

RUNNING: dict[str, dict[str, Any]] = {
    "openai.videos": {"id": "video_1", "status": "in_progress"},
    "xai.video": {"status": "pending"},
}
"""A look at a job that is running, by protocol."""

protocols = pytest.mark.parametrize("protocol", RUNNING)


@protocols
def test_the_percentage_never_falls_and_stays_within_its_bounds(protocol: str) -> None:
    bodies = [json.dumps({**RUNNING[protocol], "progress": figure}).encode() for figure in (56, 18, 150)]
    chunks = of_all(chunks_of_looks(protocol, bodies))
    assert is_legal(chunks)
    told = [chunk.progress_percentage for chunk in chunks if chunk.type == "media_progress"]
    assert told == [56.0, 56.0, 100.0]


LOST = [
    (film(b"x", "binary"), ["media"]),
    (film(media_type="image"), ["media"]),
    (film(model="m", provider_data={"z": {}}), ["media.model", "media.provider_data[z]"]),
    (narrow.content("x"), ["content"]),
    (narrow.backend_status("ignored_field", detail="size"), ["backend_status"]),
    (narrow.done("length"), ["done.finish_reason length"]),
]


@protocols
@pytest.mark.parametrize(("chunk", "losses"), LOST)
def test_losses(protocol: str, chunk: Any, losses: list[str]) -> None:
    assert [line.partition(":")[0] for line in Endpoint(protocol).encoded([chunk])[1]] == losses
