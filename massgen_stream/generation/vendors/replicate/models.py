"""What models on Replicate call their inputs: each has a schema of its own.

From their pages, such as https://replicate.com/stability-ai/stable-diffusion-3.5-large/api, and the schemas that
Replicate answers (``/v1/models/{owner}/{name}/versions/{id}``).
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from ....stream_chunk.kinds import MediaType
from ...config import OPTIONS

IMAGE_MODEL: Final = "stability-ai/stable-diffusion-3.5-large"
VIDEO_MODEL: Final = "bytedance/seedance-2.0"


class Inputs(NamedTuple):
    """Inputs of a kind of models.

    Attributes:
        fields: Their names, by the option that they take; `size` has two, with a comma between them.
        are_known: Whether they are the model's own; else they are those that most models have.
    """

    fields: Mapping[str, str]
    are_known: bool = True


def inputs_of(model: str, media_type: MediaType) -> Inputs:
    """Return the inputs of a model, which may name a version behind a colon."""
    name = model.partition(":")[0]
    found = next((fields for pattern, fields in _MODELS.items() if fnmatchcase(name, pattern)), None)
    return Inputs(_USUAL[media_type], are_known=False) if found is None else Inputs(found)


def _named(words: str, **renamed: str) -> Mapping[str, str]:
    fields = {word: word for word in words.split()} | renamed
    return {name: field for name, field in fields.items() if name in OPTIONS}


_SD_3: Final = {"guidance_scale": "cfg"}
_OF_IMAGE: Final = {"input_images": "image", "strength": "prompt_strength"}
_CODED: Final = {"output_compression": "output_quality"}
_DIFFUSION: Final = {"size": "width,height", "n": "num_outputs", "steps": "num_inference_steps"}
_MODELS: Final[Mapping[str, Mapping[str, str]]] = {
    "stability-ai/stable-diffusion-3.5-large-turbo": _named(
        "negative_prompt aspect_ratio seed output_format", **_SD_3, **_OF_IMAGE
    ),
    "stability-ai/stable-diffusion-3.5-*": _named(
        "aspect_ratio steps seed output_format", **_SD_3, **_OF_IMAGE, **_CODED
    ),
    "stability-ai/stable-diffusion-3": _named("negative_prompt aspect_ratio seed output_format", **_SD_3, **_CODED),
    "*/*sdxl*": _named(
        "negative_prompt guidance_scale seed", **_DIFFUSION, **_OF_IMAGE, mask_path="mask", sampler="scheduler"
    ),
    "stability-ai/stable-diffusion": _named(
        "negative_prompt guidance_scale seed", **_DIFFUSION, sampler="scheduler"
    ),
    "bytedance/seedance-2.*": _named(
        "reference_images duration aspect_ratio generate_audio seed",
        input_images="image", last_frame="last_frame_image", input_videos="reference_videos",
        input_audios="reference_audios", size="resolution",
    ),
}  # fmt: skip
_USUAL: Final[Mapping[MediaType, Mapping[str, str]]] = {
    MediaType.IMAGE: _named(
        "negative_prompt aspect_ratio guidance_scale seed output_format",
        **_DIFFUSION, **_OF_IMAGE, **_CODED, mask_path="mask", sampler="scheduler",
    ),
    MediaType.VIDEO: _named(
        "negative_prompt aspect_ratio duration generate_audio seed", input_images="image", size="resolution"
    ),
}  # fmt: skip
ALL: Final[Mapping[MediaType, frozenset[str]]] = {
    MediaType.IMAGE: frozenset((*_USUAL[MediaType.IMAGE], "edit_mode", "mask_mode")) - {"n"},  # known to all offers
    MediaType.VIDEO: frozenset((*_USUAL[MediaType.VIDEO], *_MODELS["bytedance/seedance-2.*"])),
}
"""Options that some model takes."""
