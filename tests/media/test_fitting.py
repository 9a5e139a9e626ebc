"""Media made to keep limits."""

import io
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from massgen_stream.errors import BrokenMedia, MediaOverLimit
from massgen_stream.media.fitting import fit
from massgen_stream.media.limits import MediaLimits, breaches
from massgen_stream.media.picture_fitting import most_size
from massgen_stream.media.probing import probe
from massgen_stream.media.worker_pool import Workers
from massgen_stream.stream_chunk.multimodal import MediaMetadata

from .files import animation, audio_file, pdf_file, picture, video_file

pytestmark = pytest.mark.anyio


def noise(width: int, height: int, form: str = "PNG") -> bytes:
    """Return a picture that no codec makes small."""
    body = io.BytesIO()
    Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3)).save(body, form)
    return body.getvalue()


@pytest.mark.parametrize(
    "data",
    [picture(), audio_file(), video_file(), pdf_file(), b"hello"],
    ids=["image", "audio", "video", "pdf", "text"],
)
async def test_what_fits_stays_as_it_is(data: bytes) -> None:
    done = await fit(data, MediaLimits(max_bytes=len(data), max_long_edge=64, max_seconds=5, max_pages=1))
    assert done.data is None
    assert done.losses == ()
    assert done.metadata.size_bytes == len(data)


@pytest.mark.parametrize(
    "limits",
    [
        MediaLimits(max_long_edge=100),
        MediaLimits(max_width=90, max_height=1000),
        MediaLimits(max_pixels=5000),
        MediaLimits(max_bytes=20_000),
        MediaLimits(max_base64_bytes=20_000),
        MediaLimits(mime_types=("image/jpeg",)),
        MediaLimits(max_bytes=5_000, max_long_edge=150, mime_types=("image/png", "image/webp")),
        MediaLimits(max_bytes=9_000, mime_types=("image/png",)),
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    "data", [noise(200, 150), noise(200, 150, "JPEG"), noise(200, 150, "BMP")], ids=["png", "jpeg", "bmp"]
)
async def test_pictures(data: bytes, limits: MediaLimits) -> None:
    done = await fit(data, limits)
    if done.data is None:
        assert breaches((await probe(data)).metadata, limits) == []
        return
    found = (await probe(done.data, whole=True)).metadata
    assert breaches(found, limits) == []
    assert (found.width, found.height, found.mime_type) == (
        done.metadata.width,
        done.metadata.height,
        done.metadata.mime_type,
    )
    assert done.losses


async def test_a_picture_keeps_its_type_and_size_where_it_can() -> None:
    done = await fit(noise(200, 150, "JPEG"), MediaLimits(max_long_edge=199))
    assert (done.metadata.mime_type, done.metadata.width) == ("image/jpeg", 199)
    png = await fit(noise(200, 150), MediaLimits(max_long_edge=199, max_bytes=10**6))
    assert (png.metadata.mime_type, png.losses) == ("image/png", ("shrunk from 200 x 150 to 199 x 149 pixels",))


async def test_animations() -> None:
    data = animation("GIF", frames=6, width=120, height=90)
    moving = await fit(data, MediaLimits(max_long_edge=60))
    assert (moving.metadata.frames, moving.metadata.width) == (6, 60)
    still = await fit(data, MediaLimits(max_frames=5))
    assert still.metadata.frames is None
    assert "only the first of 6 frames is kept" in still.losses


@pytest.mark.parametrize(
    "limits",
    [
        MediaLimits(max_bytes=30_000),
        MediaLimits(max_bytes=12_000),
        MediaLimits(mime_types=("audio/mp3",)),
        MediaLimits(mime_types=("audio/flac",)),
        MediaLimits(max_bytes=20_000, mime_types=("audio/opus", "audio/ogg")),
    ],
    ids=repr,
)
async def test_sound(limits: MediaLimits) -> None:
    data = audio_file("wav", 4, channels=2)
    done = await fit(data, limits)
    assert done.data is not None
    found = (await probe(done.data)).metadata
    assert breaches(found, limits) == []
    assert found.duration_seconds == pytest.approx(4, abs=0.2)
    assert done.losses or limits.mime_types == ("audio/flac",)


@pytest.mark.parametrize(
    "limits",
    [
        MediaLimits(max_long_edge=100),
        MediaLimits(max_bytes=30_000),
        MediaLimits(max_bytes=30_000, max_height=64),
        MediaLimits(max_frames=12),
        MediaLimits(mime_types=("video/mp4",)),
    ],
    ids=repr,
)
async def test_video(limits: MediaLimits) -> None:
    form = "mp4" if limits.max_frames else "matroska"  # which does not tell how many frames it has
    data = video_file(form, 48, width=320, height=240, rate=12, sound=True)
    done = await fit(data, limits)
    assert done.data is not None
    found = (await probe(done.data, whole=True)).metadata
    assert breaches(found, limits) == []
    assert found.duration_seconds == pytest.approx(4, abs=0.5)


async def test_what_cannot_fit_names_limits_and_values() -> None:
    with pytest.raises(MediaOverLimit, match="the document has 3 pages, over max_pages 2"):
        await fit(pdf_file(pages=3), MediaLimits(max_pages=2))
    with pytest.raises(MediaOverLimit, match="seconds, over max_seconds 1"):
        await fit(audio_file("wav", 2), MediaLimits(max_seconds=1))
    with pytest.raises(MediaOverLimit, match="over max_bytes 30"):
        await fit(noise(200, 150), MediaLimits(max_bytes=30))
    with pytest.raises(MediaOverLimit, match="over max_bytes 300"):
        await fit(audio_file("wav", 2), MediaLimits(max_bytes=300))
    with pytest.raises(MediaOverLimit, match="over max_bytes 300"):
        await fit(video_file(), MediaLimits(max_bytes=300))
    with pytest.raises(MediaOverLimit, match="is image/png, and mime_types are video/mp4"):
        await fit(picture(), MediaLimits(mime_types=("video/mp4",)))
    with pytest.raises(MediaOverLimit, match="is text/plain"):
        await fit(b"hello", MediaLimits(mime_types=("application/pdf",)))
    with pytest.raises(BrokenMedia):
        await fit(picture("PNG", 200, 200)[:500], MediaLimits(max_long_edge=10))


async def test_in_a_process(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(picture())
    done = await fit(path, MediaLimits(max_width=10), workers=Workers(1, processes=True))
    assert done.metadata.width == 10


@given(
    st.integers(1, 9000),
    st.integers(1, 9000),
    st.fixed_dictionaries(
        {}, optional={name: st.integers(1, 5000) for name in ("max_width", "max_height", "max_long_edge", "max_pixels")}
    ),
)
def test_the_largest_size_keeps_the_limits(width: int, height: int, figures: Any) -> None:
    limits = MediaLimits(**figures)
    new = most_size((width, height), limits)
    found = breaches(MediaMetadata(mime_type="x/y", width=new[0], height=new[1]), limits)
    assert found == [] or 1 in new  # a line of one pixel cannot be thinner
    if not breaches(MediaMetadata(mime_type="x/y", width=width, height=height), limits):
        assert new == (width, height)
