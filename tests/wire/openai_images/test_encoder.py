"""Chunks to bytes: what a server says for them, and what has no place is named."""

import json
from typing import Any

import pytest
from hypothesis import given

from massgen_stream.stream_chunk import narrow
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.stream_chunk.text import TextStreamChunk
from massgen_stream.testing.wires_openai_images import documents
from massgen_stream.wire.media_usage import usage_of
from massgen_stream.wire.openai_images import ImagesEncoder

from ..endpoint_saying import Endpoint, body, documents_of, types
from .test_decoder import COMPLETED, PARTIAL

images = Endpoint("openai.images")
UNSAID = "an Images stream has no place for it"
PNG = MediaMetadata(mime_type="image/png", width=16, height=32)


def picture(**fields: Any) -> Any:
    known = {"media_type": "image", "media_encoding": "binary", "media_data": b"ABC", "media_metadata": PNG}
    return narrow.media("m", **{**known, **fields})


def test_a_picture_its_envelope_and_its_usage_are_one_event() -> None:
    data, losses = images.encoded(images.decoded(body(PARTIAL, COMPLETED)))
    first, last = documents_of(data)
    assert last == COMPLETED
    assert first == {
        name: PARTIAL[name] for name in ("type", "b64_json", "partial_image_index", "output_format", "size")
    }
    assert data.startswith(b"event: image_generation.partial_image\n")
    assert losses == []


def test_chunks_of_other_origin() -> None:
    preview = picture(is_partial=True, partial_kind="preview", chunk_index=0)
    chunks = [narrow.start(model="local"), narrow.content("Drawing"), preview, picture(), narrow.done("stop")]
    data, losses = images.encoded(chunks)
    assert [one["type"].partition(".")[2] for one in documents_of(data)] == ["text_chunk", "partial_image", "completed"]
    assert documents_of(data)[-1] == {
        "type": "image_generation.completed", "b64_json": "QUJD", "output_format": "png", "size": "16x32",
    }  # fmt: skip
    assert losses == [f"start.model: {UNSAID}"]
    assert types(images.decoded(data)) == ["start", "content", "media", "media", "done"]


def test_an_end_without_a_picture() -> None:
    assert images.encoded([narrow.done("other")]) == (b"data: [DONE]\n\n", [])
    data, losses = images.encoded([narrow.done("length", usage={"input_tokens": 3}, usage_source="reported")])
    assert documents_of(data) == [{"type": "image_generation.completed", "usage": {"input_tokens": 3}}]
    assert losses == [f"done.finish_reason length: {UNSAID}"]


@pytest.mark.parametrize("reason", ["incomplete", "cancelled", "error"])
def test_a_stream_that_broke_off_has_no_end(reason: str) -> None:
    data, _ = images.encoded([narrow.start(), narrow.done(reason)])
    assert documents_of(data) == [{"type": "image_generation.partial_image"}]


def test_usage_after_an_error() -> None:
    chunks = images.decoded(body(COMPLETED, {"type": "error", "error": {"message": "late"}}))
    assert (chunks[-1].finish_reason, chunks[-1].usage["total_tokens"]) == ("error", 3)
    assert images.read_again(chunks) == chunks


def test_previews_after_the_last_picture() -> None:
    chunks = images.decoded(body(COMPLETED, PARTIAL))
    assert chunks[-1].usage_source == "reported"
    assert images.read_again(chunks) == chunks
    late = images.encoded([picture(), narrow.content("x"), narrow.done("stop")])[0]
    assert [one["type"].partition(".")[2] for one in documents_of(late)] == ["completed", "text_chunk"]


def test_a_start_that_only_an_empty_event_said_comes_before_the_error() -> None:
    error = {"type": "error", "error": {"message": "late"}}
    for events in ([{"type": "image_generation.partial_image"}, error], [error, COMPLETED]):
        chunks = images.decoded(body(*events))
        assert images.read_again(chunks) == chunks


def test_an_error_of_other_origin() -> None:
    data, _ = images.encoded([narrow.error("no", error_info={"kind": "quota", "code": "x"}), narrow.done("error")])
    assert documents_of(data) == [{"type": "error", "error": {"message": "no", "type": "quota", "code": "x"}}]


def test_what_json_cannot_hold_takes_nothing_else_along() -> None:
    odd = {"n": float("nan")}
    chunks = [
        picture(media_metadata=None),
        TextStreamChunk(type="complete_response", response={"svg_usage": odd}),
        TextStreamChunk(type="done", finish_reason="stop", usage=usage_of(odd), usage_source="reported"),
    ]
    data, losses = images.encoded(chunks)
    assert documents_of(data) == [{"type": "image_generation.completed", "b64_json": "QUJD"}]
    assert [line.partition(":")[0] for line in losses] == ["complete_response", "done.usage"]


def test_an_envelope_of_another_size_is_an_event_of_its_own() -> None:
    chunks = [picture(), narrow.complete_response({"size": "1x1", "created": 1}), narrow.done("stop")]
    first, second = documents_of(images.encoded(chunks)[0])
    assert (first["size"], second) == ("16x32", {"type": "image_generation.completed", "size": "1x1", "created": 1})


LOST = [
    (picture(media_type="audio"), ["media"]),
    (picture(media_encoding="file_path", media_data="/x"), ["media"]),
    (picture(media_encoding=None, media_data=None), ["media"]),
    (picture(is_partial=True, partial_kind="segment", chunk_index=0, byte_offset=0), ["media"]),
    (picture(path="/x", model="m"), ["media.path", "media.model"]),
    (narrow.media_progress("m", progress_percentage=5), ["media_progress"]),
    (narrow.content("x", phase="commentary", provider_data={"z": {}}), ["content.phase", "content.provider_data[z]"]),
    (narrow.content("x", choice_index=1), ["content"]),
    (narrow.complete_response({"id": "r", "created": 1}), ["complete_response.id"]),
    (narrow.backend_status("retry"), ["backend_status"]),
    (narrow.backend_status("ignored_field", detail="nothing.known"), ["backend_status"]),
    (narrow.refusal("no"), ["refusal"]),
    (TextStreamChunk(type="content", content=5), ["content"]),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("chunk", "losses"), LOST)
def test_losses(chunk: Any, losses: list[str]) -> None:
    _, told = images.encoded([chunk])
    assert [line.partition(":")[0] for line in told] == losses


def test_a_cut_of_the_chunks_says_what_waited() -> None:
    data, _ = images.encoded([picture()])
    assert documents_of(data)[0]["b64_json"] == "QUJD"


@given(documents())
def test_a_document_is_said_again_as_one(document: dict[str, Any]) -> None:
    chunks = images.decoded(json.dumps(document).encode())
    data, losses = images.encoded(chunks, whole=True)
    assert images.decoded(data) == chunks
    assert losses == []


def test_a_stream_said_as_a_document_has_no_previews_and_no_text() -> None:
    encoder = ImagesEncoder(whole=True)
    encoder.created = 7
    text = {"type": "image_generation.text_chunk", "text": "x"}
    said = [encoder.encode(chunk) for chunk in images.decoded(body(PARTIAL, text, COMPLETED))]
    assert said[:-1] == [b""] * (len(said) - 1)
    expected = {name: COMPLETED[name] for name in ("size", "output_format", "created_at", "usage")}
    assert json.loads(said[-1]) == {"data": [{"b64_json": COMPLETED["b64_json"]}], "created": 7, **expected}
    lost = ("image_generation.partial_image", "image_generation.text_chunk")
    assert encoder.losses == [f"{kind}: a document has no place for it" for kind in lost]


@pytest.mark.parametrize(
    "data", [b'{"error":{"message":"x","code":"y"}}', b"<html>", b"[1]", b'{"data"', b'{"data":5}']
)
def test_errors_are_documents_too(data: bytes) -> None:
    chunks = images.decoded(data)
    assert images.decoded(images.encoded(chunks, whole=True)[0]) == chunks
