"""Media of a request to OpenRouter: addresses stay as they are, everything else goes as a ``data:`` URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ...config import Part
from ...form_file import form_file

_MOST_BYTES: Final = 20 * 2**20
_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "image": ("image/png", "image/webp", "image/jpeg", "image/gif"),
    "video": ("video/mp4", "video/webm", "video/quicktime"),
    "audio": ("audio/mpeg", "audio/wav", "audio/flac", "audio/ogg", "audio/aac", "audio/mp4"),
}


async def media_parts(kind: str, parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Return ``{"type": "image_url", "image_url": {"url": …}}`` for each medium.

    Args:
        kind: ``image``, ``video`` or ``audio``.
        parts: The media.

    Raises:
        MediaError: One cannot be read, is too large, or is of no type that is taken.
    """
    field = f"{kind}_url"
    return [
        {"type": field, field: {"url": await media_url(kind, part, f"{kind} {number}")}}
        for number, part in enumerate(parts, 1)
    ]


async def media_url(kind: str, part: Part, where: str) -> str:
    """Return the URL of a medium.

    Raises:
        MediaError: It cannot be read, is too large, or is of no type that is taken.
    """
    url = part.get("url")
    if isinstance(url, str):
        return url
    return (await form_file(part, where, "", takes=_TYPES[kind], most_bytes=_MOST_BYTES)).data_url
