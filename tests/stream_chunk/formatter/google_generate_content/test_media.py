from typing import Any

import pytest

from massgen_stream.errors import InvalidMessage, UnresolvedMedia
from massgen_stream.stream_chunk.formatter import GenerateContentFormatter
from massgen_stream.stream_chunk.formatter.google_generate_content import GenerateContentPayload
from massgen_stream.stream_chunk.formatter.google_generate_content.media import file_reference

from ..places import told
from .test_texts import OWN

FORMATTER = GenerateContentFormatter()
Data = dict[str, Any]
PNG = b"\x89PNG\r\n\x1a\n"


def given(part: Data) -> tuple[Data, list[tuple[str, str]]]:
    payload, losses = FORMATTER.format_messages([{"role": "user", "content": [part]}])
    wire: Data
    ((wire,),) = [content["parts"] for content in payload.contents]
    return wire, told(losses)


def read(part: Data) -> Data:
    found: Data
    ((found,),) = [m["content"] for m in FORMATTER.parse_messages(GenerateContentPayload([{"parts": [part]}]))]
    return found


@pytest.mark.parametrize(
    ("part", "wire"),
    [
        ({"type": "image", "data": PNG}, {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}),
        (
            {"type": "audio", "base64": "AA==", "mime_type": "audio/wav"},
            {"inlineData": {"mimeType": "audio/wav", "data": "AA=="}},
        ),
        (
            {"type": "image", "url": "data:image/webp;base64,AAAA"},
            {"inlineData": {"mimeType": "image/webp", "data": "AAAA"}},
        ),
        (
            {"type": "image", "url": "https://example.com/a.png?x=1"},
            {"fileData": {"fileUri": "https://example.com/a.png?x=1", "mimeType": "image/png"}},
        ),
        ({"type": "video", "url": "https://youtu.be/9hE5"}, {"fileData": {"fileUri": "https://youtu.be/9hE5"}}),
        (
            {"type": "document", "url": "gs://b/c", "mime_type": "application/pdf"},
            {"fileData": {"fileUri": "gs://b/c", "mimeType": "application/pdf"}},
        ),
        (
            {"type": "file", "file_id": "files/abc"},
            {"fileData": {"fileUri": "https://generativelanguage.googleapis.com/v1beta/files/abc"}},
        ),
    ],
)
def test_media_of_every_kind(part: Data, wire: Data) -> None:
    assert given(part) == (wire, [])
    again, _ = given(read(wire))
    assert again == wire


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image", "path": "a.png"},
        {"type": "image", "url": "http://example.com/a.png"},
        {"type": "image", "url": "data:,x"},
        {"type": "file", "file_id": "file-abc"},
    ],
)
def test_what_google_cannot_fetch(part: Data) -> None:
    with pytest.raises(UnresolvedMedia, match=r"messages\[0\].content\[0\]: Gemini cannot fetch this"):
        given(part)


def test_bytes_of_an_unknown_type() -> None:
    with pytest.raises(InvalidMessage, match="mime_type: is required"):
        given({"type": "audio", "data": b"\x00"})


def test_names_and_further_fields() -> None:
    part = {"type": "document", "data": b"%PDF-1.7", "filename": "a.pdf"}
    assert given(part)[1] == [("messages[0].content[0]", "filename dropped")]
    own = {"inlineData": {"displayName": "a"}, "videoMetadata": {"fps": 2}, "candidate": 1}
    wire, _ = given({"type": "video", "base64": "AA==", "mime_type": "video/mp4", "provider_data": {OWN: own}})
    assert wire == {
        "inlineData": {"mimeType": "video/mp4", "data": "AA==", "displayName": "a"},
        "videoMetadata": {"fps": 2},
    }
    assert read(wire)["provider_data"] == {OWN: {key: own[key] for key in ("inlineData", "videoMetadata")}}


@pytest.mark.parametrize(
    ("mime_type", "kind"),
    [
        ("image/heic", "image"), ("audio/aac", "audio"), ("video/webm", "video"), ("text/plain", "document"),
        ("application/pdf", "document"), ("application/zip", "file"),
    ],
)  # fmt: skip
def test_kinds(mime_type: str, kind: str) -> None:
    assert read({"inlineData": {"mimeType": mime_type, "data": "AA=="}})["type"] == kind


def test_kinds_by_address() -> None:
    kinds = {
        "https://www.youtube.com/watch?v=x": "video",
        "https://e.com/a.mp3": "audio",
        "https://[": "file",
        "https://e.com/youtube.com": "file",
    }
    for uri, kind in kinds.items():
        assert read({"fileData": {"fileUri": uri}}) == {"type": kind, "url": uri}


@pytest.mark.parametrize(
    ("name", "uri", "found"),
    [
        ("files/a-1", "https://generativelanguage.googleapis.com/v1beta/files/a-1", "files/a-1"),
        ("files/a-1", "", "files/a-1"),
        (
            "files/a-1",
            "https://generativelanguage.googleapis.com/v1/files/a-1",
            "https://generativelanguage.googleapis.com/v1/files/a-1",
        ),
    ],
)
def test_a_file_is_told_by_its_name_where_that_says_where_it_is(name: str, uri: str, found: str) -> None:
    assert file_reference(name, uri) == found
