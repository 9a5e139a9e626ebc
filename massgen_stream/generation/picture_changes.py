"""The picture that a diffusion model changes, and the mask that is white where it does so."""

from __future__ import annotations

from typing import Final, NamedTuple

from ..media.picture_masks import white_mask, widened
from .choices import EditMode
from .config import GenerationConfig
from .config_checks import pixels, ratio
from .form_file import FormFile, form_file

_PICTURES: Final = ("image/png", "image/jpeg", "image/webp")
_MOST_BYTES: Final = 50 * 2**20
_PNG: Final = "image/png"


class Changed(NamedTuple):
    """What is given.

    Attributes:
        picture: On a larger canvas, where something is to be painted around it.
        mask: White where it is to be changed; None: everywhere.
        losses: What was changed about the mask, one line each.
    """

    picture: FormFile
    mask: FormFile | None
    losses: tuple[str, ...] = ()


async def changed_picture(config: GenerationConfig) -> Changed:
    """Return the first input image, and its mask: the user's is transparent where it is to be changed.

    Raises:
        MediaError: A picture or a mask cannot be read, or does not fit.
        MissingExtra: Pillow is not installed, and there is a mask.
    """
    file = await form_file(config.images[0], "the input image", "image", takes=_PICTURES, most_bytes=_MOST_BYTES)
    if config.edit_mode is EditMode.OUTPAINT:
        sides = pixels(config.size)
        shape = sides[0] / sides[1] if sides else ratio(config.aspect_ratio)
        wide = await widened(file.data, shape or 1.0)
        return Changed(FormFile("image.png", wide.picture, _PNG), FormFile("mask.png", wide.mask, _PNG))
    if config.mask_path is None:
        return Changed(file, None)
    mask = await white_mask(config.mask_path, file.data)
    return Changed(file, FormFile("mask.png", mask.data, _PNG), mask.changes)
