"""Images as OpenAI takes them: types and sizes are those of https://platform.openai.com/docs/api-reference/images."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ....media.picture_masks import clear_mask
from ...config import Part
from ...form_file import FormFile, form_file

_PNG: Final = ("image/png",)
_PICTURES: Final = ("image/png", "image/webp", "image/jpeg")
_MOST_BYTES: Final = 50 * 2**20
_MOST_MASK_BYTES: Final = 4 * 2**20 - 1
"""Less than 4 MB (openai SDK 3.51, `images.edit`); the mask has the size of the first image, and is a PNG."""


async def image_file(number: int, part: Part) -> FormFile:
    """Return the file for input image *number*, from 1.

    Raises:
        MediaError: It cannot be read, is too large, or is no picture that OpenAI takes.
    """
    return await form_file(part, f"image {number}", f"image-{number}", takes=_PICTURES, most_bytes=_MOST_BYTES)


async def mask_file(path: Path, picture: bytes | None, losses: list[str]) -> FormFile:
    """Return the file for the mask, which is transparent where to edit.

    Args:
        path: The user's own file.
        picture: The first image; None: only OpenAI has it.
        losses: Grows by what was changed about the mask.

    Raises:
        MediaError: It cannot be read, is too large, is nowhere transparent, or has another shape than its picture.
        MissingExtra: Pillow is not installed.
    """
    mask = await clear_mask(path, picture, most_bytes=_MOST_MASK_BYTES)
    losses += mask.changes
    return FormFile("mask.png", mask.data, *_PNG)


async def markup_file(path: Path) -> FormFile:
    """Return the file for the markup.

    Raises:
        MediaError: It cannot be read, is too large, or is no PNG.
    """
    return await form_file(path, "markup_path", "markup", takes=_PNG, most_bytes=_MOST_MASK_BYTES)
