"""What models on Replicate take: that depends on the model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ....stream_chunk.kinds import MediaType
from ...address_segments import is_address_segment
from ...choices import EditMode, MaskMode
from ...config import GenerationConfig
from ...config_checks import pixels, ratio
from ...offer import Offer
from .models import Inputs, inputs_of

_MODEL: Final = re.compile(r"[\w.-]+/[\w.-]+(?::\S+)?")
_MASKED: Final = (EditMode.INPAINT, EditMode.OUTPAINT)
_TASKS: Final = ("edit_mode", "mask_mode")
_SHAPES: Final = ("aspect_ratio", "size")
"""They say how much is painted around a picture."""


class ReplicateOffer(Offer, frozen=True, kw_only=True):
    """Media by any of the models.

    Attributes:
        kind: Kind of medium.
    """

    kind: MediaType

    def knows(self, option: str, config: GenerationConfig) -> bool:
        """Return whether the model has an input for an option."""
        if config.edit_mode is EditMode.OUTPAINT and option in _SHAPES:
            return True
        return super().knows(option, config) and (option in _TASKS or option in self._inputs(config).fields)

    def at_once(self, config: GenerationConfig) -> int:
        """Return how many media one prediction brings at most."""
        return self.most if "n" in self._inputs(config).fields else 1

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that the model does not take."""
        yield from super().faults(config)
        model = config.model or self.default_model
        if _MODEL.fullmatch(model) is None or not all(map(is_address_segment, model.partition(":")[0].split("/"))):
            yield f"model is {model!r}; it takes owner/name, or owner/name:version"
        if config.edit_mode in _MASKED and "mask_path" not in self._inputs(config).fields:
            yield f"{model} has no input for a mask, which edit_mode {config.edit_mode} needs"
        yield from _of_values(config, self.kind)

    def _inputs(self, config: GenerationConfig) -> Inputs:
        return inputs_of(config.model or self.default_model, self.kind)


def _of_values(config: GenerationConfig, kind: MediaType) -> Iterator[str]:
    mode, given = config.edit_mode, (*config.images, *config.reference_images, *config.input_videos)
    if any("file_id" in part for part in given):
        yield "it takes URLs and the bytes of media, no file ids"
    if kind is MediaType.IMAGE and config.size is not None and pixels(config.size) is None:
        yield f"size is {config.size}; it takes pixels such as 1024x768"
    if config.duration is not None and not float(config.duration).is_integer():
        yield f"duration is {config.duration:g} s; it makes whole seconds"
    if config.mask_mode not in (None, MaskMode.USER_PROVIDED):
        yield f"mask_mode is {config.mask_mode}; it makes no mask itself: give mask_path"
    if mode is not None and not config.images:
        yield f"edit_mode {mode} needs input_images"
    if mode is EditMode.INPAINT and config.mask_path is None:
        yield "edit_mode inpaint needs a mask_path"
    if mode is EditMode.OUTPAINT and pixels(config.size) is None and ratio(config.aspect_ratio) is None:
        yield "edit_mode outpaint needs the shape of the wider picture: give aspect_ratio, or size"
