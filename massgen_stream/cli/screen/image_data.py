"""The pixels of an image chunk."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...media.picture_heads import Size, stored_size
from ...stream_chunk.kinds import MediaEncoding, MediaType
from ...stream_chunk.media_item import bytes_or_reference
from ...stream_chunk.multimodal import MultimodalStreamChunk

if TYPE_CHECKING:
    from PIL.Image import Image

_MOST_PIXELS: Final = 64_000_000
_MOST_BYTES: Final = 64 * 1024 * 1024
_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
_BEHIND: Final = (24, 24, 24)
"""What is seen through transparent places."""


def holds_image(chunk: MultimodalStreamChunk) -> bool:
    """Return whether a chunk is an image with its bytes or its file, not only with its address."""
    return chunk.media_type == MediaType.IMAGE and (bool(chunk.path) or _holds_bytes(chunk))


def image_data(chunk: MultimodalStreamChunk) -> bytes | None:
    """Return the bytes that a chunk holds, or that are in its file."""
    if _holds_bytes(chunk):
        data = bytes_or_reference(chunk)
        return data if isinstance(data, bytes) else None
    place = Path(chunk.path) if chunk.path else None
    try:
        known = place is not None and place.is_file() and place.stat().st_size <= _MOST_BYTES
        return place.read_bytes() if place is not None and known else None
    except (OSError, ValueError):  # a zero byte in the name
        return None


def _holds_bytes(chunk: MultimodalStreamChunk) -> bool:
    return chunk.media_data is not None and chunk.media_encoding in (MediaEncoding.BINARY, MediaEncoding.BASE64)


def image_within(data: bytes, width: int, height: int) -> Image | None:
    """Return an image (RGB) of at most so many pixels a side, never enlarged; None if it cannot be read."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - an optional library

    if not _is_known_small(stored_size(BytesIO(data))):  # else Pillow would warn, in the middle of the screen
        return None
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as picture:
            if not _is_known_small(picture.size):  # the frame of a GIF may be larger than its screen
                return None
            picture.draft("RGB", (width, height * 2))
            small = picture.convert("RGBA")
            small.thumbnail((width, height))
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    flat = Image.new("RGBA", small.size, _BEHIND)
    flat.alpha_composite(small)
    return flat.convert("RGB")


def _is_known_small(size: Size | None) -> bool:
    return size is not None and size[0] * size[1] <= _MOST_PIXELS
