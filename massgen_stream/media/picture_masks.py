"""Masks of pictures: what is transparent in one is to be painted anew; some vendors want it so, others white."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..errors import BrokenMedia, MediaError, MediaOverLimit
from ..stream_chunk.kinds import MediaType
from .decoding_limits import DEFAULT, DecodingLimits
from .local_file import LocalFile, local_file
from .worker_pool import THREADS, Stop, Workers, library_for

if TYPE_CHECKING:
    from .pillow_masks import Layer

_MASK: Final = "the mask"
_PICTURE: Final = "the picture of the mask"
_SAME_SHAPE: Final = 0.01
"""As much as width divided by height may differ, as a share of it: small sizes are rounded."""
_MEND: Final = "save it as a PNG that is transparent where the picture is to be changed"


class Mask(NamedTuple):
    """A mask that fits its picture.

    Attributes:
        data: PNG of the picture's size.
        changes: What it was made otherwise than it was given, one line each; a form that means the same is no change.
    """

    data: bytes
    changes: tuple[str, ...] = ()


class Widened(NamedTuple):
    """A picture on a larger canvas, and where it is empty.

    Attributes:
        picture: PNG.
        mask: PNG of the same size, white where nothing is painted yet.
    """

    picture: bytes
    mask: bytes


async def white_mask(mask: Any, picture: Any, *, limits: DecodingLimits = DEFAULT, workers: Workers = THREADS) -> Mask:
    """Return a mask as a PNG that is white where *mask* is transparent, and black elsewhere.

    Args:
        mask: Anything that `MediaSource.of` takes.
        picture: The picture that it belongs to; a mask of the same shape is brought to its size.
        limits: What is refused before it is decoded.
        workers: Where it is done.

    Raises:
        MissingExtra: Pillow is not installed.
        MediaError: It has another shape than the picture, or is nowhere transparent; or one of them cannot be read.
        BrokenMedia: One of them is no picture, cut off or damaged.
        UnsafeMedia: One of them is over a limit.
    """
    async with AsyncExitStack() as stack:
        one = await _at_hand(stack, _MASK, mask, limits)
        other = await _at_hand(stack, _PICTURE, picture, limits)
        return await workers.run(_white_mask, one, other, limits)


async def clear_mask(
    mask: Any,
    picture: Any | None,
    *,
    most_bytes: int | None = None,
    limits: DecodingLimits = DEFAULT,
    workers: Workers = THREADS,
) -> Mask:
    """Return a mask as a PNG in RGBA that is fully transparent where *mask* is transparent.

    What is such a PNG already, and small enough, is returned as it is; else one is made without its colours, which mean
    nothing.

    Args:
        mask: Anything that `MediaSource.of` takes.
        picture: The picture that it belongs to; None: nobody here knows its size.
        most_bytes: The largest that its receiver takes.
        limits: What is refused before it is decoded.
        workers: Where it is done.

    Raises:
        MissingExtra: Pillow is not installed.
        MediaOverLimit: It is over *most_bytes* even without colours.
        MediaError: It has another shape than the picture, or is nowhere transparent; or one of them cannot be read.
        BrokenMedia: One of them is no picture, cut off or damaged.
        UnsafeMedia: One of them is over a limit.
    """
    async with AsyncExitStack() as stack:
        one = await _at_hand(stack, _MASK, mask, limits)
        other = None if picture is None else await _at_hand(stack, _PICTURE, picture, limits)
        return await workers.run(_clear_mask, one, other, most_bytes, limits)


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


async def _at_hand(stack: AsyncExitStack, what: str, medium: Any, limits: DecodingLimits) -> LocalFile:
    with _named(what):
        return await stack.enter_async_context(local_file(medium, max_bytes=limits.max_bytes))


def _white_mask(_: Stop, mask: LocalFile, picture: LocalFile, limits: DecodingLimits) -> Mask:
    layer, changes = _fitted(mask, picture, limits)
    return Mask(layer.white_png(), changes)


def _clear_mask(
    _: Stop, mask: LocalFile, picture: LocalFile | None, most_bytes: int | None, limits: DecodingLimits
) -> Mask:
    layer, changes = _fitted(mask, picture, limits)
    if layer.least_opaque > 0:
        layer = layer.cleared()
        changes = (*changes, "the mask is fully transparent now where it was more than half so")
    fits = most_bytes is None or mask.size_bytes <= most_bytes
    if layer.is_plain and fits:
        with mask.opened() as file:
            return Mask(file.read(), changes)
    made = layer.black_png()
    if most_bytes is not None and len(made) > most_bytes:
        raise MediaOverLimit([f"the mask has {len(made)} bytes, over the limit of {most_bytes}; give it fewer details"])
    return Mask(made, changes)


def _fitted(mask: LocalFile, picture: LocalFile | None, limits: DecodingLimits) -> tuple[Layer, tuple[str, ...]]:
    """Return a mask of the size of its picture, and what was changed for that."""
    with library_for("masks"):
        from .pillow_masks import HALF, Layer, upright_size  # noqa: PLC0415 - an optional library

    if mask.kind is not MediaType.IMAGE:
        raise BrokenMedia(f"the mask is {mask.mime_type}, which is no picture; {_MEND}")
    with _named(_MASK):
        layer = Layer.of(mask, limits)
    if not layer.has_alpha:
        raise MediaError(f"the mask has no alpha channel, and black and white are not read as one; {_MEND}")
    if layer.least_opaque >= HALF:
        raise MediaError("the mask is nowhere transparent; make it so where the picture is to be changed")
    if picture is None:
        return layer, ()
    with _named(_PICTURE):
        wanted = upright_size(picture, limits)
    return (layer, ()) if layer.image.size == wanted else _resized(layer, wanted)


def _resized(layer: Layer, wanted: tuple[int, int]) -> tuple[Layer, tuple[str, ...]]:
    size = layer.image.size
    one, other = ("x".join(map(str, sides)) for sides in (size, wanted))
    if abs(size[0] * wanted[1] / (size[1] * wanted[0]) - 1) > _SAME_SHAPE:
        raise MediaError(f"the mask is {one}, its picture {other}; make them the same size")
    return layer.of_size(wanted), (f"the mask is resized from {one} to {other}, the size of its picture",)


@contextmanager
def _named(what: str) -> Iterator[None]:
    """Say which one of two pictures it is that cannot be taken."""
    try:
        yield
    except MediaError as error:
        error.problem = f"{what}: {error.problem}"
        raise


def _widened(_: Stop, file: LocalFile, ratio: float, limits: DecodingLimits) -> Widened:
    with library_for("outpainting"):
        from .pillow_masks import on_canvas, upright_size  # noqa: PLC0415 - an optional library

    width, height = upright_size(file, limits)
    canvas = (max(width, round(height * ratio)), max(height, round(width / ratio)))
    if canvas == (width, height):
        raise MediaError(f"the picture is {width}x{height}, which is the shape that is asked for: nothing is added")
    limits.check_size(*canvas)
    return Widened(*on_canvas(file, canvas, limits))
