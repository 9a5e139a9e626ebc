"""Masks of pictures, and pictures on larger canvases."""

import io
from typing import Any

import pytest
from PIL import Image

from massgen_stream.errors import BrokenMedia, MediaError, MediaOverLimit, MissingExtra, UnsafeMedia
from massgen_stream.media.decoding_limits import DecodingLimits
from massgen_stream.media.picture_masks import clear_mask, white_mask, widened

from .files import audio_file, picture

pytestmark = pytest.mark.anyio
SIZE = (64, 48)


def encoded(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def hole(mode: str = "RGBA", size: tuple[int, int] = SIZE) -> Image.Image:
    """Return a mask that is transparent on its left half."""
    image = Image.new("RGBA", size, (200, 10, 10, 255))
    image.paste((200, 10, 10, 0), (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def turned(image: Image.Image) -> bytes:
    """Return a picture that lies on its side, and says so."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(image, exif=exif)


def levels(png: bytes, *places: tuple[int, int]) -> list[Any]:
    with Image.open(io.BytesIO(png)) as image:
        assert (image.format, image.mode) == ("PNG", "L")
        return [image.getpixel(place) for place in places]


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize("form", ["PNG", "WEBP"])
async def test_what_is_transparent_becomes_white(mode: str, form: str) -> None:
    mask = encoded(hole(mode).convert("RGBA") if form == "WEBP" else hole(mode), form, **({"lossless": True}
                   if form == "WEBP" else {}))  # fmt: skip
    white = await white_mask(mask, picture("JPEG", *SIZE))
    assert white.changes == ()
    assert levels(white.data, (0, 0), (31, 47), (32, 0), (63, 47)) == [255, 255, 0, 0]


@pytest.mark.parametrize(("alpha", "level"), [(0, 255), (127, 255), (128, 0)])
async def test_half_transparent_parts_fall_on_one_side(alpha: int, level: int) -> None:
    mask = Image.new("RGBA", SIZE, (0, 0, 0, alpha))
    mask.putpixel((0, 0), (0, 0, 0, 0))
    assert levels((await white_mask(encoded(mask), picture())).data, (5, 5)) == [level]


async def test_a_picture_that_lies_on_its_side() -> None:
    white = await white_mask(encoded(hole(size=(48, 64))), turned(Image.new("RGB", SIZE)))
    assert levels(white.data, (0, 0), (47, 63)) == [255, 0]
    white = await white_mask(turned(hole()), picture(width=48, height=64))
    assert levels(white.data, (0, 0), (47, 0), (0, 63), (47, 63)) == [255, 255, 0, 0]


@pytest.mark.parametrize("kind", [white_mask, clear_mask])
@pytest.mark.parametrize(
    ("mask", "said"),
    [
        (picture("JPEG"), "the mask has no alpha channel, and black and white are not read as one; save it as a PNG"),
        (encoded(Image.new("RGBA", SIZE, (0, 0, 0, 128))), "the mask is nowhere transparent; make it so where"),
        (encoded(hole(size=(48, 64))), "the mask is 48x64, its picture 64x48; make them the same size"),
        (encoded(hole(size=(64, 47))), "the mask is 64x47, its picture 64x48; make them the same size"),
        (encoded(hole())[:60], "the mask: the picture cannot be decoded"),
        (audio_file(), "the mask is audio/wav, which is no picture; save it as a PNG that is transparent where"),
    ],
    ids=["opaque", "half", "shape", "rounded", "cut", "sound"],
)
async def test_masks_that_do_not_fit(kind: Any, mask: bytes, said: str) -> None:
    with pytest.raises(MediaError, match=said):
        await kind(mask, picture())


async def test_a_picture_that_is_damaged_is_told_from_its_mask() -> None:
    with pytest.raises(BrokenMedia, match=r"^the picture of the mask: "):
        await clear_mask(encoded(hole()), picture()[:40])


@pytest.mark.parametrize("size", [(32, 24), (128, 96), (43, 32)])
async def test_a_mask_of_the_same_shape_is_resized_and_told(size: tuple[int, int]) -> None:
    told = (f"the mask is resized from {size[0]}x{size[1]} to 64x48, the size of its picture",)
    white = await white_mask(encoded(hole(size=size)), picture())
    clear = await clear_mask(encoded(hole(size=size)), picture())
    assert white.changes == clear.changes == told
    assert levels(white.data, (0, 0), (63, 47)) == [255, 0]
    assert opacities(clear.data, (0, 0), (63, 47)) == [0, 255]
    with Image.open(io.BytesIO(clear.data)) as image:
        assert [level for level, count in enumerate(image.getchannel("A").histogram()) if count] == [0, 255]


def opacities(png: bytes, *places: tuple[int, int]) -> list[Any]:
    with Image.open(io.BytesIO(png)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGBA", SIZE)
        return [image.getchannel("A").getpixel(place) for place in places]


def palette() -> Image.Image:
    """Return a mask whose palette has a transparent colour."""
    image = Image.new("P", SIZE, 1)
    image.putpalette([0, 0, 0, 255, 255, 255])
    image.paste(0, (0, 0, 32, 48))
    return image


@pytest.mark.parametrize(
    "mask",
    [
        encoded(palette(), transparency=0),
        encoded(palette(), "GIF", transparency=0),
        encoded(hole("LA")),
        encoded(hole(), "WEBP", lossless=True),
        encoded(Image.composite(hole(), Image.new("RGBA", SIZE), hole().getchannel("A")), "TIFF"),
    ],
    ids=["palette", "gif", "grey", "webp", "tiff"],
)
async def test_transparency_of_any_file_becomes_that_of_a_png(mask: bytes) -> None:
    made = await clear_mask(mask, picture("JPEG"))
    assert made.changes == ()
    assert opacities(made.data, (0, 0), (31, 47), (32, 0), (63, 47)) == [0, 0, 255, 255]


@pytest.mark.parametrize("given", [picture("JPEG"), None])
async def test_a_mask_that_is_such_a_png_stays_as_it_is(given: bytes | None) -> None:
    mask = encoded(hole())
    assert await clear_mask(mask, given, most_bytes=len(mask)) == (mask, ())


async def test_a_mask_that_lies_on_its_side_is_stood_up() -> None:
    made = await clear_mask(turned(hole(size=(48, 64))), picture())
    assert opacities(made.data, (0, 0), (63, 0), (0, 47), (63, 47)) == [0, 0, 255, 255]


async def test_a_mask_that_is_half_transparent_is_made_so_and_told() -> None:
    mask = hole()
    mask.putalpha(mask.getchannel("A").point([100, *[200] * 255]))
    made = await clear_mask(encoded(mask), picture())
    assert made.changes == ("the mask is fully transparent now where it was more than half so",)
    assert opacities(made.data, (0, 0), (63, 0)) == [0, 200]


async def test_colours_of_a_mask_go_where_they_take_too_much() -> None:
    noise = Image.effect_noise(SIZE, 90).convert("RGB")
    noise.putalpha(hole().getchannel("A"))
    mask = encoded(noise)
    made = await clear_mask(mask, picture(), most_bytes=len(mask) - 1)
    assert (made.changes, len(made.data) < 300) == ((), True)
    assert opacities(made.data, (0, 0), (63, 0)) == [0, 255]
    with pytest.raises(MediaOverLimit, match=rf"the mask has {len(made.data)} bytes, over the limit of 50; give"):
        await clear_mask(mask, picture(), most_bytes=50)


@pytest.mark.parametrize(
    ("ratio", "size", "place"),
    [(16 / 9, (85, 48), (10, 0)), (1.0, (64, 64), (0, 8)), (9 / 16, (64, 114), (0, 33))],
)
async def test_a_larger_canvas(ratio: float, size: tuple[int, int], place: tuple[int, int]) -> None:
    made = await widened(encoded(Image.new("RGBA", SIZE, (20, 60, 220, 255))), ratio)
    far = (place[0] + 63, place[1] + 47)
    assert levels(made.mask, place, far) == [0, 0]
    assert levels(made.mask, (0, 0), (size[0] - 1, size[1] - 1)) == [255, 255]
    with Image.open(io.BytesIO(made.picture)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", size)
        assert [image.getpixel(one) for one in (place, far, (0, 0))] == [(20, 60, 220), (20, 60, 220), (0, 0, 0)]


async def test_a_canvas_of_the_same_shape() -> None:
    with pytest.raises(MediaError, match="64x48, which is the shape that is asked for"):
        await widened(picture(), 4 / 3)


async def test_limits_and_damage() -> None:
    with pytest.raises(UnsafeMedia):
        await widened(picture(), 100.0, limits=DecodingLimits(max_pixels=10_000))
    with pytest.raises(UnsafeMedia):
        await white_mask(encoded(hole()), picture(), limits=DecodingLimits(max_pixels=100))
    with pytest.raises(BrokenMedia):
        await widened(audio_file(), 1.0)


@pytest.mark.parametrize(
    "call",
    [lambda: white_mask(picture(), picture()), lambda: widened(picture(), 1.0), lambda: clear_mask(picture(), None)],
)
async def test_without_pillow(monkeypatch: pytest.MonkeyPatch, call: Any) -> None:
    monkeypatch.setitem(__import__("sys").modules, "massgen_stream.media.pillow_masks", None)
    with pytest.raises(MissingExtra):
        await call()
