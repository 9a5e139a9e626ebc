"""Pictures in other formats and sizes."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from massgen_stream.errors import BrokenMedia, ConfigurationError, UnsafeMedia
from massgen_stream.media.decoding_limits import DecodingLimits
from massgen_stream.media.picture_conversion import convert_image
from massgen_stream.media.probing import probe
from massgen_stream.media.worker_pool import Workers

from .files import animation, audio_file, heic, painted, picture

pytestmark = pytest.mark.anyio

TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif", "image/avif", "image/tiff", "image/bmp"]
FORMS = ["PNG", "JPEG", "GIF", "WEBP", "AVIF", "TIFF", "BMP", "JPEG2000"]


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def colour(image: Image.Image, x: float, y: float) -> Any:
    return image.convert("RGB").getpixel((int(image.width * x), int(image.height * y)))


def near(found: Any, wanted: tuple[int, int, int], tolerance: int = 40) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("mime_type", TYPES)
async def test_every_format_to_every_other(form: str, mime_type: str) -> None:
    done = await convert_image(picture(form, 120, 80), mime_type=mime_type, max_width=60)
    image = opened(done.data)
    assert Image.MIME[str(image.format)] == mime_type
    assert image.size == (60, 40) == (done.metadata.width, done.metadata.height)
    assert near(colour(image, 0.75, 0.75), (20, 60, 220))
    assert done.metadata.size_bytes == len(done.data)
    assert done.metadata.checksum is not None
    assert done.losses[0] == "shrunk from 120 x 80 to 60 x 40 pixels"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
@pytest.mark.parametrize("mime_type", TYPES)
async def test_every_mode_of_colour(mode: str, mime_type: str) -> None:
    body = io.BytesIO()
    source = painted(40, 30, "RGB").convert("L").convert(mode) if mode in ("I;16", "I", "F") else painted(40, 30, mode)
    source.save(body, "TIFF")
    done = await convert_image(body.getvalue(), mime_type=mime_type, max_width=20)
    assert opened(done.data).size == (20, 15)


async def test_nothing_is_lost_where_nothing_changes() -> None:
    done = await convert_image(picture("PNG"), mime_type="image/png")
    assert done.losses == ()
    assert opened(done.data).tobytes() == opened(picture("PNG")).tobytes()
    lossless = await convert_image(picture("PNG"), mime_type="image/webp", quality=100)
    assert lossless.losses == ()
    assert opened(lossless.data).convert("RGB").tobytes() == opened(picture("PNG")).tobytes()


async def test_a_photo_of_a_telephone() -> None:
    done = await convert_image(heic(120, 80), mime_type="image/jpeg", max_width=60)
    assert opened(done.data).size == (60, 40)
    assert near(colour(opened(done.data), 0.75, 0.75), (20, 60, 220))


async def test_nothing_is_enlarged() -> None:
    done = await convert_image(picture("PNG", 64, 48), mime_type="image/png", max_width=1000, max_height=1000)
    assert (done.metadata.width, done.metadata.height) == (64, 48)


async def test_quality_is_told_and_matters() -> None:
    small = await convert_image(picture("PNG", 200, 200), mime_type="image/jpg", quality=20)
    large = await convert_image(picture("PNG", 200, 200), mime_type="image/jpeg", quality=95)
    assert len(small.data) < len(large.data)
    assert small.losses == ("encoded as image/jpeg with quality 20",)


async def test_a_turned_photo_stands_upright_and_forgets_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "at home"
    done = await convert_image(
        picture("JPEG", 120, 80, exif=exif.tobytes()), mime_type="image/jpeg", max_width=20, max_height=100
    )
    image = opened(done.data)
    assert image.size == (20, 30)
    assert near(colour(image, 0.25, 0.75), (20, 60, 220))  # bottom right has become bottom left
    assert dict(image.getexif()) == {}


async def test_transparency_becomes_white_and_that_is_told() -> None:
    body = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(body, "PNG")
    done = await convert_image(body.getvalue(), mime_type="image/jpeg")
    assert "transparency is white now" in done.losses
    assert near(colour(opened(done.data), 0.5, 0.5), (255, 255, 255), 3)
    kept = await convert_image(body.getvalue(), mime_type="image/webp")
    assert opened(kept.data).mode == "RGBA"


async def test_a_colour_profile_stays() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    done = await convert_image(picture("JPEG", 100, 100, icc_profile=profile), mime_type="image/webp", max_width=50)
    assert opened(done.data).info["icc_profile"] == profile


@pytest.mark.parametrize("mime_type", ["image/gif", "image/webp", "image/png"])
async def test_animations_keep_moving_when_asked(mime_type: str) -> None:
    data = animation("GIF", frames=4, width=80, height=60)
    done = await convert_image(data, mime_type=mime_type, max_width=40, moving=True)
    image = opened(done.data)
    assert getattr(image, "n_frames", 1) == 4 == done.metadata.frames
    assert image.size == (40, 30)
    assert (await probe(done.data, whole=True)).metadata.duration_seconds == pytest.approx(0.4)
    still = await convert_image(data, mime_type=mime_type)
    assert getattr(opened(still.data), "n_frames", 1) == 1
    assert "only the first of 4 frames is kept" in still.losses


async def test_what_a_format_cannot_hold_is_shrunk_and_told() -> None:
    done = await convert_image(picture("PNG", 20_000, 10), mime_type="image/webp")
    assert done.metadata.width == 16383
    assert done.losses[0] == "shrunk from 20000 x 10 to 16383 x 8 pixels"


async def test_figures_out_of_range() -> None:
    for options in ({"quality": 0}, {"quality": 101}, {"max_width": 0}, {"max_height": -1}):
        with pytest.raises(ConfigurationError, match="must be 1 or more"):
            await convert_image(picture(), **options)  # type: ignore[arg-type]


async def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="use one of: image/png"):
        await convert_image(picture(), mime_type="image/heic")
    with pytest.raises(BrokenMedia, match="audio/wav, no picture"):
        await convert_image(audio_file())
    with pytest.raises(BrokenMedia, match="cut off"):
        await convert_image(picture("PNG", 200, 200)[:900])
    with pytest.raises(BrokenMedia, match="no decoder"):
        await convert_image(b"<svg/>")
    with pytest.raises(UnsafeMedia):
        await convert_image(picture(), limits=DecodingLimits(max_pixels=5))


async def test_in_a_process(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(picture())
    done = await convert_image(path, workers=Workers(1, processes=True))
    assert opened(done.data).size == (64, 48)
