"""Chunks to the document that Google answers."""

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.testing.wires_google_imagen import documents

from ..endpoint_saying import Endpoint

imagen = Endpoint("google.imagen")
UNSAID = "a prediction has no place for it"
PNG = MediaMetadata(mime_type="image/png")


@given(documents())
def test_nothing_of_a_document_is_lost(document: dict[str, Any]) -> None:
    """Bytes and words come back as they were; nothing and an empty picture are one."""
    data, _ = imagen.encoded(imagen.decoded(json.dumps(document).encode()))
    again = json.loads(data)
    if not document.get("error"):
        said = document.get("predictions", ())
        bare = [{k: v for k, v in one.items() if (k, v) != ("bytesBase64Encoded", "")} for one in said]
        padded = [{**one, **_padded(one)} for one in bare]
        assert again["predictions"] == padded


def _padded(one: dict[str, Any]) -> dict[str, str]:
    text = one.get("bytesBase64Encoded")
    return {"bytesBase64Encoded": text + "=" * (-len(text) % 4)} if text else {}


def picture(data: Any = b"ABC", encoding: str = "binary", **fields: Any) -> Any:
    known = {"media_type": "image", "media_encoding": encoding, "media_data": data, "media_metadata": PNG}
    return narrow.media("m", **{**known, **fields})


def test_chunks_of_other_origin() -> None:
    elsewhere = picture("gs://b/c", "url", media_metadata=None)
    chunks = [
        narrow.start(), picture(text_content="A robot"), picture(b64encode(b"x").decode(), "base64"), elsewhere,
        narrow.done("stop"),
    ]  # fmt: skip
    data, losses = imagen.encoded(chunks)
    assert json.loads(data) == {
        "predictions": [
            {"bytesBase64Encoded": "QUJD", "mimeType": "image/png", "prompt": "A robot"},
            {"bytesBase64Encoded": "eA==", "mimeType": "image/png"}, {"gcsUri": "gs://b/c"},
        ]
    }  # fmt: skip
    assert losses == []


def test_ends() -> None:
    assert imagen.encoded([narrow.done("stop")])[0] == b'{"predictions": []}'
    assert imagen.encoded([narrow.done("incomplete")])[0] == b""
    assert imagen.encoded([picture()])[0] == b""


def test_an_error() -> None:
    data, _ = imagen.encoded([narrow.error("no", error_info={"kind": "quota"}), narrow.done("error")])
    assert json.loads(data) == {"message": "no", "type": "quota", "code": None}


LOST = [
    (picture(media_type="video"), ["media"]),
    (picture("/x", "file_path"), ["media"]),
    (picture(is_partial=True, partial_kind="preview"), ["media"]),
    (picture(model="m", provider_data={"z": {}}), ["media.model", "media.provider_data[z]"]),
    (narrow.content("x"), ["content"]),
    (narrow.backend_status("ignored_field", detail="size"), ["backend_status"]),
    (narrow.done("length"), ["done.finish_reason length"]),
]


@pytest.mark.parametrize(("chunk", "losses"), LOST)
def test_losses(chunk: Any, losses: list[str]) -> None:
    assert [line.partition(":")[0] for line in imagen.encoded([chunk])[1]] == losses
