"""Words and media of a request in the JSON form of xAI's messages."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from ....backend.media_input import HEAD_BYTES
from ....errors import ConfigurationError, excerpt
from ....media.detection import detect
from ....media.source import MediaSource
from ....media.worker_thread import in_thread
from ...config import Part

Body = dict[str, Any]
_AS_THEY_ARE: Final = ("http://", "https://", "data:")
_MOST_BYTES: Final = 20 * 2**20
"""A message of the API holds no more (xai_sdk.client), so no more is read."""


async def image_field(part: Part) -> Body:
    """Return the ``ImageUrlContent`` for an image: xAI fetches URLs itself, everything else goes as a ``data:`` URL.

    Raises:
        MediaError: It cannot be read.
    """
    return {**await _referred(part, "image_url"), "detail": "DETAIL_AUTO"}


async def video_field(part: Part) -> Body:
    """Return the ``VideoUrlContent`` for a video.

    Raises:
        MediaError: It cannot be read.
    """
    return await _referred(part, "url")


def word(option: str, value: str, known: Mapping[str, str]) -> str:
    """Return xAI's name for a value; capitals make no difference.

    Raises:
        ConfigurationError: It has none.
    """
    found = known.get(value.lower())
    if found is None:
        raise ConfigurationError(f"{option} {excerpt(value)!r} is not one of {', '.join(known)}")
    return found


def words(prefix: str, *values: str) -> dict[str, str]:
    """Return the names of an enum's values by the short words for them."""
    return {value: prefix + value.upper().replace(":", "_") for value in values}


async def _referred(part: Part, url_field: str) -> Body:
    if part.get("file_id") is not None:
        return {"file_id": part["file_id"]}
    url = part.get("url")
    if isinstance(url, str) and url.lower().startswith(_AS_THEY_ARE):
        return {url_field: url}
    source = MediaSource.of(part)
    data = await source.read(_MOST_BYTES)
    mime_type = detect(data[:HEAD_BYTES], mime_type=source.mime_type).mime_type
    return {url_field: await in_thread(_data_url, mime_type, data)}


def _data_url(mime_type: str, data: bytes) -> str:
    return f"data:{mime_type};base64,{b64encode(data).decode('ascii')}"
