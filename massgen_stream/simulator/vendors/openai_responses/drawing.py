"""Pictures of the image tool: previews that grow sharper, then the picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from ....stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ....stream_chunk.multimodal import MediaMetadata, MultimodalStreamChunk
from ...answers.picture import png

_SIZE: Final = re.compile(r"(\d{1,4})x(\d{1,4})")
_USUAL: Final = (256, 256)
_MOST_PREVIEWS: Final = 3


def drawing(media_id: str, tool: dict[str, Any]) -> Iterator[MultimodalStreamChunk]:
    """Yield as many previews as *tool* wants, and the picture; in the tool's size, else a small one."""
    said = _SIZE.fullmatch(str(tool.get("size")))
    width, height = (max(1, int(said[1])), max(1, int(said[2]))) if said else _USUAL
    wanted = tool.get("partial_images")
    previews = min(wanted, _MOST_PREVIEWS) if isinstance(wanted, int) else 0
    for index in range(previews):
        data = png(width, height, sharpness=8 << index)
        yield _chunk(media_id, data, width, height, is_partial=True, partial_kind="preview", chunk_index=index)
    yield _chunk(media_id, png(width, height), width, height)


def _chunk(media_id: str, data: bytes, width: int, height: int, **more: Any) -> MultimodalStreamChunk:
    checksum = f"sha256:{sha256(data).hexdigest()}"
    return MultimodalStreamChunk(
        type=ChunkType.MEDIA,
        media_id=media_id,
        media_type=MediaType.IMAGE,
        media_encoding=MediaEncoding.BINARY,
        media_data=data,
        media_metadata=MediaMetadata(
            mime_type="image/png", size_bytes=len(data), width=width, height=height, checksum=checksum
        ),
        **more,
    )
