"""Images made within a chat: the output of the tool is a JSON object with the image as a ``data:`` URL.

The image becomes a medium; the text around its URL stays the result of the tool, and remembers where the URL was, so
that the next request can hold the output as it came.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any, Final, NamedTuple

from ...errors import MalformedEvent
from ...stream_chunk.kinds import ChunkType, MediaEncoding, MediaType
from ...stream_chunk.media_item import described
from ...stream_chunk.multimodal import MultimodalStreamChunk
from ..base64_text import base64_bytes

Data = dict[str, Any]
PROTOCOL: Final = "grok"
_TYPE: Final = "image_generation_result"
_BASE64: Final = ";base64"


class Image(NamedTuple):
    """An image in the output of a tool.

    Attributes:
        medium: It, as a chunk.
        content: The output without the URL; the whole output where the URL cannot be taken out and put back exactly.
        at: Where in `content` the URL belongs; None where `content` holds it.
    """

    medium: MultimodalStreamChunk
    content: str
    at: int | None


def image_in(content: str, media_id: str) -> Image | None:
    """Return the image that the output of an image tool holds; None where it holds none, as after a failure."""
    envelope = _parsed(content)
    url = envelope.get("result")
    if envelope.get("__type") != _TYPE or not isinstance(url, str) or not url.startswith("data:image/"):
        return None
    mime_type, _, encoded = url.removeprefix("data:").partition(",")
    if not mime_type.endswith(_BASE64):
        return None
    try:
        data = base64_bytes(encoded, "result")
    except MalformedEvent:
        return None
    mime_type = mime_type.removesuffix(_BASE64)
    uuid = envelope.get("image_uuid")
    own = {"image_uuid": uuid} if isinstance(uuid, str) and uuid else {}
    medium = MultimodalStreamChunk(
        type=ChunkType.MEDIA,
        media_id=media_id,
        media_type=MediaType.IMAGE,
        media_encoding=MediaEncoding.BINARY,
        media_data=data,
        media_metadata=described(data, mime_type),
        provider_data={PROTOCOL: own} if own else None,
    )
    at = content.find(url)
    if at < 0 or data_url(mime_type, data) != url:
        return Image(medium, content, None)
    return Image(medium, content[:at] + content[at + len(url) :], at)


def data_url(mime_type: str, data: bytes) -> str:
    """Return the URL that holds *data*."""
    return f"data:{mime_type}{_BASE64},{b64encode(data).decode('ascii')}"


def image_output(data: bytes, mime_type: str, uuid: str) -> str:
    """Return the output of a tool that has made an image."""
    return json.dumps({"__type": _TYPE, "result": data_url(mime_type, data), "image_uuid": uuid})


def _parsed(content: str) -> Data:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
