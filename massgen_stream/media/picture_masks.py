"""Masks of pictures: what is transparent in one is to be painted anew; vendors want it white instead."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..errors import MediaError
from .decoding_limits import DEFAULT, DecodingLimits
from .local_file import LocalFile, local_file
from .worker_pool import THREADS, Stop, Workers, library_for


class Widened(NamedTuple):
    """A picture on a larger canvas, and where it is empty.

    Attributes:
        picture: PNG.
        mask: PNG of the same size, white where nothing is painted yet.
    """

    picture: bytes
    mask: bytes


async def white_mask(mask: Any, picture: Any, *, limits: DecodingLimits = DEFAULT, workers: Workers = THREADS) -> bytes:
    """Return a mask as a PNG that is white where *mask* is transparent, and black elsewhere.

    Args:
        mask: Anything that `MediaSource.of` takes.
        picture: The picture that it belongs to.
        limits: What is refused before it is decoded.
        workers: Where it is done.

    Raises:
        MissingExtra: Pillow is not installed.
        MediaError: It has another size than the picture, or is nowhere transparent; or one of them cannot be read.
        BrokenMedia: One of them is no picture, cut off or damaged.
        UnsafeMedia: One of them is over a limit.
    """
    async with (
        local_file(mask, max_bytes=limits.max_bytes) as one,
        local_file(picture, max_bytes=limits.max_bytes) as other,
    ):
        return await workers.run(_white_mask, one, other, limits)


async def widened(
    picture: Any, ratio: float, *, limits: DecodingLimits = DEFAULT, workers: Workers = THREADS
) -> Widened:
    """Return a picture in the middle of a canvas of another shape, and the mask of what is empty there.

    Args:
        picture: Anything that `MediaSource.of` takes.
        ratio: Width divided by height of the canvas, which is as small as it can be.
        limits: What is refused before it is decoded, and made.
        workers: Where it is done.

    Raises:
        MissingExtra: Pillow is not installed.
        MediaError: The picture has that shape, or cannot be read.
        BrokenMedia: It is no picture, cut off or damaged.
        UnsafeMedia: It, or the canvas, is over a limit.
    """
    async with local_file(picture, max_bytes=limits.max_bytes) as file:
        return await workers.run(_widened, file, ratio, limits)


def _white_mask(_: Stop, mask: LocalFile, picture: LocalFile, limits: DecodingLimits) -> bytes:
    with library_for("masks"):
        from .pillow_masks import is_black, transparency, upright_size  # noqa: PLC0415 - an optional library

    size, wanted = upright_size(mask, limits), upright_size(picture, limits)
    if size != wanted:
        sizes = ["x".join(map(str, one)) for one in (size, wanted)]
        raise MediaError(f"the mask is {sizes[0]}, its picture {sizes[1]}; make them the same size")
    white = transparency(mask, limits)
    if is_black(white):
        raise MediaError("the mask is nowhere transparent; make it so where the picture is to be changed")
    return white


def _widened(_: Stop, file: LocalFile, ratio: float, limits: DecodingLimits) -> Widened:
    with library_for("outpainting"):
        from .pillow_masks import on_canvas, upright_size  # noqa: PLC0415 - an optional library

    width, height = upright_size(file, limits)
    canvas = (max(width, round(height * ratio)), max(height, round(width / ratio)))
    if canvas == (width, height):
        raise MediaError(f"the picture is {width}x{height}, which is the shape that is asked for: nothing is added")
    limits.check_size(*canvas)
    return Widened(*on_canvas(file, canvas, limits))
