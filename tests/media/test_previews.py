"""Small pictures of media, pages and texts."""

import io
import struct
import wave
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from massgen_stream.errors import BrokenMedia, ConfigurationError, MediaError, UnsafeMedia
from massgen_stream.media.decoding_limits import DecodingLimits
from massgen_stream.media.previews import page_pictures, page_texts, poster, preview, thumbnail, waveform
from massgen_stream.media.worker_pool import Workers

from .files import animation, audio_file, frame_of, pdf_file, picture, text_pdf, turned_video, video_file

pytestmark = pytest.mark.anyio


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def coloured_video(form: str = "mp4") -> bytes:
    """Return two seconds of red, then two of blue."""
    import av

    body = io.BytesIO()
    with av.open(body, "w", form) as container:
        stream = container.add_stream("libx264", rate=10, options={"sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(40):
            frame = frame_of(Image.new("RGB", (64, 48), "red" if number < 20 else "blue"))
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return body.getvalue()


async def test_a_thumbnail_is_small() -> None:
    done = await thumbnail(picture("JPEG", 800, 600), size=128)
    assert opened(done.data).size == (128, 96)
    assert done.metadata.mime_type == "image/webp"
    assert len(done.data) < 4000
    assert opened((await thumbnail(animation(), mime_type="image/png", size=32)).data).size == (32, 24)


@pytest.mark.parametrize(
    ("at", "colour"), [(0, "red"), (1.95, "red"), (2.0, "blue"), (3.9, "blue"), (99, "blue"), (None, "red")]
)
@pytest.mark.parametrize("form", ["mp4", "mpegts", "matroska"])
async def test_a_poster_is_the_frame_at_its_time(form: str, at: float | None, colour: str) -> None:
    done = await poster(coloured_video(form), at_seconds=at, size=32, mime_type="image/png")
    image = opened(done.data).convert("RGB")
    assert image.size == (32, 24)
    found: Any = image.getpixel((16, 12))
    assert (found[0] > 150) is (colour == "red")
    assert (found[2] > 150) is (colour == "blue")


async def test_the_poster_of_a_turned_video_stands_upright() -> None:
    image = opened((await poster(turned_video(), mime_type="image/png")).data).convert("RGB")
    assert image.size == (48, 64)
    found: Any = image.getpixel((36, 16))
    assert found[2] > 150 > found[0]


async def test_a_waveform_is_tall_where_it_is_loud() -> None:
    done = await waveform(audio_file("wav", 1), width=100, height=40)
    image = opened(done.data).convert("L")
    assert image.size == (100, 40)
    dark = [sum(image.getpixel((x, y)) < 128 for y in range(40)) for x in range(100)]  # type: ignore[operator]
    assert all(20 <= height <= 30 for height in dark[2:-2])  # a sine of 20000 of 32768
    assert (await waveform(video_file(sound=True), mime_type="image/webp")).metadata.width == 256


async def test_a_waveform_shows_what_is_below_the_middle_too() -> None:
    body = io.BytesIO()
    with wave.open(body, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"".join(struct.pack("<h", -20000 if number // 400 % 2 else 0) for number in range(8000)))
    image = opened((await waveform(body.getvalue(), width=50, height=40)).data).convert("L")
    assert min(image.tobytes()[: 50 * 15]) < 128


async def test_pages() -> None:
    pages = [page async for page in page_pictures(text_pdf("Hello", "World", "!"), size=300, mime_type="image/png")]
    assert [opened(page.data).size for page in pages] == [(300, 100)] * 3
    assert len({page.data for page in pages}) == 3
    assert min(opened(pages[0].data).convert("L").tobytes()) < 100
    chosen = [page async for page in page_pictures(text_pdf("a", "b"), pages=[2, 1, 2], size=90)]
    assert len(chosen) == 3
    assert chosen[0].data == chosen[2].data != chosen[1].data


async def test_texts(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(text_pdf("Hello", "World"))
    assert [text async for text in page_texts(path)] == ["Hello", "World"]
    assert [text async for text in page_texts(path, pages=[2])] == ["World"]
    assert [text async for text in page_texts(path, max_characters=7)] == ["Hello", "Wo"]
    assert [text async for text in page_texts(pdf_file())] == [""]


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (picture("PNG", 200, 100), (64, 32)),
        (video_file(width=128, height=64), (64, 32)),
        (audio_file(), (64, 16)),
        (text_pdf("Hello"), (64, 22)),
    ],
)
async def test_a_preview_of_anything(data: bytes, size: tuple[int, int]) -> None:
    done = await preview(data, size=64)
    assert opened(done.data).size == size == (done.metadata.width, done.metadata.height)


async def test_in_a_process() -> None:
    workers = Workers(1, processes=True)
    assert (await preview(picture(), size=16, workers=workers)).metadata.width == 16
    assert (await preview(video_file(), size=16, workers=workers)).metadata.width == 16


async def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenMedia, match="no picture of text/plain"):
        await preview(b"hello")
    with pytest.raises(BrokenMedia, match="no video"):
        await poster(picture())
    with pytest.raises(BrokenMedia, match="no sound"):
        await waveform(video_file())
    with pytest.raises(BrokenMedia, match="no PDF"):
        await anext(page_texts(b"hello"))
    with pytest.raises(MediaError, match="no page 2; the document has 1"):
        await anext(page_pictures(pdf_file(), pages=[2]))
    with pytest.raises(ConfigurationError, match="one pixel"):
        await thumbnail(picture(), size=0)
    with pytest.raises(ConfigurationError, match="use one of"):
        await poster(video_file(), mime_type="image/heic")
    with pytest.raises(UnsafeMedia, match="max_pixels"):
        await waveform(audio_file(), width=10**6, height=10**6)
    with pytest.raises(UnsafeMedia, match="max_pixels"):
        await anext(page_pictures(pdf_file(), size=10**7))
    with pytest.raises(UnsafeMedia):
        await preview(video_file(), limits=DecodingLimits(max_pixels=10))
