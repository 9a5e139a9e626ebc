"""Pictures through Pillow: opened with one decoder, within limits, and with our errors."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PIL import Image

from ..errors import BrokenMedia, UnsafeMedia, excerpt
from .decoding_limits import DecodingLimits
from .local_file import LocalFile
from .worker_pool import Stop, library_for

DECODERS: Final = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
    "image/heic": "HEIF",
    "image/heif": "HEIF",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
    "image/jp2": "JPEG2000",
    "image/vnd.microsoft.icon": "ICO",
    "image/vnd.adobe.photoshop": "PSD",
    "image/x-tga": "TGA",
}
"""By MIME type, the one decoder that is tried: Pillow has others that start programs (EPS) or read anything."""

_TURNED: Final = frozenset((5, 6, 7, 8))
"""Values of the Exif field Orientation at which width and height change places."""
_ORIENTATION: Final = 0x0112
_UPRIGHT: Final = 1
# What Pillow's decoders raise for damaged files; SyntaxError is its word for a broken header, and where the program
# makes errors of warnings, those about damage are no others.
_BROKEN: Final = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError, ZeroDivisionError,
    AttributeError, NotImplementedError, RuntimeError, MemoryError, struct.error, zlib.error, Warning,
)  # fmt: skip


@contextmanager
def opened_picture(file: LocalFile, limits: DecodingLimits) -> Iterator[Image.Image]:
    """Open a picture without decoding it; what is done to it inside raises our errors too.

    Raises:
        BrokenMedia: It is damaged, or there is no decoder for its type.
        UnsafeMedia: It is over a limit.
        MissingExtra: The library for its type is not installed.
    """
    decoder = DECODERS.get(file.mime_type)
    if decoder is None:
        raise BrokenMedia(f"there is no decoder for {file.mime_type}; convert it to image/png or image/jpeg first")
    if decoder == "HEIF":
        _learn_heif()
    with file.opened() as raw, _translated(), Image.open(raw, formats=[decoder]) as image:
        limits.check_size(image.width, image.height)
        yield image


def _learn_heif() -> None:
    """Teach Pillow the format of telephones' photos; only where it is met: Pillow then knows it for everybody."""
    with library_for("reading HEIC pictures"):
        import pillow_heif  # noqa: PLC0415 - an optional library
    pillow_heif.register_heif_opener()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnsafeMedia(f"a decompression bomb: {excerpt(error)}") from None
    except _BROKEN as error:
        raise BrokenMedia(f"the picture cannot be decoded: {excerpt(error)}; it is cut off or damaged") from error


def is_turned(image: Image.Image) -> bool:
    """Return whether it is stored otherwise than it is shown: turned, or mirrored."""
    return bool(image.getexif().get(_ORIENTATION, _UPRIGHT) != _UPRIGHT)


def shown_size(image: Image.Image) -> tuple[int, int]:
    """Return width and height as people see it: cameras store pictures turned, and say so."""
    turned = image.getexif().get(_ORIENTATION) in _TURNED
    return (image.height, image.width) if turned else (image.width, image.height)


def frame_count(image: Image.Image) -> int:
    """Return how many frames it has."""
    return int(getattr(image, "n_frames", 1))


def decode_all(image: Image.Image, limits: DecodingLimits, stop: Stop) -> float | None:
    """Decode every frame, and return how many seconds they last together; None for a single one."""
    frames = frame_count(image)
    limits.check_size(image.width, image.height, frames)
    milliseconds = 0.0
    for number in range(frames):
        stop.check()
        image.seek(number)
        limits.check_size(image.width, image.height)
        image.load()
        milliseconds += float(image.info.get("duration") or 0)
    return milliseconds / 1000 if frames > 1 else None
