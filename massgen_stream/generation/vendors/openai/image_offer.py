"""What OpenAI's image models take, https://developers.openai.com/api/docs/guides/image-generation.

The figures are those that the openai SDK 3.51 states of the parameters of `images.generate` and `images.edit`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Final

from ...choices import Background, EditMode, MaskMode, OutputFormat
from ...config import GenerationConfig, Part
from ...config_checks import pixels
from ...offer import Offer
from .deprecations import DEPRECATIONS

OPTIONS: Final = frozenset((
    "aspect_ratio", "background", "edit_mode", "input_images", "mask_mode", "mask_path", "output_compression",
    "output_format", "partial_images", "quality", "reference_images", "size",
))  # fmt: skip
"""What both of OpenAI's APIs for images know."""
FORMATS: Final = (OutputFormat.PNG, OutputFormat.JPEG, OutputFormat.WEBP, OutputFormat.GIF, OutputFormat.SVG)
EDIT_MODES: Final = frozenset((EditMode.EDIT, EditMode.INPAINT))
MOST_IMAGES: Final = 16
IMAGE_TOOL: Final = "image_generation"
"""Of `extra_params`: asks for the tool of that name, with true or an object of its settings."""
MOST_PREVIEWS: Final = 3
_USUAL_PREVIEWS: Final = 2
UNSTREAMED: Final = (OutputFormat.GIF, OutputFormat.SVG)
"""Formats that come without previews, in one document."""

SIZES: Final[Mapping[str, str]] = {
    "auto": "auto",
    "1:1": "1024x1024",
    "3:2": "1536x1024",
    "2:3": "1024x1536",
    "4:3": "1536x1152",
    "3:4": "1152x1536",
    "5:4": "1280x1024",
    "4:5": "1024x1280",
    "16:9": "1536x864",
    "9:16": "864x1536",
    "2:1": "1536x768",
    "1:2": "768x1536",
    "21:9": "1344x576",
    "3:1": "1536x512",
    "1:3": "512x1536",
}
"""The size for an aspect ratio; sides are divisible by 16, and the first four go with every model."""

RETIRED: Final = {
    "gpt-image-1": f"shut down on 2026-10-23; {DEPRECATIONS}",
    **dict.fromkeys(("dall-e-2", "dall-e-3"), f"shut down on 2026-05-12; {DEPRECATIONS}"),
}
_FEW_SIZES: Final = ("gpt-image-1*", "chatgpt-image-*")
"""Models that take the standard sizes only."""
_ANY_SIZE: Final = ("gpt-image-2*",)
_STANDARD: Final = ("auto", "1024x1024", "1536x1024", "1024x1536")
_STEP: Final = 16
_MOST_SIDE, _MOST_SHORT_SIDE, _MOST_RATIO = 3840, 2160, 3
_COMPRESSED: Final = (OutputFormat.JPEG, OutputFormat.WEBP)
_OPAQUE: Final = (OutputFormat.JPEG, OutputFormat.GIF)


class OpenAIImageOffer(Offer, frozen=True, kw_only=True):
    """Images by OpenAI's models, with what goes together and what does not.

    A model that is none of OpenAI's, on a host that speaks its API, may have any size.

    Attributes:
        takes_file_ids: Whether images may be such as OpenAI has already.
    """

    takes_file_ids: ClassVar[bool] = False

    def left_out(self, config: GenerationConfig) -> dict[str, str]:
        """Return what has no say: the shape beside a size, and previews of several images, or of none."""
        found = {} if config.size is None else {"aspect_ratio": "size says it"}
        several = min(config.n, self.at_once(config)) > 1 and bool(config.partial_images)
        return found | ({"partial_images": "only a single image is streamed"} if several else {})

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        yield from _of_size(config, self.image_model(config))
        yield from _of_form(config)
        yield from _of_edit(config)
        if not self.takes_file_ids and any("file_id" in part for part in given_images(config)):
            yield "it takes the bytes of images, no file ids"

    def image_model(self, config: GenerationConfig) -> str:
        """Return the model that makes the image."""
        return config.model or self.default_model


class OpenAIImagesOffer(OpenAIImageOffer, frozen=True, kw_only=True):
    """Images by the Images API."""

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        if config.extra_params.get(IMAGE_TOOL):
            yield f"extra_params ask for the tool {IMAGE_TOOL}, which is a language model's"


def size_of(config: GenerationConfig) -> str | None:
    """Return the size that is asked for, in OpenAI's words; None: not asked for."""
    return config.size or SIZES.get(config.aspect_ratio or "")


def is_edit(config: GenerationConfig) -> bool:
    """Return whether images are changed, or things are taken from images."""
    return bool(given_images(config))


def given_images(config: GenerationConfig) -> tuple[Part, ...]:
    """Return all images that are given, in the order in which they are sent."""
    return (*config.images, *config.reference_images)


def picture_fields(config: GenerationConfig) -> dict[str, Any]:
    """Return what is asked of the picture, under the names that both of OpenAI's APIs have."""
    form, background = config.output_format, config.background
    fields = {
        "size": size_of(config),
        "quality": config.quality,
        "background": None if background is None else background.value,
        "output_format": None if form is None else form.value,
        "output_compression": config.output_compression,
    }
    return {name: value for name, value in fields.items() if value is not None}


def previews_of(config: GenerationConfig) -> int:
    """Return how many previews are asked for."""
    return _USUAL_PREVIEWS if config.partial_images is None else config.partial_images


def _of_size(config: GenerationConfig, model: str) -> Iterator[str]:
    size = size_of(config)
    if size is None:
        return
    if _is_one_of(model, _FEW_SIZES) and size not in _STANDARD:
        yield f"size is {size}; {model} makes {', '.join(_STANDARD)}"
    elif _is_one_of(model, _ANY_SIZE) and size != "auto":
        asked = pixels(size)
        if asked is None or not _is_makeable(*asked):
            yield (
                f"size is {size}; {model} makes auto, and sides divisible by {_STEP}, up to"
                f" {_MOST_SIDE}x{_MOST_SHORT_SIDE}, from 1:{_MOST_RATIO} to {_MOST_RATIO}:1"
            )


def _is_makeable(width: int, height: int) -> bool:
    short, long = sorted((width, height))
    fits = long <= _MOST_SIDE and short <= _MOST_SHORT_SIDE and long <= _MOST_RATIO * short
    return fits and width % _STEP == 0 and height % _STEP == 0


def _of_form(config: GenerationConfig) -> Iterator[str]:
    form = config.output_format or OutputFormat.PNG
    if config.output_compression is not None and form not in _COMPRESSED:
        yield f"output_compression goes with {' and '.join(_COMPRESSED)}, not with {form}"
    if config.background is Background.TRANSPARENT and form in _OPAQUE:
        yield f"a transparent background goes with png and webp, not with {form}"
    if config.partial_images is not None and config.partial_images > MOST_PREVIEWS:
        yield f"partial_images is {config.partial_images}; it sends at most {MOST_PREVIEWS}"
    if config.partial_images and form in UNSTREAMED:
        yield f"{form} comes without partial_images"
    if form is OutputFormat.SVG and config.n > 1:
        yield f"n is {config.n}; it makes one svg at a time"
    if form is OutputFormat.GIF and config.mask_path is not None:
        yield "gif goes without a mask"


def _of_edit(config: GenerationConfig) -> Iterator[str]:
    if config.mask_path is not None and config.markup_path is not None:
        yield "it takes a mask or markup, not both"
    if config.mask_mode not in (None, MaskMode.USER_PROVIDED):
        yield f"mask_mode is {config.mask_mode}; it makes no mask itself: give mask_path"
    if config.edit_mode is EditMode.EDIT and not is_edit(config) and config.continue_from is None:
        yield "edit_mode edit needs input_images"
    if config.edit_mode is EditMode.INPAINT and config.mask_path is None:
        yield "edit_mode inpaint needs a mask_path"


def _is_one_of(model: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(model, pattern) for pattern in patterns)
