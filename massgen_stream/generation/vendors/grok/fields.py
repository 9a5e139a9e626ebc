"""Words and media of a request in the JSON form of xAI's messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ....errors import ConfigurationError, excerpt
from ....media.worker_thread import in_thread
from ...config import Part
from ...form_file import form_file

Body = dict[str, Any]
_AS_THEY_ARE: Final = ("http://", "https://")
_MOST_BYTES: Final = 20 * 2**20
"""A message of the API holds no more (xai_sdk.client), so no more is read."""
_PICTURES: Final = ("image/png", "image/jpeg", "image/webp")
_FILMS: Final = ("video/mp4",)


async def image_field(part: Part) -> Body:
    """Return the ``ImageUrlContent`` for an image: xAI fetches URLs itself, everything else goes as a ``data:`` URL.

    Raises:
        MediaError: It cannot be read, is too large, or is no picture.
    """
    return {**await _referred(part, "image_url", "image", _PICTURES), "detail": "DETAIL_AUTO"}


async def video_field(part: Part) -> Body:
    """Return the ``VideoUrlContent`` for a video.

    Raises:
        MediaError: It cannot be read, is too large, or is no MP4.
    """
    return await _referred(part, "url", "video", _FILMS)


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


async def _referred(part: Part, url_field: str, where: str, takes: Sequence[str]) -> Body:
    if part.get("file_id") is not None:
        return {"file_id": part["file_id"]}
    url = part.get("url")
    if isinstance(url, str) and url.lower().startswith(_AS_THEY_ARE):
        return {url_field: url}
    file = await form_file(part, where, where, takes=takes, most_bytes=_MOST_BYTES)
    return {url_field: await in_thread(lambda: file.data_url)}
