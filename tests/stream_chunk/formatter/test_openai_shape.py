from typing import Any

import pytest

from massgen_stream.stream_chunk.formatter.openai_shape import audio_format, read_openai_part

from .places import place_of_fault


def chat(**data: Any) -> dict[str, Any]:
    return {"openai.chat": data}


@pytest.mark.parametrize(
    ("wire", "neutral"),
    [
        (
            {"type": "image_url", "image_url": {"url": "https://x.y/z"}},
            {"type": "image", "url": "https://x.y/z"},
        ),
        ({"type": "image_url", "image_url": "https://x.y/z"}, {"type": "image", "url": "https://x.y/z"}),
        (
            {"type": "image_url", "image_url": {"url": "data:image/gif;base64,R0lG", "detail": "low"}, "x": 1},
            {
                "type": "image", "base64": "R0lG", "mime_type": "image/gif",
                "provider_data": chat(image_url={"detail": "low"}, x=1),
            },
        ),
        (
            {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}},
            {"type": "audio", "base64": "AAAA", "mime_type": "audio/mpeg"},
        ),
        (
            {"type": "file", "file": {"file_id": "f1"}},
            {"type": "file", "file_id": "f1"},
        ),
        (
            {"type": "file", "file": {"file_data": "data:application/pdf;base64,AAAA", "filename": "a.pdf"}},
            {"type": "document", "base64": "AAAA", "mime_type": "application/pdf", "filename": "a.pdf"},
        ),
        (
            {"type": "file", "file": {"file_data": "data:application/zip;base64,AAAA", "filename": "a.zip"}},
            {"type": "file", "base64": "AAAA", "mime_type": "application/zip", "filename": "a.zip"},
        ),
        (
            {"type": "file", "file": {"file_data": "JVBERi0=", "filename": "a"}},
            {"type": "document", "base64": "JVBERi0=", "mime_type": "application/pdf", "filename": "a"},
        ),
        (
            {"type": "video_url", "video_url": {"url": "https://x.y/z", "fps": 2}},
            {"type": "video", "url": "https://x.y/z", "provider_data": chat(video_url={"fps": 2}, type="video_url")},
        ),
        ({"type": "refusal", "refusal": "no"}, {"type": "refusal", "text": "no"}),
        (
            {"type": "thinking", "thinking": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
            {"type": "reasoning", "text": "ab", "provider_data": chat(field="content")},
        ),
        (
            {"type": "thinking", "thinking": [{"type": "text", "text": "a"}], "signature": "s"},
            {"type": "reasoning", "text": "a", "provider_data": chat(thinking_signature="s")},
        ),
    ],
)  # fmt: skip
def test_shapes(wire: dict[str, Any], neutral: dict[str, Any]) -> None:
    assert read_openai_part(wire, "part") == neutral
    data = {"anthropic.messages": {"a": 1}}
    found = read_openai_part({**wire, "provider_data": data}, "part")
    assert found == {**neutral, "provider_data": {**neutral.get("provider_data", {}), **data}}


@pytest.mark.parametrize(
    "wire",
    [
        {"type": "input_audio", "input_audio": {"data": "https://x.y/a.wav", "format": "wav"}},
        {"type": "input_audio", "input_audio": {"data": "data:;base64,AAAA", "format": "wav"}},
        {"type": "input_audio", "input_audio": {"data": "AAAA"}},
        {"type": "file", "file": {"file_data": "https://x.y/a.pdf", "filename": "a.pdf"}},
        {"type": "thinking", "thinking": "text"},
        {"type": "thinking", "thinking": []},
        {"type": "thinking", "thinking": [{"type": "reference", "reference_ids": [1]}]},
        {"type": "thinking", "thinking": [{"type": "text", "text": "a"}], "closed": True},
    ],
)
def test_what_has_no_neutral_form_is_kept_whole(wire: dict[str, Any]) -> None:
    expected = {"type": "text", "text": "", "provider_data": chat(content_parts=[wire])}
    assert read_openai_part(wire, "part") == expected


@pytest.mark.parametrize(
    "part", [{"type": "file", "url": "x"}, {"type": "refusal", "text": "no"}, {"type": "text"}, {}]
)
def test_neutral_parts_are_not_read(part: dict[str, Any]) -> None:
    assert read_openai_part(part, "part") is None


@pytest.mark.parametrize(
    ("wire", "where"),
    [
        ({"type": "image_url", "image_url": 5}, "part.image_url"),
        ({"type": "image_url", "image_url": {}}, "part.image_url"),
        ({"type": "image_url", "image_url": {"url": 5}}, "part.image_url.url"),
        ({"type": "input_audio", "input_audio": "x"}, "part.input_audio"),
        ({"type": "file", "file": {}}, "part.file"),
        ({"type": "file", "file": {"file_data": "AAAA", "file_id": "f"}}, "part.file"),
        ({"type": "refusal", "refusal": None}, "part.refusal"),
    ],
)
def test_faults(wire: dict[str, Any], where: str) -> None:
    assert place_of_fault(read_openai_part, wire, "part") == where


@pytest.mark.parametrize(
    ("mime_type", "name"),
    [
        ("audio/wav", "wav"),
        ("audio/x-wav", "wav"),
        ("audio/wav; rate=8000", "wav"),
        ("audio/mpeg", "mp3"),
        ("audio/mp4", "m4a"),
        ("audio/ogg", "ogg"),
        ("audio/x-aiff", "aiff"),
        ("video/webm", "webm"),
        ("image/png", None),
        ("audio/", None),
        ("", None),
    ],
)
def test_names_of_audio_formats(mime_type: str, name: str | None) -> None:
    assert audio_format(mime_type) == name
