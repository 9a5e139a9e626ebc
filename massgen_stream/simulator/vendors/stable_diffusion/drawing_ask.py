"""What a request for pictures asks for: checked as the server checks it, with its words."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ....errors import MediaError
from ....media.detection import HEAD_BYTES, detect
from ...ask import Ask
from ...request import Request
from ...vendor import BadRequest

SAMPLERS: Final = ("Euler a", "Euler", "DPM++ 2M", "DPM++ SDE", "DDIM", "UniPC", "LCM")
_NUMBERS: Final[Mapping[str, type]] = {
    "seed": int, "steps": int, "n_iter": int, "batch_size": int, "width": int, "height": int, "cfg_scale": float,
    "denoising_strength": float, "inpainting_fill": int, "resize_mode": int,
}  # fmt: skip
_MOST_SIDE: Final = 2048


class DrawingAsk(Ask, frozen=True):
    """One request.

    Attributes:
        host: Where it came: a server makes one thing at a time.
        size: Width and height in pixels.
        steps: Of each picture.
        seed: Of the first picture.
        told: Everything that was asked for, as the server repeats it.
    """

    host: str = ""
    size: tuple[int, int] = (512, 512)
    steps: int = 20
    seed: int = 0
    told: dict[str, Any] = msgspec.field(default_factory=dict)


def read_new(request: Request) -> DrawingAsk:
    """Return what ``txt2img`` asks for.

    Raises:
        BadRequest: It is refused.
    """
    return _read(request, _body(request))


def read_change(request: Request) -> DrawingAsk:
    """Return what ``img2img`` asks for.

    Raises:
        BadRequest: It is refused.
    """
    body = _body(request)
    images = body.get("init_images")
    if not isinstance(images, list) or not images:
        raise BadRequest("Init image not found", status=404)
    for image in [*images, *([body["mask"]] if body.get("mask") else [])]:
        _check_picture(image)
    return _read(request, body)


def _body(request: Request) -> dict[str, Any]:
    if not isinstance(request.json, dict):
        raise BadRequest("Input should be a valid dictionary", status=422)
    return request.json


def _read(request: Request, body: dict[str, Any]) -> DrawingAsk:
    for name, kind in _NUMBERS.items():
        value = body.get(name)
        if value is not None and (not isinstance(value, int | kind) or isinstance(value, bool)):
            raise BadRequest(f"{name}: Input should be a valid {'integer' if kind is int else 'number'}", status=422)
    if body.get("sampler_name", SAMPLERS[1]) not in SAMPLERS:
        raise BadRequest("Sampler not found", status=404)
    size = (body.get("width", 512) // 8 * 8, body.get("height", 512) // 8 * 8)
    if not all(0 < side <= _MOST_SIDE for side in size):
        raise BadRequest("CUDA out of memory. Tried to allocate 20.00 GiB.", status=500)
    settings = body.get("override_settings") or {}
    seed = body.get("seed", -1)
    return DrawingAsk(
        model=str(settings.get("sd_model_checkpoint") or "simulator"),
        prompt=str(body.get("prompt", "")),
        choices=max(1, body.get("n_iter", 1)) * max(1, body.get("batch_size", 1)),
        host=request.headers.get("host", ""),
        size=size,
        steps=body.get("steps", 20),
        seed=4_294_967 if seed < 0 else seed,
        told={name: value for name, value in body.items() if name not in ("init_images", "mask")},
    )


def _check_picture(image: object) -> None:
    try:
        data = b64decode(str(image).rpartition(",")[2], validate=True)
        detect(data[:HEAD_BYTES])
    except (ValueError, MediaError):
        raise BadRequest("Invalid encoded image", status=500) from None
