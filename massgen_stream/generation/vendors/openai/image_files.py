"""Images as OpenAI takes them: types and sizes are those of https://platform.openai.com/docs/api-reference/images."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ...config import Part
from ...form_file import FormFile, form_file

_PNG: Final = ("image/png",)
_PICTURES: Final = ("image/png", "image/webp", "image/jpeg")
_MOST_BYTES: Final = 50 * 2**20
_MOST_MASK_BYTES: Final = 4 * 2**20


async def image_file(number: int, part: Part) -> FormFile:
    """Return the file for input image *number*, from 1.

    Raises:
        MediaError: It cannot be read, is too large, or is no picture that OpenAI takes.
    """
    return await form_file(part, f"image {number}", f"image-{number}", takes=_PICTURES, most_bytes=_MOST_BYTES)


async def mask_file(path: Path, name: str) -> FormFile:
    """Return the file for the mask, or the markup, whichever *name* says.

    Raises:
        MediaError: It cannot be read, is too large, or is no PNG.
    """
    return await form_file(path, f"{name}_path", name, takes=_PNG, most_bytes=_MOST_MASK_BYTES)
