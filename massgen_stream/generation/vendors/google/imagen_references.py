"""The images of a request to Imagen, numbered: a prompt may name them, as in ``a cat [2] in the style of [3]``.

https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api-customization#referenceimages; the
names of their settings are those that google-genai 3.4 sends.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ....errors import MediaError
from ....media.picture_masks import white_mask, widened
from ...choices import EditMode, MaskMode
from ...config import GenerationConfig, Part
from ...config_checks import ratio
from ...form_file import form_file
from .imagen_offer import is_masked

Data = dict[str, Any]
COMPUTED: Final = "computeControl"
"""Name in `extra_params`: the shapes are found in the control image, which then is any picture."""
_PICTURES: Final = ("image/png", "image/jpeg")
_MOST_BYTES: Final = 20 * 2**20
_MASK_MODES: Final[Mapping[MaskMode, str]] = {
    MaskMode.AUTO: "MASK_MODE_DEFAULT",
    MaskMode.FOREGROUND: "MASK_MODE_FOREGROUND",
    MaskMode.BACKGROUND: "MASK_MODE_BACKGROUND",
    MaskMode.SEMANTIC: "MASK_MODE_SEMANTIC",
    MaskMode.USER_PROVIDED: "MASK_MODE_USER_PROVIDED",
}


async def references_of(config: GenerationConfig, params: Mapping[str, Any], losses: list[str]) -> list[Data]:
    """Return the reference images: the one that is changed, mask, control, style, subject, contents; ids from 1.

    A mask is sent white where it was transparent. An image that is to be painted on beyond its edges is sent on a
    canvas of the shape that is asked for, with the mask of the rest.

    Args:
        config: What is asked for.
        params: The caller's own parameters.
        losses: Grows by what was changed about the images.

    Raises:
        MediaError: One cannot be read, or is none that Imagen takes; or a mask does not fit its image.
    """
    images = await _changed(config, losses)
    control = {"controlType": _word("CONTROL_TYPE", config.control_type), COMPUTED: params.get(COMPUTED)}
    subject = {
        "subjectType": _word("SUBJECT_TYPE", config.subject_type),
        "subjectDescription": config.subject_description,
    }
    style = {"styleDescription": config.style_description}
    for name, path, settings in (
        ("control", config.control_image_path, control),
        ("style", config.style_image_path, style),
        ("subject", config.subject_image_path, subject),
    ):
        if path is not None:
            images.append(_reference(name, await _image(_part(path), f"{name}_image_path"), settings))
    for number, part in enumerate(config.reference_images, 1):
        images.append(_reference("content", await _image(part, f"reference image {number}"), {}))
    return [{**image, "referenceId": number} for number, image in enumerate(images, 1)]


async def _changed(config: GenerationConfig, losses: list[str]) -> list[Data]:
    """Return the image that is changed, and its mask."""
    if not config.images:
        return []
    part, mode = config.images[0], config.edit_mode
    shape = ratio(config.aspect_ratio)
    if mode is EditMode.OUTPAINT and not is_masked(config) and shape is not None:
        made = await widened(part, shape)
        return [_reference("raw", _png(made.picture), {}), _mask(config, MaskMode.USER_PROVIDED, _png(made.mask))]
    raw = _reference("raw", await _image(part, "the input image"), {})
    if config.mask_path is not None:
        if "gcsUri" in raw["referenceImage"]:
            raise MediaError("a mask must fit its image, so give the image itself, not its address in Cloud Storage")
        white = await white_mask(_part(config.mask_path), part)
        losses += white.changes
        return [raw, _mask(config, config.mask_mode or MaskMode.USER_PROVIDED, _png(white.data))]
    usual = MaskMode.SEMANTIC if config.segmentation_classes else None
    if mode is EditMode.BACKGROUND_SWAP:
        usual = usual or MaskMode.BACKGROUND
    found = config.mask_mode or usual
    return [raw] if found is None else [raw, _mask(config, found, None)]


def _mask(config: GenerationConfig, mode: MaskMode, image: Data | None) -> Data:
    settings = {
        "maskMode": _MASK_MODES[mode],
        "maskClasses": list(config.segmentation_classes) or None,
        "dilation": config.mask_dilation,
    }
    return _reference("mask", image, settings)


def _reference(name: str, image: Data | None, settings: Data) -> Data:
    given = {name: value for name, value in settings.items() if value is not None}
    found: Data = {"referenceType": f"REFERENCE_TYPE_{name.upper()}"}
    found |= {} if image is None else {"referenceImage": image}
    return found | ({f"{name}ImageConfig": given} if given else {})


async def _image(part: Part, where: str) -> Data:
    url = part.get("url") or ""
    if url.startswith("gs://"):
        return {"gcsUri": url}
    file = await form_file(part, where, "", takes=_PICTURES, most_bytes=_MOST_BYTES)
    return {"bytesBase64Encoded": b64encode(file.data).decode(), "mimeType": file.mime_type}


def _png(data: bytes) -> Data:
    return {"bytesBase64Encoded": b64encode(data).decode(), "mimeType": "image/png"}


def _part(path: Path) -> Part:
    return {"type": "image", "path": str(path)}


def _word(kind: str, value: str | None) -> str | None:
    return None if value is None else f"{kind}_{value.upper()}"
