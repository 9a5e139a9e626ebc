import pytest

from massgen_stream.stream_chunk.formatter.mime import (
    EXTENSIONS,
    HEAD_BYTES,
    extension_of,
    is_document,
    mime_of_bytes,
    mime_of_name,
)


@pytest.mark.parametrize(
    ("head", "mime_type"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x18ftypavif", "image/avif"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (b"%PDF-1.7", "application/pdf"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90", "audio/mpeg"),
        (b"OggS", "audio/ogg"),
        (b"fLaC", "audio/flac"),
        (b"\x1aE\xdf\xa3", "video/webm"),
        (b"RIFF", None),
        (b"hello", None),
        (b"", None),
    ],
)
def test_first_bytes(head: bytes, mime_type: str | None) -> None:
    assert mime_of_bytes(head) == mime_type
    assert mime_of_bytes(head.ljust(HEAD_BYTES, b"\x00")) == mime_type


def test_names() -> None:
    assert mime_of_name("a/b.PNG") == "image/png"
    assert mime_of_name("report.final.docx") == EXTENSIONS["docx"]
    assert mime_of_name("png") is None
    assert mime_of_name("a.unknown") is None
    assert extension_of("image/jpeg") == "jpg"
    assert extension_of("TEXT/Plain; charset=utf-8") == "txt"
    assert extension_of("application/x-what") == "bin"


@pytest.mark.parametrize(("extension", "mime_type"), EXTENSIONS.items())
def test_each_extension_leads_back_to_its_type(extension: str, mime_type: str) -> None:
    assert EXTENSIONS[extension_of(mime_type)] == mime_type == mime_of_name(f"x.{extension}")


def test_documents() -> None:
    assert is_document("application/pdf")
    assert is_document("text/csv;header=present")
    assert not is_document("application/zip")
    assert not is_document("")
