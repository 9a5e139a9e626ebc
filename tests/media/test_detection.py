"""What a medium is."""

import io
import tarfile
import zipfile
from gzip import compress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import BrokenMedia, MediaMismatch, UnsafeMedia
from massgen_stream.media.detection import HEAD_BYTES, Detected, detect
from massgen_stream.stream_chunk.formatter.mime import EXTENSIONS, mime_of_bytes

from .files import audio_file, heic, pdf_file, picture, video_file

HTML = b"<!DOCTYPE html>\n<html><body>404</body></html>"
SVG = b'<?xml version="1.0"?>\n<!-- drawn by hand -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'
WORD = EXTENSIONS["docx"]


def archive(*names: str, content: bytes = b"x" * 40) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as packed:
        for name in names:
            packed.writestr(name, content)
    return body.getvalue()


def tar() -> bytes:
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w") as packed:
        packed.addfile(tarfile.TarInfo("a"))
    return body.getvalue()


SHOWN: list[tuple[bytes, str, str]] = [
    (picture("PNG"), "image", "image/png"),
    (picture("JPEG"), "image", "image/jpeg"),
    (picture("GIF"), "image", "image/gif"),
    (picture("WEBP"), "image", "image/webp"),
    (picture("AVIF"), "image", "image/avif"),
    (heic(), "image", "image/heic"),
    (picture("TIFF"), "image", "image/tiff"),
    (picture("BMP"), "image", "image/bmp"),
    (picture("ICO"), "image", "image/vnd.microsoft.icon"),
    (picture("JPEG2000"), "image", "image/jp2"),
    (audio_file("wav"), "audio", "audio/wav"),
    (audio_file("mp3"), "audio", "audio/mpeg"),
    (audio_file("flac"), "audio", "audio/flac"),
    (audio_file("ogg", codec="libopus", rate=48000), "audio", "audio/ogg"),
    (audio_file("adts", codec="aac"), "audio", "audio/aac"),
    (audio_file("ipod", codec="aac"), "audio", "audio/mp4"),
    (audio_file("aiff", codec="pcm_s16be"), "audio", "audio/aiff"),
    (video_file("mp4"), "video", "video/mp4"),
    (video_file("mov"), "video", "video/quicktime"),
    (video_file("webm", codec="libvpx"), "video", "video/webm"),
    (video_file("matroska"), "video", "video/x-matroska"),
    (video_file("avi", codec="mpeg4"), "video", "video/x-msvideo"),
    (video_file("mpegts"), "video", "video/mp2t"),
    (pdf_file(), "document", "application/pdf"),
    (SVG, "image", "image/svg+xml"),
    (HTML, "document", "text/html"),
    (b'{"a": 1}', "document", "application/json"),
    (b'\xef\xbb\xbf[{"a": 1}]', "document", "application/json"),
    ("Grüße".encode(), "document", "text/plain"),
    ("Grüße".encode("utf-16"), "document", "text/plain"),
    (b"\xef\xbb\xbfa,b\n1,2\n", "document", "text/plain"),
    (b"BMW builds cars in Munich, among others", "document", "text/plain"),
    (b"ID3 is a decision tree algorithm", "document", "text/plain"),
    (b"<?xml version='1.0'?><rss/>", "document", "application/xml"),
    (b"{\\rtf1 hello}", "document", "application/rtf"),
    (b"#EXTM3U\nhttp://127.0.0.1/secret\n", "file", "application/vnd.apple.mpegurl"),
    (archive("a.bin"), "file", "application/zip"),
    (archive("[Content_Types].xml", "_rels/.rels", "word/document.xml"), "document", WORD),
    (archive("[Content_Types].xml", "xl/workbook.xml"), "document", EXTENSIONS["xlsx"]),
    (archive("mimetype", content=b"application/epub+zip"), "document", "application/epub+zip"),
    (compress(b"x"), "file", "application/gzip"),
    (tar(), "file", "application/x-tar"),
    (bytes(range(256)), "file", "application/octet-stream"),
]
IDS = [mime for _, _, mime in SHOWN]


@pytest.mark.parametrize(("data", "kind", "mime_type"), SHOWN, ids=IDS)
def test_bytes_show_what_they_are(data: bytes, kind: str, mime_type: str) -> None:
    found = detect(data)
    assert (found.kind, found.mime_type) == (kind, mime_type)
    assert found.shown is (mime_type != "application/octet-stream")
    assert detect(data, mime_type=mime_type) == found
    assert detect(data, mime_type="application/octet-stream") == found
    assert detect(data[:HEAD_BYTES]) == found


@pytest.mark.parametrize(("data", "kind", "mime_type"), SHOWN, ids=IDS)
def test_messages_and_media_agree(data: bytes, kind: str, mime_type: str) -> None:
    """The table for messages knows fewer types and looks less closely."""
    looser = {None, mime_type, "video/mp4", "video/webm", "audio/ogg", "image/bmp", "audio/mpeg"}
    assert mime_of_bytes(data[:64]) in looser


@pytest.mark.parametrize(
    ("declared", "data"),
    [
        ("image/png", HTML),
        ("image/png", picture("JPEG")),
        ("image/png", bytes(range(256))),
        ("image/png", picture("PNG")[1:]),
        ("application/json", HTML),
        ("image/svg+xml", HTML),
        ("video/mp4", b"#EXTM3U\nhttp://127.0.0.1/secret\n"),
        ("video/mp4", picture("PNG")),
        ("application/pdf", b"just text"),
        ("audio/wav", audio_file("mp3")),
        (WORD, pdf_file()),
        ("text/plain", picture("PNG")),
        ("text/csv", archive("a.csv")),
    ],
)
def test_a_contradiction_names_both_types(declared: str, data: bytes) -> None:
    with pytest.raises(MediaMismatch) as caught:
        detect(data, mime_type=declared)
    found = detect(data).mime_type
    assert caught.value.declared == declared
    assert caught.value.found == (None if found == "application/octet-stream" else found)
    assert declared in str(caught.value)
    assert caught.value.found is None or caught.value.found in str(caught.value)


@pytest.mark.parametrize(
    ("data", "declared", "taken"),
    [
        (picture("JPEG"), "image/JPG; quality=1", "image/jpeg"),
        (picture("JPEG"), " Image/pjpeg ", "image/jpeg"),
        (audio_file("wav"), "audio/x-wav", "audio/wav"),
        (audio_file("wav"), "audio/wave", "audio/wav"),
        (audio_file("ipod", codec="aac"), "audio/x-m4a", "audio/mp4"),
        (audio_file("mp4", codec="aac"), "audio/mp4", "audio/mp4"),
        (video_file("mov"), "video/mp4", "video/quicktime"),
        (video_file("webm", codec="libvpx"), "video/x-matroska", "video/webm"),
        (audio_file("ogg", codec="libopus", rate=48000), "audio/opus", "audio/opus"),
        (archive("a.bin"), WORD, WORD),
        (archive("a.bin"), "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
        (b"# Title\n", "text/markdown", "text/markdown"),
        (b"a: 1\n", "application/yaml", "application/yaml"),
        (b'{"a": 1}', "text/plain", "text/plain"),
        (b'{"a": 1}', "application/x-ndjson", "application/x-ndjson"),
        (HTML, "text/plain", "text/plain"),
        (b"<note/>", "application/xml", "application/xml"),
        (b"\x01\x02\x03\x04" * 40, "audio/L16;rate=24000", "audio/l16"),
        (b"\x01\x02\x03\x04" * 40, "application/x-protobuf", "application/x-protobuf"),
    ],
)
def test_what_is_no_contradiction(data: bytes, declared: str, taken: str) -> None:
    assert detect(data, mime_type=declared).mime_type == taken


@pytest.mark.parametrize(
    ("data", "name", "taken"),
    [
        (picture("JPEG"), "cat.png", "image/jpeg"),
        (picture("JPEG"), "/tmp/photo", "image/jpeg"),
        (b"a,b\n", "table.CSV", "text/csv"),
        (b"# Title", "README.md", "text/markdown"),
        (archive("a.bin"), "letter.docx", WORD),
        (archive("a.bin"), "things.zip", "application/zip"),
        (b"\xfe\xfd" * 9, "mystery.xyz", "application/octet-stream"),
        (b"\x00" * 9, "song.mp3", "audio/mpeg"),
    ],
)
def test_a_name_tells_what_bytes_do_not(data: bytes, name: str, taken: str) -> None:
    assert detect(data, filename=name).mime_type == taken


@pytest.mark.parametrize(("data", "name"), [(HTML, "cat.png"), (b"\x00" * 99, "cat.png"), (picture("PNG"), "a.pdf")])
def test_a_name_of_another_kind_is_a_contradiction(data: bytes, name: str) -> None:
    with pytest.raises(MediaMismatch, match="declared as "):
        detect(data, filename=name)


def test_no_bytes() -> None:
    with pytest.raises(BrokenMedia, match="empty"):
        detect(b"", mime_type="image/png")


@pytest.mark.parametrize(
    "data",
    [
        picture("GIF")[:40] + b"%PDF-1.7\n" + picture("GIF")[40:],
        b"GIF89a/*" + b"<script>alert(1)</script>" + b"\x00" * 20,
        picture("PNG")[:60] + b"<HTML>" + picture("PNG")[60:],
        audio_file("mp3")[:30] + pdf_file(),
    ],
)
def test_two_formats_in_one_file_are_refused(data: bytes) -> None:
    with pytest.raises(UnsafeMedia, match="at once"):
        detect(data)


@given(st.binary(min_size=1, max_size=300), st.none() | st.sampled_from([*EXTENSIONS.values(), "x/y", ""]))
def test_any_bytes_are_something_or_a_typed_error(data: bytes, declared: str | None) -> None:
    try:
        found: Any = detect(data, mime_type=declared)
    except (MediaMismatch, UnsafeMedia):
        return
    assert isinstance(found, Detected)
    assert found.mime_type


@given(st.sampled_from(SHOWN), st.integers(1, 200))
def test_a_cut_head_is_no_crash(case: tuple[bytes, str, str], size: int) -> None:
    assert detect(case[0][:size]).mime_type
