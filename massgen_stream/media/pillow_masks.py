"""Masks and canvases through Pillow."""

from __future__ import annotations

import io
from typing import Final, NamedTuple

from PIL import Image, ImageOps

from .decoding_limits import DecodingLimits
from .local_file import LocalFile
from .pillow_pictures import is_turned, opened_picture, shown_size

_WHITE: Final = 255
HALF: Final = 128
"""A pixel that is less opaque counts as transparent."""


def upright_size(file: LocalFile, limits: DecodingLimits) -> tuple[int, int]:
    """Return width and height of a picture as it is shown."""
    with opened_picture(file, limits) as image:
        return shown_size(image)


class Layer(NamedTuple):
    """A picture that is laid over another one, for its transparency.

    Attributes:
        image: As it is shown, in RGBA.
        has_alpha: Whether the file says how opaque it is.
        is_plain: Whether the file is a PNG in RGBA that is shown as it is stored.
    """

    image: Image.Image
    has_alpha: bool
    is_plain: bool

    @classmethod
    def of(cls, file: LocalFile, limits: DecodingLimits) -> Layer:
        """Return what a file holds."""
        with opened_picture(file, limits) as image:
            is_plain = image.format == "PNG" and image.mode == "RGBA" and not is_turned(image)
            return cls(ImageOps.exif_transpose(image).convert("RGBA"), image.has_transparency_data, is_plain)

    @property
    def least_opaque(self) -> int:
        """The lowest of its levels: 0 is fully transparent, from 128 on it counts as opaque."""
        return next(level for level, count in enumerate(self.image.getchannel("A").histogram()) if count)

    def of_size(self, size: tuple[int, int]) -> Layer:
        """Return it larger or smaller, with no levels but its own."""
        return Layer(self.image.resize(size, Image.Resampling.NEAREST), self.has_alpha, False)

    def cleared(self) -> Layer:
        """Return it fully transparent wherever it counts as that."""
        alpha = self.image.getchannel("A").point([0 if level < HALF else level for level in range(256)])
        image = self.image.copy()
        image.putalpha(alpha)
        return Layer(image, self.has_alpha, False)

    def white_png(self) -> bytes:
        """Return a PNG that is white where it is transparent, and black elsewhere."""
        return _png(self.image.getchannel("A").point([_WHITE if level < HALF else 0 for level in range(256)]))

    def black_png(self) -> bytes:
        """Return a PNG that is black and as transparent as it is, which takes fewer bytes."""
        black = Image.new("RGBA", self.image.size)
        black.putalpha(self.image.getchannel("A"))
        return _png(black)


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
