"""Pictures as chunks: previews that grow sharper, then the picture."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from .picture import png

MOST_PREVIEWS: Final = 3


def drawn(
    media_id: str, size: tuple[int, int], previews: int = 0, *, form: str = "png", quality: int | None = None
) -> Iterator[MultimodalStreamChunk]:
    """Yield previews, and the picture.

    Args:
        media_id: Its id.
        size: Width and height in pixels.
        previews: How many, at most `MOST_PREVIEWS`.
        form: How it is coded: ``png``, or with Pillow also ``jpeg``, ``webp`` and ``gif``.
        quality: Of JPEG and WebP, 0 to 100.
    """
    for index in range(min(previews, MOST_PREVIEWS)):
        data = coded(png(*size, sharpness=8 << index), form, quality)
        yield pictured(media_id, data, size, form, is_partial=True, partial_kind="preview", chunk_index=index)
    yield pictured(media_id, coded(png(*size), form, quality), size, form)


def coded(picture: bytes, form: str, quality: int | None = None) -> bytes:
    """Return a PNG in another format; with Pillow, unless it stays one."""
    if form == "png":
        return picture
    from PIL import Image  # noqa: PLC0415 - an optional library

    out = BytesIO()
    with Image.open(BytesIO(picture)) as image:
        image.save(out, form, **({} if quality is None else {"quality": quality}))
    return out.getvalue()


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
            mime_type=f"image/{form}", size_bytes=len(data), width=width, height=height, checksum=checksum
        ),
        **more,
    )
