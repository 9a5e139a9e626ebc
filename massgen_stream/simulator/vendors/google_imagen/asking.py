"""What a request to Imagen asks for, checked as Google's servers check it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Final

from ...answers.proportions import proportioned
from ...body_fields import number_at, object_at, wrong_type
from ...request import Request
from ...vendor import BadRequest
from .imagen_ask import ImagenAsk
from .references import base_size

Body = Mapping[str, Any]
_MOST: Final = 4
_PARAMETERS: Final = frozenset((
    "addWatermark", "aspectRatio", "editConfig", "editMode", "enhancePrompt", "guidanceScale", "includeRaiReason",
    "includeSafetyAttributes", "language", "negativePrompt", "outputOptions", "personGeneration", "safetySetting",
    "sampleCount", "sampleImageSize", "seed", "storageUri",
))  # fmt: skip
_RATIOS: Final = ("1:1", "3:4", "4:3", "9:16", "16:9")
_SIZES: Final = ("1K", "2K")
_FORMS: Final = {"image/png": "png", "image/jpeg": "jpeg"}


def read_prediction(request: Request) -> ImagenAsk:
    """Return what a request asks for.

    Raises:
        BadRequest: It is none, or one that Google refuses.
    """
    body = request.json if isinstance(request.json, dict) else {}
    instance, parameters = _instance(body), object_at(body, "parameters")
    unknown = next((name for name in parameters if name not in _PARAMETERS), None)
    if unknown is not None:
        raise BadRequest(f"Unknown parameter: {unknown[:40]}", param=unknown)
    if parameters.get("seed") is not None and parameters.get("addWatermark") is not False:
        raise BadRequest("Seed is not supported when watermark is enabled.", param="seed")
    prompt = instance.get("prompt") or ""
    if not isinstance(prompt, str) or not (prompt or instance.get("referenceImages")):
        raise BadRequest("Text prompt is required.", param="prompt")
    base, images = base_size(instance, parameters.get("editMode"))
    form, compression = _output(parameters)
    return ImagenAsk(
        model=request.params["model"],
        prompt=prompt,
        input_characters=len(prompt),
        input_media=images,
        choices=number_at(parameters, "sampleCount", most=_MOST) or _MOST,
        size=base or _size(parameters),
        form=form,
        compression=compression,
    )


def _instance(body: Body) -> Body:
    instances = body.get("instances")
    if not isinstance(instances, list) or len(instances) != 1 or not isinstance(instances[0], dict):
        raise BadRequest("Exactly one instance is expected.", param="instances")
    return instances[0]


def _size(parameters: Body) -> tuple[int, int]:
    ratio, size = parameters.get("aspectRatio", _RATIOS[0]), parameters.get("sampleImageSize", _SIZES[0])
    found = proportioned(ratio, size) if ratio in _RATIOS and size in _SIZES else None
    if found is None:
        raise BadRequest(f"Image shape {str(ratio)[:20]} of size {str(size)[:20]} is not supported.")
    return found


def _output(parameters: Body) -> tuple[str, int | None]:
    options = object_at(parameters, "outputOptions")
    form, quality = _FORMS.get(options.get("mimeType", "image/png")), options.get("compressionQuality")
    if form is None or (form != "png" and find_spec("PIL") is None):
        raise BadRequest("The simulator makes image/png, and with Pillow image/jpeg.", param="outputOptions.mimeType")
    if quality is not None and (not isinstance(quality, int) or form == "png"):
        raise wrong_type("outputOptions.compressionQuality", "an integer, for image/jpeg")
    return form, quality
