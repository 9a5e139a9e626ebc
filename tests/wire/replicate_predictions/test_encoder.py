"""Chunks to the documents that Replicate answers."""

from typing import Any

import pytest

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.multimodal import MediaMetadata

from ..endpoint_saying import Endpoint, documents_of

replicate = Endpoint("replicate.predictions")
PNG = MediaMetadata(mime_type="image/png")


def picture(data: Any = b"ABC", encoding: str = "binary", **fields: Any) -> Any:
    known = {"media_type": "image", "media_encoding": encoding, "media_data": data, "media_metadata": PNG}
    return narrow.media("m", **{**known, **fields})


def test_chunks_of_other_origin() -> None:
    half = narrow.media_progress("m", progress_percentage=50, stage="running")
    chunks = [
        narrow.start(model="o/n", response_id="p"), half,
        picture(), picture("QUI=", "base64"), picture("https://a/b", "url"),
        narrow.content("done"), narrow.done("stop"),
    ]  # fmt: skip
    data, losses = replicate.encoded(chunks)
    output = ["data:image/png;base64,QUJD", "data:image/png;base64,QUI=", "https://a/b", "done"]
    assert documents_of(data) == [
        {"model": "o/n", "id": "p", "status": "succeeded", "logs": "50%|#| 50/100\n", "output": output}
    ]
    assert losses == []


def test_an_error() -> None:
    data, _ = replicate.encoded([narrow.error("no", error_info={"kind": "quota"}), narrow.done("error")])
    assert documents_of(data) == [{"type": "error", "error": {"message": "no", "type": "quota", "code": None}}]


LOST = [
    (picture("/x", "file_path"), ["media"]),
    (picture(is_partial=True, partial_kind="preview"), ["media"]),
    (picture(model="m", provider_data={"z": {}}), ["media.model", "media.provider_data[z]"]),
    (narrow.reasoning("x"), ["reasoning"]),
    (narrow.backend_status("info", detail="else"), ["backend_status"]),
    (narrow.backend_status("ignored_field", detail="size"), ["backend_status"]),
    (narrow.done("length"), ["done.finish_reason length"]),
]


@pytest.mark.parametrize(("chunk", "losses"), LOST)
def test_losses(chunk: Any, losses: list[str]) -> None:
    assert [line.partition(":")[0] for line in replicate.encoded([chunk])[1]] == losses
