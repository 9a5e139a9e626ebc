"""Media of a request to Google: by an address that it reads itself, else with their bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ....backend.media_input import HEAD_BYTES
from ....errors import MediaError, MediaOverLimit
from ....media.detection import detect
from ....media.source import MediaSource
from ....media.worker_thread import in_thread
from ....provider.gemini import SPEC
from ....provider.spec import MIB
from ....stream_chunk.formatter.google_generate_content.media import is_read_by_google
from ....stream_chunk.formatter.google_interactions.contents import media_content
from ...config import Part

_NAMED: Final = {"image": "an image", "video": "a video"}


async def content_of(kind: str, part: Part) -> dict[str, Any]:
    """Return the content of an interaction for an ``image`` or a ``video``.

    Raises:
        MediaError: It cannot be read, or is over Google's limit.
    """
    found = part if part.get("file_id") is not None else await with_bytes(kind, part, is_read_by_google)
    return await in_thread(media_content, {**found, "type": kind}, {}, kind, [])


async def with_bytes(kind: str, part: Part, is_reachable: Callable[[str], bool]) -> Part:
    """Return a part with its bytes and their MIME type, unless its URL is one that Google reads itself.

    Args:
        kind: ``image`` or ``video``.
        part: The medium.
        is_reachable: Whether Google reads a URL.

    Raises:
        MediaError: It cannot be read, is something else, or is over Google's limit.
    """
    url = part.get("url")
    if isinstance(url, str) and is_reachable(url):
        return part
    source = MediaSource.of(part)
    most = SPEC.input_media[kind]
    try:
        data = await source.read(most)
    except MediaOverLimit:
        room = f"{(most or 0) / MIB:g} MiB"
        raise MediaOverLimit([f"the {kind} is over the limit of {room}; send a smaller one"]) from None
    mime_type = detect(data[:HEAD_BYTES], mime_type=source.mime_type).mime_type
    if not mime_type.startswith(f"{kind}/"):
        raise MediaError(f"what is given as {_NAMED[kind]} is {mime_type}")
    return {"data": data, "mime_type": mime_type}
