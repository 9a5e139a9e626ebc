"""Imagen documents to chunks."""

import json
from typing import Any

import pytest

from ..endpoint_saying import Endpoint, body, types

imagen = Endpoint("google.imagen")


def answer(*predictions: Any, **fields: Any) -> bytes:
    return json.dumps({"predictions": list(predictions), **fields}).encode()


ROBOT = {
    "bytesBase64Encoded": "QUJD",
    "mimeType": "image/jpeg",
    "prompt": "A robot",
    "safetyAttributes": {"scores": [0]},
}
HIDDEN = {"raiFilteredReason": "Unsafe: 58061214"}


def test_pictures() -> None:
    elsewhere = {"gcsUri": "gs://bucket/a.webp"}
    start, first, second, response, done = imagen.decoded(answer(ROBOT, elsewhere, {}, model="imagen"), id_prefix="t-")
    assert start.type == "start"
    assert (first.media_id, first.media_data, first.text_content) == ("t-response-image-0", b"ABC", "A robot")
    assert (first.media_metadata.mime_type, first.media_metadata.size_bytes) == ("image/jpeg", 3)
    assert (second.media_encoding, second.media_data) == ("url", "gs://bucket/a.webp")
    assert (second.media_id, second.media_metadata.mime_type) == ("t-response-image-1", "image/webp")
    assert response.response == {"predictions": [{**ROBOT, "bytesBase64Encoded": ""}, elsewhere, {}], "model": "imagen"}
    assert (done.finish_reason, done.finish_details, done.usage_source) == ("stop", None, "none")


@pytest.mark.parametrize(("predictions", "reason"), [((HIDDEN,), "content_filter"), ((ROBOT, HIDDEN), "stop")])
def test_pictures_that_were_left_out(predictions: tuple[Any, ...], reason: str) -> None:
    done = imagen.decoded(answer(*predictions))[-1]
    assert (done.finish_reason, done.finish_details) == (reason, {"raiFilteredReason": ["Unsafe: 58061214"]})


def test_an_empty_answer_is_one() -> None:
    for data in (answer(), b"{}"):
        chunks = imagen.decoded(data)
        assert types(chunks) == ["start", "complete_response", "done"]
        assert (chunks[1].response, chunks[-1].finish_reason) == ({"predictions": []}, "stop")


def test_an_error_beside_pictures() -> None:
    chunks = imagen.decoded(answer(ROBOT, error={"code": 429, "message": "Quota exceeded"}))
    assert types(chunks) == ["error", "start", "media", "complete_response", "done"]
    assert (chunks[0].error_info["status"], chunks[-1].finish_reason) == (429, "error")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (answer({"bytesBase64Encoded": 5}), "malformed_event"), (answer({"gcsUri": {}}), "malformed_event"),
        (answer({"bytesBase64Encoded": "?"}), "malformed_event"), (answer(5), "malformed_event"),
        (answer(None), "malformed_event"), (b'{"predictions":{}}', "malformed_event"),
        (b'{"predictions":[', "truncated"),
        (b'{"x":1}', "not_a_stream"), (b'{"error":{"code":403,"message":"no"}}', 403),
    ],
)  # fmt: skip
def test_what_cannot_be_read(data: bytes, code: Any) -> None:
    error, done = imagen.decoded(data)
    assert (error.error_info["code"], done.type) == (code, "done")
    assert imagen.read_again([error, done]) == [error, done]


def test_other_fields_are_dropped_and_named() -> None:
    chunks = imagen.decoded(answer({**ROBOT, "mimeType": 5, "prompt": []}))
    assert [chunk.detail for chunk in chunks if chunk.type == "backend_status"] == ["mimeType", "prompt"]
    assert chunks[3].media_metadata.mime_type == "image/png"


def test_an_event_stream_is_none_of_google() -> None:
    assert imagen.decoded(body({"predictions": []}))[-1].finish_reason == "incomplete"
