"""What decoders say of media."""

import asyncio
import io
import struct
import tracemalloc
import zipfile
import zlib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from massgen_stream.errors import BrokenMedia, MediaError, MediaMismatch, MediaOverLimit, UnsafeMedia
from massgen_stream.media.decoding_limits import DecodingLimits
from massgen_stream.media.local_file import LocalFile
from massgen_stream.media.probing import Probed, probe, probed
from massgen_stream.media.worker_pool import Stop, Workers
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.stream_chunk.multimodal import MediaMetadata

from .files import animation, audio_file, heic, pdf_file, picture, text_pdf, turned_video, video_file

pytestmark = pytest.mark.anyio


def facts(found: Probed) -> dict[str, Any]:
    metadata = found.metadata.to_dict()
    return {name: value for name, value in metadata.items() if name not in ("size_bytes", "checksum", "filename")}


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "AVIF", "TIFF", "BMP", "JPEG2000"])
@pytest.mark.parametrize("whole", [False, True])
async def test_pictures(form: str, whole: bool) -> None:
    found = await probe(picture(form, 70, 50), whole=whole)
    assert found.kind == "image"
    assert (found.metadata.width, found.metadata.height, found.metadata.frames) == (70, 50, None)
    assert found.metadata.size_bytes == len(picture(form, 70, 50))
    assert found.whole is whole


async def test_a_photo_of_a_telephone() -> None:
    data = heic(70, 50)
    for whole in (False, True):
        found = await probe(data, mime_type="image/heic", whole=whole)
        assert (found.kind, found.metadata.width, found.metadata.height) == ("image", 70, 50)
    with pytest.raises(BrokenMedia):
        await probe(data[:-300], whole=True)
    with pytest.raises(UnsafeMedia, match="max_pixels"):
        await probe(data, limits=DecodingLimits(max_pixels=1000))


async def test_a_turned_picture_has_the_size_that_people_see() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = await probe(picture("JPEG", 70, 50, exif=exif.tobytes()))
    assert (found.metadata.width, found.metadata.height) == (50, 70)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
async def test_animations(form: str) -> None:
    data = animation(form, frames=5, duration=100)
    assert (await probe(data)).metadata.frames == 5
    assert (await probe(data, whole=True)).metadata.duration_seconds == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("data", "rate", "channels", "codec"),
    [
        (audio_file("wav"), 44100, 1, "pcm_s16le"),
        (audio_file("wav", rate=16000, channels=2), 16000, 2, "pcm_s16le"),
        (audio_file("mp3"), 44100, 1, "mp3float"),
        (audio_file("flac"), 44100, 1, "flac"),
        (audio_file("ogg", codec="libopus", rate=48000), 48000, 1, "opus"),
        (audio_file("adts", codec="aac"), 44100, 1, "aac"),
        (audio_file("ipod", codec="aac"), 44100, 1, "aac"),
    ],
)
@pytest.mark.parametrize("whole", [False, True])
async def test_sound(data: bytes, rate: int, channels: int, codec: str, whole: bool) -> None:
    found = await probe(data, whole=whole)
    assert found.kind == "audio"
    assert (found.metadata.sample_rate, found.metadata.channels, found.codecs) == (rate, channels, (codec,))
    assert found.metadata.duration_seconds == pytest.approx(0.5, abs=0.1)
    assert found.metadata.width is None


@pytest.mark.parametrize(
    ("form", "codec"),
    [
        ("mp4", "libx264"),
        ("mov", "libx264"),
        ("matroska", "libx264"),
        ("webm", "libvpx"),
        ("avi", "mpeg4"),
        ("mpegts", "libx264"),
    ],
)
async def test_video(form: str, codec: str) -> None:
    data = video_file(form, frames=24, codec=codec, width=128, height=96)
    found = await probe(data)
    assert (found.kind, found.metadata.width, found.metadata.height) == ("video", 128, 96)
    assert found.metadata.duration_seconds == pytest.approx(2.0, abs=0.1)
    measured = await probe(data, whole=True)
    assert measured.metadata.frames == 24
    assert measured.metadata.duration_seconds == pytest.approx(2.0, abs=0.1)


async def test_video_with_sound() -> None:
    found = await probe(video_file("mp4", sound=True))
    assert found.codecs == ("h264", "aac")
    assert (found.metadata.sample_rate, found.metadata.channels, found.metadata.width) == (44100, 1, 64)


async def test_a_recording_that_begins_in_its_middle() -> None:
    data = audio_file("mp3", 1)
    start = data.index(b"\xff\xfb", 3000)
    assert (await probe(data[start + 100 :], filename="live.mp3", whole=True)).metadata.channels == 1


async def test_a_turned_video() -> None:
    found = await probe(turned_video())
    assert (found.metadata.width, found.metadata.height) == (48, 64)


async def test_sound_in_a_video_container_is_sound() -> None:
    found = await probe(audio_file("mp4", codec="aac"))
    assert (found.kind, found.metadata.mime_type) == ("audio", "audio/mp4")


async def test_documents(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf_file(pages=3))
    found = await probe(path)
    assert (found.kind, found.metadata.pages, found.metadata.filename) == ("document", 3, "report.pdf")
    assert (await probe(text_pdf("a", "b"), whole=True)).metadata.pages == 2
    assert facts(await probe(b"a,b\n1,2\n", filename="t.csv")) == {"mime_type": "text/csv"}


async def test_types_without_a_decoder() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    assert facts(await probe(svg)) == {"mime_type": "image/svg+xml"}
    assert facts(await probe(b"\xff\x0a" + bytes(50))) == {"mime_type": "image/jxl"}


async def test_the_digest_and_the_sources(tmp_path: Path) -> None:
    data = picture("PNG")
    found = await probe(data, whole=True)
    assert found.metadata.checksum == f"sha256:{sha256(data).hexdigest()}"
    path = tmp_path / "http:cat.png"
    path.write_bytes(data)
    assert facts(await probe(path)) == facts(found)

    async def pieces() -> Any:
        for start in range(0, len(data), 100):
            yield data[start : start + 100]

    assert facts(await probe(pieces())) == facts(found)


async def test_a_large_stream_is_kept_in_a_file() -> None:
    large = b"RIFF" + struct.pack("<I", 2**32 - 1) + audio_file("wav")[8:36] + b"data" + struct.pack("<I", 2**32 - 1)

    async def pieces() -> Any:
        yield large
        for _ in range(12):
            yield bytes(2**20)

    found = await probe(pieces())
    assert found.metadata.size_bytes == len(large) + 12 * 2**20
    with pytest.raises(MediaOverLimit, match=r"max_bytes 3000000"):
        await probe(pieces(), limits=DecodingLimits(max_bytes=3_000_000))


@pytest.mark.parametrize(
    "data",
    [
        picture("PNG", 200, 200)[:900],
        picture("JPEG", 400, 400)[:2000],
        picture("WEBP", 400, 400)[:1000],
        animation("GIF")[:2000],
        audio_file("wav")[:4000],
        video_file("mp4")[:-200],
        video_file("mp4")[:2000],
        video_file("mp4", frames=48, width=320, height=240)[:-3000],
        pdf_file()[:60],
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n",
        picture("PNG")[:30],
        b"ID3\x04\x00\x00\x00\x00\x00\x00",
        b"OggS" + bytes(100),
        b"\x1aE\xdf\xa3" + bytes(100),
        b"PK\x03\x04" + bytes(100),
        b"fLaC",
        video_file("webm", 3, codec="libvpx").replace(b"V_VP8", b"V_ABC"),
    ],
    ids=lambda data: repr(data[:6]),
)
async def test_what_is_cut_off_is_a_typed_error(data: bytes) -> None:
    with pytest.raises(BrokenMedia):
        await probe(data, whole=True)


async def test_nothing_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(BrokenMedia, match="empty"):
        await probe(b"")
    with pytest.raises(MediaError, match="No such file"):
        await probe(tmp_path / "absent.png")
    with pytest.raises(MediaError):
        await probe(tmp_path)
    with pytest.raises(MediaMismatch):
        await probe(b"<html>", mime_type="image/png")


def png_of(width: int, height: int) -> bytes:
    """Return a picture that says it is large."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9999))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(60_000, 60_000), (12_000, 12_000), (2**31 - 1, 2**31 - 1)])
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
async def test_a_picture_bomb_is_refused_before_it_takes_memory(size: tuple[int, int], whole: bool) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(UnsafeMedia, match=r"bomb|max_pixels"):
            await probe(png_of(*size), whole=whole)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


async def test_limits_name_figure_and_limit() -> None:
    with pytest.raises(UnsafeMedia, match=r"64 x 48 pixels is over the decoder's limit max_pixels 1000"):
        await probe(picture(), limits=DecodingLimits(max_pixels=1000))
    with pytest.raises(UnsafeMedia, match="max_frames 3"):
        await probe(animation(), limits=DecodingLimits(max_frames=3))
    with pytest.raises(UnsafeMedia, match="max_all_pixels"):
        await probe(animation(), limits=DecodingLimits(max_all_pixels=5000))
    with pytest.raises(UnsafeMedia, match="max_pixels"):
        await probe(video_file(), limits=DecodingLimits(max_pixels=1000))
    with pytest.raises(UnsafeMedia, match="max_seconds"):
        await probe(audio_file(), limits=DecodingLimits(max_seconds=0.2))
    with pytest.raises(UnsafeMedia, match="max_frames"):
        await probe(video_file(), whole=True, limits=DecodingLimits(max_frames=3))
    with pytest.raises(UnsafeMedia, match="max_pages 2"):
        await probe(pdf_file(pages=3), limits=DecodingLimits(max_pages=2))
    with pytest.raises(MediaOverLimit, match="max_bytes 10"):
        await probe(picture(), limits=DecodingLimits(max_bytes=10))


async def test_a_sound_that_would_last_for_hours_is_refused() -> None:
    data = bytearray(audio_file("wav"))
    data[24:28] = struct.pack("<I", 1)  # samples per second
    with pytest.raises(UnsafeMedia, match="1 samples per second"):
        await probe(bytes(data))


def archive(**files: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("_", "."), content)
    return body.getvalue()


async def test_archives() -> None:
    assert facts(await probe(archive(a_txt=b"hello"))) == {"mime_type": "application/zip"}
    with pytest.raises(UnsafeMedia, match="archive in it"):
        await probe(archive(inner_zip=archive(a_txt=b"x")))
    with pytest.raises(UnsafeMedia, match="max_unpacked_bytes"):
        await probe(archive(a_txt=bytes(5000)), limits=DecodingLimits(max_unpacked_bytes=4000))
    with pytest.raises(UnsafeMedia, match="max_entries"):
        await probe(archive(a_txt=b"", b_txt=b""), limits=DecodingLimits(max_entries=1))
    with pytest.raises(UnsafeMedia, match="bomb"):
        await probe(archive(a_txt=bytes(40 * 2**20)))
    with pytest.raises(BrokenMedia):
        await probe(archive(a_txt=b"hello")[:-10])


@pytest.mark.parametrize("data", [picture("PNG"), picture("JPEG"), picture("GIF"), pdf_file()])
async def test_an_appended_archive_is_refused(data: bytes) -> None:
    with pytest.raises(UnsafeMedia, match="ZIP archive at once"):
        await probe(data + archive(evil_txt=b"x"))


async def test_a_playlist_is_not_followed(tmp_path: Path) -> None:
    """FFmpeg would read whatever a playlist names."""
    secret = tmp_path / "secret.wav"
    secret.write_bytes(audio_file())
    playlist = f"#EXTM3U\n#EXTINF:1,\n{secret}\n".encode()
    for declared in ("video/mp4", "audio/mpeg", "audio/wav"):
        with pytest.raises((MediaMismatch, BrokenMedia)):
            await probe(playlist, mime_type=declared)
    assert facts(await probe(playlist)) == {"mime_type": "application/vnd.apple.mpegurl"}


def test_only_the_decoder_of_the_type_is_tried() -> None:
    data = audio_file("wav")
    file = LocalFile(kind=MediaType.AUDIO, mime_type="audio/flac", shown=True, size_bytes=len(data), data=data)
    with pytest.raises(BrokenMedia):
        probed(Stop(), file, DecodingLimits(), whole=False)
    picked = LocalFile(kind=MediaType.IMAGE, mime_type="image/png", shown=True, size_bytes=5, data=picture("JPEG"))
    with pytest.raises(BrokenMedia):
        probed(Stop(), picked, DecodingLimits(), whole=False)


async def test_in_a_process() -> None:
    workers = Workers(1, processes=True)
    found = await probe(picture(), workers=workers)
    assert (found.metadata.width, found.metadata.height) == (64, 48)
    with pytest.raises(UnsafeMedia, match="max_pixels"):
        await probe(picture(), workers=workers, limits=DecodingLimits(max_pixels=1))


WHOLE = [
    *map(picture, ("PNG", "JPEG", "WEBP", "TIFF")), animation(), audio_file(seconds=0.05), audio_file("mp3", 0.2),
    video_file(frames=3), video_file("webm", 3, codec="libvpx"), pdf_file(), archive(a_txt=b"hello"),
]  # fmt: skip


@settings(max_examples=40)
@given(st.sampled_from(WHOLE), st.data())
def test_damage_anywhere_is_a_typed_error_or_no_matter(data: bytes, drawn: st.DataObject) -> None:
    damaged = bytearray(data)
    for _ in range(drawn.draw(st.integers(1, 8))):
        damaged[drawn.draw(st.integers(0, len(data) - 1))] = drawn.draw(st.integers(0, 255))
    cut = drawn.draw(st.integers(1, len(data)))
    try:
        found = asyncio.run(probe(bytes(damaged[:cut]), whole=True))
    except MediaError:
        return
    assert isinstance(found.metadata, MediaMetadata)
