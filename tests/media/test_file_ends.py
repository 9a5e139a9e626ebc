"""Files that lack their end, which decoders do not mind."""

import asyncio
import io
import re
import zipfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massgen_stream.cli.program import main
from massgen_stream.errors import BrokenMedia, MediaError, MediaMismatch
from massgen_stream.media import probe
from massgen_stream.media.box_sizes import check_whole
from massgen_stream.media.detection import detect
from massgen_stream.media.file_ends import check_end
from massgen_stream.media.local_file import LocalFile
from massgen_stream.media.picture_ends import jpeg_ends
from massgen_stream.media.worker_pool import Stop, Stopped

from .files import animation, audio_file, heic, pdf_file, picture, text_pdf, video_file


@cache
def archive(comment: bytes = b"") -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("a.txt", "text " * 50)
        files.writestr("b/c.txt", "more")
        files.comment = comment
    return body.getvalue()


@cache
def whole_files() -> dict[str, bytes]:
    """Return a file of every format that marks its end, or states its size."""
    thumbnail = picture("JPEG", 16, 12)
    jpeg = picture("JPEG")
    with_thumbnail = jpeg[:2] + b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail + jpeg[2:]
    return {
        "png": picture("PNG"),
        "png that moves": animation("PNG", 3),
        "jpeg": jpeg,
        "jpeg in several scans": picture("JPEG", progressive=True),
        "jpeg with a thumbnail": with_thumbnail,
        "gif": picture("GIF", mode="P"),
        "gif that moves": animation("GIF", 3),
        "webp": picture("WEBP"),
        "wav": audio_file("wav", 0.1),
        "ogg": audio_file("ogg", 0.3, codec="libopus", rate=48000),
        "mkv": video_file("matroska", 4),
        "webm": video_file("webm", 4, codec="libvpx-vp9"),
        "mp4": video_file("mp4", 4),
        "heic": heic(),
        "pdf": text_pdf("one", "two").rstrip(),
        "zip": archive(),
        "zip with a comment": archive(b"of mine"),
    }


def local(data: bytes, mime_type: str) -> LocalFile:
    kind = detect(data, mime_type=mime_type).kind
    return LocalFile(kind=kind, mime_type=mime_type, shown=True, size_bytes=len(data), data=data)


def type_of(data: bytes) -> str:
    return detect(data).mime_type


def check(data: bytes, mime_type: str) -> None:
    file = local(data, mime_type)
    check_whole(file)
    check_end(file, Stop(), is_archive=mime_type == "application/zip")


NAMES = sorted(whole_files())
_ON_THE_EDGE = ("mp4", "heic")
"""Boxes follow each other: after one of them nothing shows that another is missing, but to the decoder."""


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_file_has_its_end(name: str) -> None:
    data = whole_files()[name]
    check(data, type_of(data))
    assert asyncio.run(probe(data, whole=True)).whole


@pytest.mark.parametrize("name", [name for name in NAMES if name not in _ON_THE_EDGE])
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_beginning_of_a_file_lacks_its_end(name: str, data: st.DataObject) -> None:
    body = whole_files()[name]
    size = data.draw(st.integers(1, len(body) - 1) | st.integers(max(1, len(body) - 40), len(body) - 1))
    with pytest.raises((BrokenMedia, MediaMismatch)):
        check(body[:size], type_of(body))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=6, deadline=None)
@given(st.data())
def test_a_beginning_of_a_file_is_told_by_probing_the_whole(name: str, data: st.DataObject) -> None:
    body = whole_files()[name]
    size = data.draw(st.integers(1, len(body) - 1))
    with pytest.raises(MediaError):
        asyncio.run(probe(body[:size], mime_type=type_of(body), whole=True))


@pytest.mark.parametrize("name", ["png", "jpeg", "gif", "pdf", "zip with a comment", "ogg"])
def test_what_follows_the_end_is_not_its_business(name: str) -> None:
    body = whole_files()[name]
    check(body + (b"" if "zip" in name else b"\n" + bytes(100)), type_of(body))


@pytest.mark.parametrize(
    ("name", "cut", "missing"),
    [
        ("png", 12, "its last chunk"),
        ("png", 1, "its last chunk"),
        ("jpeg", 2, "its end-of-image marker"),
        ("jpeg with a thumbnail", 2, "its end-of-image marker"),
        ("gif", 1, "its trailer"),
        ("pdf", 1, "its last line"),
        ("ogg", 1, "its last page"),
        ("mkv", 1, "the end of its segment"),
    ],
)
def test_the_error_says_what_is_missing(name: str, cut: int, missing: str) -> None:
    body = whole_files()[name]
    with pytest.raises(BrokenMedia, match=f"cut off: {missing}"):
        asyncio.run(probe(body[:-cut], whole=True))


def test_a_picture_of_small_segments_is_read_once() -> None:
    class Counting(io.BytesIO):
        count = 0

        def read(self, size: int | None = -1, /) -> bytes:
            found = super().read(size)
            self.count += len(found)
            return found

    body = b"\xff\xd8" + b"\xff\xfe\x00\x02" * 2**14 + b"\xff\xfe\xff\xff" + bytes(2**16 - 3) + b"\xff\xd9"
    for whole in (body, body + b"more", body[:4] + bytes(2**16 - 7) + body[4:]):
        raw = Counting(whole)
        assert jpeg_ends(raw, len(whole))
        assert raw.count < 2 * len(whole)
    for size in (1, 2, 3, 2**16 + 5):
        assert not jpeg_ends(io.BytesIO(body[:-size]), len(body) - size)


def test_a_pdf_that_states_its_length_is_held_to_it() -> None:
    body = pdf_file() + b"\n"
    stated = body.replace(b"%PDF-1.7\r\n", b"%%PDF-1.7\n1 0 obj\n<</Linearized 1/L %d>>\nendobj\n" % 10**6)
    assert stated != body
    with pytest.raises(BrokenMedia, match="its last line"):
        check(stated, "application/pdf")


def test_sound_that_counts_its_samples_is_held_to_them() -> None:
    body = audio_file("flac", 0.5)
    assert asyncio.run(probe(body, whole=True)).metadata.duration_seconds == 0.5
    frames = [found.start() for found in re.finditer(rb"\xff\xf8", body)]
    assert len(frames) > 3
    for place in frames[1:]:
        with pytest.raises(BrokenMedia, match="cut off"):
            asyncio.run(probe(body[:place], whole=True))


def test_chained_sound_needs_every_last_page() -> None:
    body = whole_files()["ogg"]
    check(body + body, "audio/ogg")
    with pytest.raises(BrokenMedia):
        check(body + body[:-1], "audio/ogg")


def ogg_page(serial: int, flags: int) -> bytes:
    return b"OggS\0" + bytes([flags]) + bytes(8) + serial.to_bytes(4, "little") + bytes(8) + b"\x01\x03abc"


def test_every_one_of_several_streams_needs_its_last_page() -> None:
    body = ogg_page(1, 2) + ogg_page(2, 2) + ogg_page(1, 0) + ogg_page(1, 4)
    check(body + ogg_page(2, 4), "video/ogg")
    for cut in (body, body + ogg_page(2, 0), body + ogg_page(2, 4)[:-1]):
        with pytest.raises(BrokenMedia, match="last page"):
            check(cut, "video/ogg")


def test_video_that_was_recorded_as_it_came_states_no_length() -> None:
    body = video_file("webm", 4, codec="libvpx-vp9")
    place = body.index(b"\x18\x53\x80\x67") + 4
    live = body[:place] + b"\x01" + b"\xff" * 7 + body[place + 8 :]
    check(live, "video/webm")
    check(live[:-100], "video/webm")


@pytest.mark.parametrize(
    "body", [b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"OggS", b"\x1aE\xdf\xa3", b"%PDF-"]
)
def test_the_first_bytes_alone_lack_an_end(body: bytes) -> None:
    with pytest.raises(BrokenMedia):
        check(body, type_of(body))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(NAMES), st.binary(max_size=300), st.integers(0, 300))
def test_damage_ends_the_search(name: str, noise: bytes, place: int) -> None:
    body = bytearray(whole_files()[name][:600])
    body[place : place + len(noise)] = noise
    mime_type = type_of(whole_files()[name])
    file = LocalFile(kind=local(whole_files()[name], mime_type).kind, mime_type=mime_type, shown=True,
                     size_bytes=len(body), data=bytes(body))  # fmt: skip
    with suppress(BrokenMedia):
        check_end(file, Stop(), is_archive=mime_type == "application/zip")


def test_a_picture_without_its_last_bytes_is_told_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(picture()[:-12])
    assert main(["probe", str(file)]) == 0  # headers alone are sound
    assert main(["probe", "--whole", str(file)]) == 1
    assert "cut off: its last chunk (IEND) is missing" in capsys.readouterr().err


def test_work_that_nobody_waits_for_ends() -> None:
    stop = Stop()
    stop.set()
    with pytest.raises(Stopped):
        check_end(local(picture(), "image/png"), stop)
