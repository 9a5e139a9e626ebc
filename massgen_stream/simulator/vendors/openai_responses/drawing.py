"""Pictures of the image tool."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from ....stream_chunk.multimodal import MultimodalStreamChunk
from ...answers.drawn import drawn

_SIZE: Final = re.compile(r"(\d{1,4})x(\d{1,4})")
_USUAL: Final = (256, 256)


def drawing(media_id: str, tool: dict[str, Any]) -> Iterator[MultimodalStreamChunk]:
    """Yield as many previews as *tool* wants, and the picture; in the tool's size, else a small one."""
    said = _SIZE.fullmatch(str(tool.get("size")))
    size = (max(1, int(said[1])), max(1, int(said[2]))) if said else _USUAL
    wanted = tool.get("partial_images")
    return drawn(media_id, size, wanted if isinstance(wanted, int) else 0)
