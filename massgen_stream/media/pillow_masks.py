"""Masks and canvases through Pillow."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image, ImageOps

from .decoding_limits import DecodingLimits
from .local_file import LocalFile
from .pillow_pictures import opened_picture, shown_size

_WHITE: Final = 255
_HALF: Final = 128
"""A pixel that is less opaque counts as transparent."""


def upright_size(file: LocalFile, limits: DecodingLimits) -> tuple[int, int]:
    """Return width and height of a picture as it is shown."""
    with opened_picture(file, limits) as image:
        return shown_size(image)


def transparency(file: LocalFile, limits: DecodingLimits) -> bytes:
    """Return a PNG that is white where a picture is transparent, and black elsewhere."""
    with opened_picture(file, limits) as image:
        upright = ImageOps.exif_transpose(image)
        alpha = upright.convert("RGBA").getchannel("A")
    return _png(alpha.point([_WHITE if level < _HALF else 0 for level in range(256)]))


def is_black(png: bytes) -> bool:
    """Return whether nothing in a mask is white."""
    with Image.open(io.BytesIO(png)) as image:
        return image.getbbox() is None


def on_canvas(file: LocalFile, size: tuple[int, int], limits: DecodingLimits) -> tuple[bytes, bytes]:
    """Return a picture in the middle of a black canvas, and a mask that is white around it."""
    with opened_picture(file, limits) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    place = ((size[0] - upright.width) // 2, (size[1] - upright.height) // 2)
    canvas, mask = Image.new("RGB", size), Image.new("L", size, _WHITE)
    canvas.paste(upright, place)
    mask.paste(0, (*place, place[0] + upright.width, place[1] + upright.height))
    return _png(canvas), _png(mask)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
