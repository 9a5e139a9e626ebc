"""What a Stable Diffusion server takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...choices import EditMode, MaskMode
from ...config import GenerationConfig
from ...config_checks import pixels, ratio
from ...offer import Offer

STEP: Final = 8
"""Sides are multiples of it: https://github.com/AUTOMATIC1111/stable-diffusion-webui, ``modules/processing.py``."""


class StableDiffusionOffer(Offer, frozen=True, kw_only=True):
    """Pictures of any size that the graphics card can hold."""

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return the shape beside a size, and how far no picture may be changed."""
        shape = {} if config.size is None else {"aspect_ratio": "size says it"}
        return shape if config.images else {**shape, "strength": "no picture is changed"}

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        sides = pixels(config.size)
        if config.size is not None and (sides is None or any(side % STEP for side in sides)):
            yield f"size is {config.size}; it takes pixels whose sides are multiples of {STEP}, such as 768x512"
        if any("file_id" in part for part in config.images):
            yield "it takes the bytes of images, no file ids"
        if config.mask_mode not in (None, MaskMode.USER_PROVIDED):
            yield f"mask_mode is {config.mask_mode}; a server without extensions makes no mask: give mask_path"
        yield from _of_task(config)


def _of_task(config: GenerationConfig) -> Iterator[str]:
    mode = config.edit_mode
    if mode is not None and mode in (EditMode.EDIT, EditMode.INPAINT, EditMode.OUTPAINT) and not config.images:
        yield f"edit_mode {mode} needs input_images"
    if mode is EditMode.INPAINT and config.mask_path is None:
        yield "edit_mode inpaint needs a mask_path"
    if mode is EditMode.OUTPAINT and config.mask_path is not None:
        yield "edit_mode outpaint paints around the picture, which leaves no place for a mask_path"
    if mode is EditMode.OUTPAINT and pixels(config.size) is None and ratio(config.aspect_ratio) is None:
        yield "edit_mode outpaint needs the shape of the wider picture: give aspect_ratio, or size"
