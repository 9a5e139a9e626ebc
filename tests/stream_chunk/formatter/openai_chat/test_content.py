from typing import Any

import pytest

from massgen_stream.errors import UnresolvedMedia
from massgen_stream.stream_chunk.formatter import OpenAIChatFormatter

from ..places import place_of_fault, told
from .sdk import sdk_messages

PNG = "iVBORw0KGgo="
PDF = "JVBERi0xLjc="


def sent(part: dict[str, Any], **options: Any) -> tuple[Any, list[tuple[str, str]]]:
    """The content on the wire, and the losses."""
    payload, losses = OpenAIChatFormatter(**options).format_messages([{"role": "user", "content": [part]}])
    return payload[0]["content"], told(losses)


@pytest.mark.parametrize(
    ("part", "wire"),
    [
        (
            {"type": "image", "url": "https://x.y/z"},
            {"type": "image_url", "image_url": {"url": "https://x.y/z"}},
        ),
        (
            {"type": "image", "base64": PNG},
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
        ),
        (
            {"type": "image", "data": b"\x89PNG\r\n\x1a\n"},
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
        ),
        (
            {"type": "image", "base64": "AAAA"},
            {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,AAAA"}},
        ),
        (
            {"type": "image_url", "image_url": {"url": "https://x.y/z", "detail": "low"}},
            {"type": "image_url", "image_url": {"url": "https://x.y/z", "detail": "low"}},
        ),
        (
            {"type": "audio", "base64": "AAAA", "mime_type": "audio/mpeg"},
            {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}},
        ),
        (
            {"type": "audio", "data": b"RIFF\0\0\0\0WAVE"},
            {"type": "input_audio", "input_audio": {"data": "UklGRgAAAABXQVZF", "format": "wav"}},
        ),
        (
            {"type": "document", "base64": PDF, "filename": "a.pdf"},
            {"type": "file", "file": {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{PDF}"}},
        ),
        (
            {"type": "document", "base64": PDF},
            {"type": "file", "file": {"filename": "document.pdf", "file_data": f"data:application/pdf;base64,{PDF}"}},
        ),
        (
            {"type": "file", "data": b"\0"},
            {
                "type": "file",
                "file": {"filename": "file.bin", "file_data": "data:application/octet-stream;base64,AA=="},
            },
        ),
        ({"type": "document", "file_id": "f1"}, {"type": "file", "file": {"file_id": "f1"}}),
        (
            {"type": "file", "file_id": "f1", "filename": "a.pdf"},
            {"type": "file", "file": {"file_id": "f1", "filename": "a.pdf"}},
        ),
        (
            {"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}},
            {"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}},
        ),
    ],
)
def test_parts(part: dict[str, Any], wire: dict[str, Any]) -> None:
    assert sent(part) == ([wire], [])
    assert sdk_messages([{"role": "user", "content": [wire]}])


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image", "path": "a.png"},
        {"type": "image", "file_id": "f1"},
        {"type": "audio", "url": "https://x.y/z"},
        {"type": "audio", "path": "a.wav"},
        {"type": "audio", "file_id": "f1"},
        {"type": "document", "url": "https://x.y/z"},
        {"type": "document", "path": "a.pdf"},
        {"type": "file", "url": "https://x.y/z"},
    ],
)
def test_what_must_be_resolved_first(part: dict[str, Any]) -> None:
    with pytest.raises(UnresolvedMedia) as caught:
        sent(part)
    assert caught.value.where == "messages[0].content[0]"
    source = next(name for name in part if name != "type")
    assert f"no {part['type']} by {source}" in str(caught.value)


def test_video_is_lost_unless_the_server_takes_it() -> None:
    video = {"type": "video", "url": "https://x.y/z.mp4"}
    wire = {"type": "video_url", "video_url": {"url": "https://x.y/z.mp4"}}
    assert sent(video) == ("", [("messages[0].content[0]", "video dropped")])
    assert sent({**video, "url": None, "path": "a.mp4"}) == ("", [("messages[0].content[0]", "video dropped")])
    assert sent(video, video_url=True) == ([wire], [])
    assert sent(wire) == ([wire], [])
    inline = {"type": "video", "data": b"\0\0\0\x18ftypisom"}
    assert sent(inline, video_url=True)[0][0]["video_url"]["url"].startswith("data:video/mp4;base64,AAAAGGZ0")
    with pytest.raises(UnresolvedMedia):
        sent({"type": "video", "path": "a.mp4"}, video_url=True)


def test_audio_of_an_unknown_format_is_a_fault() -> None:
    for part in ({"type": "audio", "data": b"?"}, {"type": "audio", "data": b"?", "mime_type": "image/png"}):
        assert place_of_fault(sent, part) == "messages[0].content[0].mime_type"


def test_names_without_a_place_are_told() -> None:
    assert sent({"type": "image", "base64": PNG, "filename": "a.png"})[1] == [
        ("messages[0].content[0]", "filename dropped")
    ]


def test_foreign_parts_go_back_behind_the_text_they_came_with() -> None:
    foreign = [{"type": "reference", "reference_ids": [1]}, {"type": "odd"}]
    data: dict[str, Any] = {"provider_data": {"openai.chat": {"content_parts": foreign}}}
    assert sent({"type": "text", "text": "", **data}) == (foreign, [])
    assert sent({"type": "text", "text": "x", **data}) == ([{"type": "text", "text": "x"}, *foreign], [])
    data = {"provider_data": {"openai.chat": {"content_parts": "odd"}}}
    assert sent({"type": "text", "text": "x", **data}) == ("x", [])


def test_unknown_keys_are_told() -> None:
    assert sent({"type": "text", "text": "x", "agent": 1}) == ("x", [("messages[0].content[0]", "agent dropped")])
