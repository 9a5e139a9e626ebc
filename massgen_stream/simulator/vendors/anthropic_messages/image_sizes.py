"""How many pixels Anthropic takes: https://platform.claude.com/docs/en/build-with-claude/vision#general-limits."""

from __future__ import annotations

import io
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ....media.picture_heads import Size, stored_size
from ...vendor import BadRequest

_SIDE: Final = 8000
_FEW: Final = 20
_SIDE_OF_MANY: Final = 2000
_TOO_LARGE: Final = "At least one of the image dimensions exceed max allowed size"


def check_images(blocks: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Check the pixels of all images of a request; those that are referred to are counted.

    Raises:
        BadRequest: One has too many.
    """
    images = [one for place, block in blocks for one in _images(place, block)]
    many = len(images) > _FEW
    side, for_many = (_SIDE_OF_MANY, " for many-image requests") if many else (_SIDE, "")
    for place, source in images:
        if max(_size(source)) > side:
            where = f"{place}.image.source.base64.data"
            raise BadRequest(f"{where}: {_TOO_LARGE}{for_many}: {side} pixels", param="messages")


def _images(place: str, block: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    source, inner = block.get("source"), block.get("content")
    if block.get("type") == "image" and isinstance(source, dict):
        yield place, source
    for number, one in enumerate(inner if block.get("type") == "tool_result" and isinstance(inner, list) else ()):
        if isinstance(one, dict):
            yield from _images(f"{place}.tool_result.content.{number}", one)


def _size(source: Mapping[str, Any]) -> Size:
    try:
        data = b64decode(str(source.get("data", "")))
    except ValueError:
        return (0, 0)
    return stored_size(io.BytesIO(data)) or (0, 0)
