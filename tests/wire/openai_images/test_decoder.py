"""Images bytes to chunks: each event, the document, and what is wrong with either."""

import json
from base64 import b64encode
from typing import Any

import pytest

from massgen_stream import wire
from massgen_stream.stream_chunk.accumulator import Accumulator

from ..endpoint_saying import Endpoint, body, types

images = Endpoint("openai.images")
DRAFT, PICTURE = b"draft", b"\x89PNG picture"
PARTIAL: dict[str, Any] = {
    "type": "image_generation.partial_image", "b64_json": b64encode(DRAFT).decode(), "partial_image_index": 0,
    "size": "16x32", "quality": "low", "background": "opaque", "output_format": "png", "created_at": 4,
}  # fmt: skip
COMPLETED: dict[str, Any] = {
    "type": "image_generation.completed", "b64_json": b64encode(PICTURE).decode(), "size": "16x32",
    "output_format": "webp", "created_at": 5, "usage": {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
}  # fmt: skip


def test_a_stream() -> None:
    start, preview, final, response, done = images.decoded(body(PARTIAL, COMPLETED))
    assert start.type == "start"
    assert (preview.media_data, preview.partial_kind, preview.chunk_index) == (DRAFT, "preview", 0)
    assert (final.media_data, final.is_partial, final.media_encoding) == (PICTURE, False, "binary")
    assert preview.media_id == final.media_id == "response-image-0"
    assert (preview.media_metadata.mime_type, final.media_metadata.mime_type) == ("image/png", "image/webp")
    assert (final.media_metadata.width, final.media_metadata.height) == (16, 32)
    assert final.media_metadata.size_bytes == len(PICTURE)
    assert response.response == {"created_at": 5, "output_format": "webp", "size": "16x32"}
    assert (done.finish_reason, done.usage["total_tokens"], done.usage_source) == ("stop", 3, "reported")


def test_edits_are_the_same() -> None:
    edits = [{**one, "type": one["type"].replace("generation", "edit")} for one in (PARTIAL, COMPLETED)]
    assert images.decoded(body(*edits)) == images.decoded(body(PARTIAL, COMPLETED))


def test_a_document_says_what_the_last_event_says() -> None:
    picture = {"b64_json": COMPLETED["b64_json"]}
    said = {name: COMPLETED[name] for name in ("size", "output_format", "created_at", "usage")}
    assert images.decoded(json.dumps({**said, "data": [picture]}).encode()) == images.decoded(body(COMPLETED))


def test_several_pictures() -> None:
    document = {
        "created": 1,
        "data": [{"url": "https://x/a.jpg?s=b.png", "revised_prompt": "a cat"}, {"b64_json": "/9j/"}],
    }
    _, first, second, response, done = images.decoded(json.dumps(document).encode(), id_prefix="t2-")
    assert (first.media_id, first.media_data, first.text_content) == (
        "t2-response-image-0",
        "https://x/a.jpg?s=b.png",
        "a cat",
    )
    assert (first.media_encoding, first.media_metadata.mime_type) == ("url", "image/jpeg")
    assert (second.media_id, second.media_data) == ("t2-response-image-1", b"\xff\xd8\xff")
    assert second.media_metadata.mime_type == "image/jpeg"
    assert response.response == {"created": 1}
    assert done.finish_reason == "stop"


def test_each_completed_picture_ends_its_previews() -> None:
    chunks = images.decoded(body(PARTIAL, COMPLETED, PARTIAL, COMPLETED))
    media = [(chunk.media_id[-1], chunk.is_partial) for chunk in chunks if chunk.type == "media"]
    assert media == [("0", True), ("0", False), ("1", True), ("1", False)]
    collected = Accumulator()
    for chunk in chunks:
        collected.feed(chunk)
    assert collected.media["response-image-1"].previews == [DRAFT]
    assert collected.media["response-image-1"].data == PICTURE


@pytest.mark.parametrize(
    ("fields", "mime_type"),
    [
        ({"media_type": "image/avif", "output_format": "png"}, "image/avif"), ({"mime_type": "image/gif"}, "image/gif"),
        ({"output_format": "svg"}, "image/svg+xml"), ({}, "image/png"),
        ({"b64_json": b64encode(b"RIFF....WEBP").decode()}, "image/webp"),
        ({"b64_json": "data:image/bmp;base64,QUJD"}, "image/bmp"),
        ({"b64_json": "", "url": "https://x/y"}, "image/png"),
        ({"b64_json": None, "url": "data:image/svg+xml,%3Csvg%2F%3E"}, "image/svg+xml"),
        ({"b64_json": None, "url": "https://x/y.webp", "output_format": "jpeg"}, "image/jpeg"),
    ],
)  # fmt: skip
def test_mime_types(fields: dict[str, Any], mime_type: str) -> None:
    plain = {"type": "image_generation.completed", "b64_json": b64encode(PICTURE).decode()}
    picture = next(chunk for chunk in images.decoded(body({**plain, **fields})) if chunk.type == "media")
    assert picture.media_metadata.mime_type == mime_type


def test_a_data_url_becomes_bytes() -> None:
    for url, data in (("data:image/svg+xml,%3Csvg%2F%3E", b"<svg/>"), ("data:;base64,QUJD", b"ABC")):
        _, picture, _ = images.decoded(json.dumps({"data": [{"url": url}]}).encode())
        assert (picture.media_encoding, picture.media_data) == ("binary", data)


def test_text_of_the_model() -> None:
    kind = "image_generation.text_chunk"
    said = [{"type": kind, "phase": phase, "text": phase} for phase in ("reasoning", "draft", "content")]
    chunks = images.decoded(body(*said, {"type": kind, "text": ""}, COMPLETED))
    assert types(chunks) == ["start", "reasoning", "content", "content", "media", "complete_response", "done"]
    assert (chunks[1].reasoning_delta, chunks[2].content, chunks[3].content) == ("reasoning", "draft", "content")
    assert (chunks[2].provider_data, chunks[3].provider_data) == ({"openai.images": {"phase": "draft"}}, None)


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ((PARTIAL,), "incomplete"), ((PARTIAL, b"[DONE]"), "incomplete"), ((COMPLETED, PARTIAL), "incomplete"),
        ((COMPLETED, b"[DONE]", b"rubbish"), "stop"), ((b"[DONE]",), "other"), ((), "incomplete"),
        (({"type": "image_generation.keep_alive", "b64_json": 5},), "incomplete"),
    ],
)  # fmt: skip
def test_ends(events: tuple[Any, ...], reason: str) -> None:
    assert images.decoded(body(*events))[-1].finish_reason == reason


def test_an_error_of_the_vendor_is_told_once_and_what_came_stands() -> None:
    error = {"type": "error", "error": {"message": "Generation failed", "code": "moderation_blocked"}}
    chunks = images.decoded(body(PARTIAL, error, error))
    assert types(chunks) == ["start", "media", "error", "done"]
    assert (chunks[2].error, chunks[2].error_info["kind"]) == ("Generation failed", "content_filter")
    assert chunks[-1].finish_reason == "error"
    both = images.decoded(json.dumps({"error": {"message": "half"}, "data": [{"b64_json": "QUJD"}]}).encode())
    assert types(both) == ["error", "start", "media", "done"]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"b64_json": 5}, "b64_json is int"), ({"b64_json": "?"}, "b64_json is not base64"),
        ({"url": []}, "url is list"),
        ({"b64_json": "data:x"}, "b64_json is a data URL without data"), ({"text": {}}, "text is dict"),
        ({"url": "data:;base64,?", "b64_json": None}, "url is not base64"), ({"data": {}}, "data is dict"),
        ({"data": ["x"]}, "data[] is str"), ({"data": [{"b64_json": False}]}, "b64_json is bool"),
    ],
)  # fmt: skip
def test_what_the_answer_cannot_do_without_must_be_usable(fields: dict[str, Any], path: str) -> None:
    chunks = images.decoded(body(PARTIAL, {**COMPLETED, **fields}, COMPLETED))
    assert types(chunks) == ["start", "media", "error", "done"]
    assert chunks[2].error == f"malformed event: {path}" or path in chunks[2].error
    assert images.read_again(chunks) == chunks


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"size": 5}, "size"), ({"created_at": "now"}, "created_at"),
        ({"partial_image_index": -1}, "partial_image_index"),
        ({"revised_prompt": 5}, "revised_prompt"), ({"usage": 5}, "usage"), ({"media_type": []}, "media_type"),
        ({"usage": {"input_tokens": "5"}}, "usage.input_tokens"), ({"svg_usage": {"n": float("nan")}}, "svg_usage"),
    ],
)  # fmt: skip
def test_other_fields_are_dropped_and_named_once(fields: dict[str, Any], path: str) -> None:
    chunks = images.decoded(body({**COMPLETED, **fields}, {**COMPLETED, **fields}))
    told = [chunk.detail for chunk in chunks if chunk.type == "backend_status"]
    assert told == [path]
    assert types(chunks).count("media") == 2
    assert images.read_again(chunks) == chunks


def test_an_error_in_plain_words_is_one_where_its_event_is_named_so() -> None:
    chunks = images.decoded(b"event: error\ndata: out of memory\n\n")
    assert (types(chunks), chunks[0].error) == (["error", "done"], "out of memory")


@pytest.mark.parametrize(
    ("data", "code", "reason"),
    [
        (b'{"data":[{"b64_json":"QUJ', "truncated", "incomplete"), (b"[" * 9000, "truncated", "incomplete"),
        (b'{"data": tru}', "malformed_event", "error"), (b'{"data":[]}{}', "malformed_event", "error"),
        (b'{"object":"model"}', "not_a_stream", "error"), (b"<html>no</html>", "not_a_stream", "error"),
        (b'{"data":5}', "malformed_event", "error"), (b'{"data":[{"b64_json":"?"}]}', "malformed_event", "error"),
    ],
)  # fmt: skip
def test_documents_that_cannot_be_read(data: bytes, code: str, reason: str) -> None:
    error, done = images.decoded(data)
    assert (error.error_info["code"], done.finish_reason) == (code, reason)


def test_a_document_over_the_limit_ends_at_once() -> None:
    decoder = wire.decoder("openai.images", max_event_bytes=100)
    assert decoder.feed(b'{"data":[{"b64_json":"' + b"A" * 70) == []
    error, done = decoder.feed(b"A" * 70)
    assert (error.type, done.type) == ("error", "done")
    assert decoder.feed(b"A") == decoder.close() == []
