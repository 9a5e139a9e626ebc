"""What Imagen takes, through Google Cloud.

https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api, and imagen-api-edit and
imagen-api-customization beside it; the figures are those that google-genai 3.4 states.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Final

from ...choices import EditMode, MaskMode, OutputFormat
from ...config import GenerationConfig
from ...offer import Offer
from .image_offer import API

RATIOS: Final = ("1:1", "3:4", "4:3", "9:16", "16:9")
SIZES: Final = ("1K", "2K")
MOST: Final = 4
FORMATS: Final = (OutputFormat.PNG, OutputFormat.JPEG)
RETIRED: Final = {
    "imagen-*": "Google has announced to shut it down on 2026-08-17; gemini-nano-banana-2.1 makes and changes images",
}
EDIT_MODES: Final[Mapping[EditMode, str]] = {
    EditMode.EDIT: "EDIT_MODE_DEFAULT",
    EditMode.INPAINT: "EDIT_MODE_INPAINT_INSERTION",
    EditMode.INPAINT_INSERTION: "EDIT_MODE_INPAINT_INSERTION",
    EditMode.INPAINT_REMOVAL: "EDIT_MODE_INPAINT_REMOVAL",
    EditMode.OUTPAINT: "EDIT_MODE_OUTPAINT",
    EditMode.BACKGROUND_SWAP: "EDIT_MODE_BGSWAP",
    EditMode.CONTROLLED: "EDIT_MODE_CONTROLLED_EDITING",
    EditMode.STYLE: "EDIT_MODE_STYLE",
    EditMode.PRODUCT: "EDIT_MODE_PRODUCT_IMAGE",
}
CONTROL_TYPES: Final = ("default", "canny", "scribble", "face_mesh")
SUBJECT_TYPES: Final = ("default", "person", "animal", "product")
_ONE_SIZE: Final = "imagen-3.*"
_MASKED: Final = (EditMode.INPAINT, EditMode.INPAINT_INSERTION, EditMode.INPAINT_REMOVAL)
_OF_IMAGE: Final = (*_MASKED, EditMode.OUTPAINT, EditMode.BACKGROUND_SWAP, EditMode.EDIT, EditMode.PRODUCT)
_MOST_CLASSES: Final = 5
_PATHS: Final = ("style_image_path", "control_image_path", "subject_image_path")


class ImagenOffer(Offer, frozen=True, kw_only=True):
    """New images."""

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        model = config.model or self.default_model
        if config.size in self.sizes and fnmatchcase(model, _ONE_SIZE):
            yield f"size is {config.size}; {model} makes one size"
        if API in config.extra_params:
            yield f"{API} is a word of Gemini's models; Imagen has one way"
        if config.output_compression is not None and config.output_format is not OutputFormat.JPEG:
            yield "output_compression goes with output_format jpeg"


class ImagenEditOffer(ImagenOffer, frozen=True, kw_only=True):
    """Images made of others: one that is changed, with or without a mask, and those that things are taken from."""

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return the shape, where the canvas that a mask belongs to has one."""
        widens = config.edit_mode is EditMode.OUTPAINT and is_masked(config)
        return {"aspect_ratio": "the picture is painted on within its own edges, as the mask says"} if widens else {}

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        yield from _of_references(config)
        yield from _of_words(config)
        yield from _of_mask(config)
        yield from _of_mode(config)


def is_masked(config: GenerationConfig) -> bool:
    """Return whether a mask is given, or asked for."""
    return config.mask_path is not None or config.mask_mode is not None or bool(config.segmentation_classes)


def _of_references(config: GenerationConfig) -> Iterator[str]:
    if not config.images and not config.reference_images and all(getattr(config, name) is None for name in _PATHS):
        yield f"it needs input_images, reference_images or one of {', '.join(_PATHS)}"
    if config.style_description is not None and config.style_image_path is None:
        yield "style_description needs a style_image_path"
    for part in (*config.images, *config.reference_images):
        if part.get("file_id") is not None:
            yield "it takes the bytes of images, or gs:// addresses, no file ids"


def _of_words(config: GenerationConfig) -> Iterator[str]:
    for name, known in (("control_type", CONTROL_TYPES), ("subject_type", SUBJECT_TYPES)):
        value = getattr(config, name)
        if value is not None and value.lower() not in known:
            yield f"{name} is {value}; it takes {', '.join(known)}"


def _of_mask(config: GenerationConfig) -> Iterator[str]:
    classes, mode = config.segmentation_classes, config.mask_mode
    if classes and mode not in (None, MaskMode.SEMANTIC):
        yield f"segmentation_classes go with mask_mode semantic, not with {mode}"
    if classes and config.mask_path is not None:
        yield "segmentation_classes make the mask themselves; leave mask_path out"
    if len(classes) > _MOST_CLASSES:
        yield f"{len(classes)} segmentation_classes; it takes at most {_MOST_CLASSES}"
    if mode is MaskMode.SEMANTIC and not classes:
        yield "mask_mode semantic needs segmentation_classes"
    if config.mask_dilation is not None and not is_masked(config):
        yield "mask_dilation needs a mask_path or a mask_mode"


def _of_mode(config: GenerationConfig) -> Iterator[str]:
    mode = config.edit_mode
    if mode in _OF_IMAGE and not config.images:
        yield f"edit_mode {mode} needs input_images"
    if mode in _MASKED and not is_masked(config):
        yield f"edit_mode {mode} needs a mask_path or a mask_mode"
    if mode is EditMode.OUTPAINT and not is_masked(config) and config.aspect_ratio is None:
        yield "edit_mode outpaint needs an aspect_ratio, or a mask_path that is transparent where nothing is painted"
