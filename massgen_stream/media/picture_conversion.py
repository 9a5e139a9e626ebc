"""Pictures in other formats and sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..errors import BrokenMedia, ConfigurationError
from ..stream_chunk.kinds import MediaType
from .converted import Converted
from .decoding_limits import DEFAULT, DecodingLimits
from .kept_results import run_kept
from .local_file import LocalFile, local_file
from .mime_names import normal_mime
from .worker_pool import THREADS, Stop, Workers, library_for

if TYPE_CHECKING:
    from .cache import MediaCache

_BEST: Final = 100


async def convert_image(
    medium: Any,
    *,
    mime_type: str = "image/webp",
    max_width: int | None = None,
    max_height: int | None = None,
    quality: int = 80,
    moving: bool = False,
    limits: DecodingLimits = DEFAULT,
    workers: Workers = THREADS,
    cache: MediaCache | None = None,
) -> Converted:
    """Return a picture in another format, shrunk where it is larger than asked for.

    It is turned the way its Exif data says, keeps its colour profile, and loses all other metadata (place and time of a
    photo included).

    Args:
        medium: Anything that `MediaSource.of` takes.
        mime_type: PNG, JPEG, WebP, GIF, AVIF, TIFF or BMP.
        max_width: Pixels; the shape is kept, and nothing is enlarged.
        max_height: Pixels.
        quality: 1 to 100, of JPEG, WebP (100 is lossless) and AVIF.
        moving: Keep all frames of an animation, in GIF, WebP or PNG.
        limits: What is refused before it is decoded.
        workers: Where it is done.
        cache: Where the result is kept, and looked for first; None: nowhere.

    Raises:
        ConfigurationError: No pictures of this type are made, or a figure is out of its range.
        BrokenMedia: It is no picture, cut off or damaged.
        UnsafeMedia: It is over a limit.
        MediaError: It cannot be read.
    """
    for name, value in (("max_width", max_width), ("max_height", max_height), ("quality", quality)):
        if value is not None and (value < 1 or (name == "quality" and value > _BEST)):
            raise ConfigurationError(f"option {name} must be 1 or more, and quality at most {_BEST}, not {value}")
    wanted = (normal_mime(mime_type), max_width, max_height, quality, moving)
    async with local_file(medium, max_bytes=limits.max_bytes) as file:
        return await run_kept(cache, workers, Converted, convert_local, file, wanted, limits)


def convert_local(
    stop: Stop, file: LocalFile, wanted: tuple[str, int | None, int | None, int, bool], limits: DecodingLimits
) -> Converted:
    """Return a local picture in another form (type, width, height, quality, moving); blocks."""
    if file.kind is not MediaType.IMAGE:
        raise BrokenMedia(
            f"it is {file.mime_type}, no picture; use poster, page_pictures or waveform for a picture of it"
        )
    with library_for("converting pictures"):
        from .pillow_encoding import PictureForm, convert_picture  # noqa: PLC0415 - an optional library

    mime_type, width, height, quality, moving = wanted
    form = PictureForm(mime_type=mime_type, max_width=width, max_height=height, quality=quality, moving=moving)
    return convert_picture(stop, file, form, limits)
