"""Pictures as chunks: previews that grow sharper, then the picture."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from .picture import png

MOST_PREVIEWS: Final = 3
_PNG_SIDES: Final = (16, 20)
"""Places of width and height in a PNG: https://www.w3.org/TR/png-3/#11IHDR."""
_MIME_TYPES: Final = {"svg": "image/svg+xml"}


def drawn(
    media_id: str, size: tuple[int, int], previews: int = 0, *, form: str = "png", quality: int | None = None
) -> Iterator[MultimodalStreamChunk]:
    """Yield previews, and the picture.

    Args:
        media_id: Its id.
        size: Width and height in pixels.
        previews: How many, at most `MOST_PREVIEWS`.
        form: How it is coded: ``png`` or ``svg``, or with Pillow also ``jpeg``, ``webp`` and ``gif``.
        quality: Of JPEG and WebP, 0 to 100.
    """
    for index in range(min(previews, MOST_PREVIEWS)):
        data = coded(png(*size, sharpness=8 << index), form, quality)
        yield pictured(media_id, data, size, form, is_partial=True, partial_kind="preview", chunk_index=index)
    yield pictured(media_id, coded(png(*size), form, quality), size, form)


def coded(picture: bytes, form: str, quality: int | None = None) -> bytes:
    """Return a PNG in another format; with Pillow, unless it stays one, or becomes a part of an SVG."""
    if form == "png":
        return picture
    if form == "svg":
        return _svg(picture)
    from PIL import Image  # noqa: PLC0415 - an optional library

    out = BytesIO()
    with Image.open(BytesIO(picture)) as image:
        image.save(out, form, **({} if quality is None else {"quality": quality}))
    return out.getvalue()


def _svg(picture: bytes) -> bytes:
    width, height = (int.from_bytes(picture[place : place + 4]) for place in _PNG_SIDES)
    image = f'<image width="{width}" height="{height}" href="data:image/png;base64,{b64encode(picture).decode()}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{image}</svg>\n'.encode()


def pictured(media_id: str, data: bytes, size: tuple[int, int], form: str, **more: Any) -> MultimodalStreamChunk:
    """Return the chunk of a picture whose bytes are there; *more* are further fields."""
    width, height = size
    checksum = f"sha256:{sha256(data).hexdigest()}"
    return MultimodalStreamChunk(
        type=ChunkType.MEDIA,
        media_id=media_id,
        media_type=MediaType.IMAGE,
        media_encoding=MediaEncoding.BINARY,
        media_data=data,
        media_metadata=MediaMetadata(
            mime_type=_MIME_TYPES.get(form, f"image/{form}"),
            size_bytes=len(data),
            width=width,
            height=height,
            checksum=checksum,
        ),
        **more,
    )
