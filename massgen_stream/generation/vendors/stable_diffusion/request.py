"""A request for pictures in the words of AUTOMATIC1111's API.

Fields are those of ``StableDiffusionProcessingTxt2Img`` and ``StableDiffusionProcessingImg2Img`` in
https://github.com/AUTOMATIC1111/stable-diffusion-webui, ``modules/processing.py``.
"""

from __future__ import annotations

import math
from base64 import b64encode
from typing import Any, Final, NamedTuple

from ....media.probing import probe
from ....provider.stable_diffusion import HOST
from ...choices import EditMode
from ...config import GenerationConfig
from ...config_checks import pixels, ratio
from ...form_file import FormFile
from ...picture_changes import changed_picture
from .offer import STEP

_USUAL_PIXELS: Final = 512 * 512
"""As many as the server makes of its own; a model that wants more is asked with `size`."""
_LEAST_SIDE: Final = 64
_CROP: Final = 1
"""``resize_mode``: a picture is not stretched to another shape."""
_FILL, _ORIGINAL = 0, 1
"""``inpainting_fill``: what stands where the mask is white before it is painted."""
_SETTINGS: Final = "override_settings"


class DrawingRequest(NamedTuple):
    """One request.

    Attributes:
        path: ``/txt2img`` or ``/img2img``.
        body: Its JSON.
        pictures: How many are asked for.
        losses: What was changed about the mask, one line each.
    """

    path: str
    body: dict[str, Any]
    pictures: int
    losses: tuple[str, ...]


class _Given(NamedTuple):
    """A picture that is changed: its bytes, its mask, what was changed about that, and its size."""

    picture: FormFile
    mask: FormFile | None
    losses: tuple[str, ...]
    size: tuple[int, int]


async def drawing_request(config: GenerationConfig, model: str) -> DrawingRequest:
    """Return the request for *config*.

    Raises:
        MediaError: A picture or a mask cannot be read, or does not fit.
        MissingExtra: Pillow is not installed, and a picture is changed.
    """
    given = await _given(config) if config.images else None
    sides = _sides(config, given)
    body: dict[str, Any] = {
        "prompt": config.prompt,
        "negative_prompt": config.negative_prompt,
        "seed": config.seed,
        "steps": config.steps,
        "cfg_scale": config.guidance_scale,
        "sampler_name": config.sampler,
        "n_iter": config.n if config.n > 1 else None,  # one after the other, so that each has previews of its own
        "width": sides[0] if sides else None,
        "height": sides[1] if sides else None,
        **(_changes(config, given) if given is not None else {}),
        _SETTINGS: {"sd_model_checkpoint": model} if model != HOST.default_model else None,
    }
    path = "/txt2img" if given is None else "/img2img"
    stated = {name: value for name, value in body.items() if value is not None}
    losses = () if given is None else given.losses
    return DrawingRequest(path, _with_extra(stated, config.extra_params), config.n, losses)


def _changes(config: GenerationConfig, given: _Given) -> dict[str, Any]:
    """Return what is said of a picture that is changed."""
    widens = config.edit_mode is EditMode.OUTPAINT
    of_mask = {
        "mask": _base64(given.mask),
        "inpainting_fill": _FILL if widens else _ORIGINAL,
        "inpaint_full_res": False,  # the whole picture is seen, not only what is masked
    }
    return {
        "init_images": [_base64(given.picture)],
        "denoising_strength": config.strength,
        "resize_mode": _CROP,
        **(of_mask if given.mask is not None else {}),
    }


async def _given(config: GenerationConfig) -> _Given:
    changed = await changed_picture(config)
    seen = (await probe(changed.picture.data)).metadata
    return _Given(*changed, (seen.width or 0, seen.height or 0))


def _sides(config: GenerationConfig, given: _Given | None) -> tuple[int, int] | None:
    """Return width and height: as asked for, else those of the picture that is changed; None: the server's own."""
    shape, sides = ratio(config.aspect_ratio), pixels(config.size)
    if sides is not None:
        return sides
    if given is not None and (shape is None or config.edit_mode is EditMode.OUTPAINT):
        return _side(given.size[0]), _side(given.size[1])
    if shape is None:
        return None
    area = given.size[0] * given.size[1] if given is not None else _USUAL_PIXELS
    return _side(math.sqrt(area * shape)), _side(math.sqrt(area / shape))


def _side(length: float) -> int:
    return max(_LEAST_SIDE, round(length / STEP) * STEP)


def _with_extra(body: dict[str, Any], extra: dict[str, Any]) -> dict[str, Any]:
    """Return the request with the caller's own parameters; settings of both are kept."""
    settings = {**body.get(_SETTINGS, {}), **(extra.get(_SETTINGS) or {})}
    return {**body, **extra, **({_SETTINGS: settings} if settings else {})}


def _base64(file: FormFile | None) -> str | None:
    return None if file is None else b64encode(file.data).decode("ascii")
