"""What Gemini's image models take, https://ai.google.dev/gemini-api/docs/image-generation.

Shapes and sizes are those that google-genai 3.4 states for the image output of an interaction; what a model makes
differs, and so does the day on which it is shut down: https://ai.google.dev/gemini-api/docs/deprecations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from ....provider.gemini import SPEC
from ...choices import EditMode, OutputFormat
from ...config import GenerationConfig
from ...offer import Offer

API: Final = "api"
"""Name in `extra_params` that chooses the way."""
GENERATE_CONTENT, INTERACTIONS = "generate_content", "interactions"
RATIOS: Final = (
    "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "1:4", "4:1", "1:8", "8:1",
)  # fmt: skip
MOST_IMAGES: Final = 14
CODING: Final = ("output_format", "output_compression")
"""How images are coded: options that only some ways to the models have."""
_SIZES: Final = ("512", "1K", "2K", "4K")
_SIZES_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "gemini-2.5-*": (),
    "gemini-3-pro-image*": _SIZES[1:],
    "gemini-nano-banana-2.1": _SIZES[1:],
}
"""Models that make fewer."""
_RETIRED: Final = {model: why for model, why in SPEC.retired.items() if "-image" in model}


class GoogleImageOffer(Offer, frozen=True, kw_only=True):
    """Images by Gemini's models.

    Attributes:
        enterprise: Whether they are reached through Google Cloud in any case.
    """

    enterprise: bool = False

    def knows(self, option: str, config: GenerationConfig) -> bool:
        """Return whether it has an option; each API has others for how images are coded."""
        if option not in CODING:
            return super().knows(option, config)
        if config.extra_params.get(API) == INTERACTIONS:
            return option == "output_format" and config.output_format is not OutputFormat.PNG
        return self.enterprise or bool(config.extra_params.get("enterprise"))

    def faults(self, config: GenerationConfig) -> Iterator[str]:
        """Yield the values of *config* that it does not take."""
        yield from super().faults(config)
        images = len(config.images) + len(config.reference_images)
        if images > MOST_IMAGES:
            yield f"{images} images; it takes at most {MOST_IMAGES}"
        sizes = sizes_of(config.model or self.default_model)
        if config.size in self.sizes and config.size not in sizes:
            yield f"size is {config.size}; {config.model or self.default_model} makes {', '.join(sizes) or 'one size'}"
        if config.edit_mode is EditMode.EDIT and not images and config.continue_from is None:
            yield "edit_mode edit needs input_images, or continue_from"
        if config.extra_params.get(API, GENERATE_CONTENT) not in (GENERATE_CONTENT, INTERACTIONS):
            yield f"{API} is {config.extra_params[API]}; it takes {GENERATE_CONTENT}, {INTERACTIONS}"


def image_offer(**fields: Any) -> GoogleImageOffer:
    """Return what every door to the models offers, with its own *fields*."""
    return GoogleImageOffer(
        default_model="gemini-nano-banana-2.1",
        models=("gemini-nano-banana-*", "gemini-*-image*", "nano-banana-*"),
        options=frozenset((
            "aspect_ratio", "edit_mode", "input_images", "output_compression", "output_format", "partial_images",
            "reference_images", "seed", "size",
        )),
        sizes=_SIZES,
        aspect_ratios=RATIOS,
        formats=(OutputFormat.PNG, OutputFormat.JPEG),
        edit_modes=frozenset((EditMode.EDIT,)),
        continuation="gemini_chat",
        retired=_RETIRED,
        **fields,
    )  # fmt: skip


def sizes_of(model: str) -> tuple[str, ...]:
    """Return the sizes that a model makes; those of all for a model that is not known."""
    return next((sizes for pattern, sizes in _SIZES_OF.items() if fnmatchcase(model, pattern)), _SIZES)
